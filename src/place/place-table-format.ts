// The numbers of the table's file format, shared by the builder that writes it and the reader.
// docs/place.md draws the layout; change FORMAT_VERSION with any change of it.

/** First four bytes, "LKPT". */
export const MAGIC = 0x4c4b5054
export const FORMAT_VERSION = 1

/** magic u32, version u16, zero u16, date u32 (decimal yyyymmdd), file length u32, six sections. */
export const HEADER_BYTES = 64
export const SECTIONS_AT = 16

/** A section's place in the header: offset u32 and length u32. */
export const SECTION_ENTRY_BYTES = 8

export const SECTION_NAMES = [
  'countries',
  'providers',
  'countryV4',
  'countryV6',
  'hostingV4',
  'hostingV6',
] as const

export type SectionName = (typeof SECTION_NAMES)[number]

/** A block's index entry: first key as two u32 (high, low) and the block's offset u32. */
export const BLOCK_ENTRY_BYTES = 12

/** Changes of value per block: what one lookup reads at most, against 12 index bytes per block. */
export const CHANGES_PER_BLOCK = 64
