// The numbers of the table's file format, shared by the builder that writes it and the reader.
// docs/place.md draws the layout; change FORMAT_VERSION with any change of it.

/** First four bytes, "LKPT". */
export const MAGIC = 0x4c4b5054
export const FORMAT_VERSION = 2

/** magic u32, version u16, zero u16, date u32 (decimal yyyymmdd), file length u32, seven sections. */
export const HEADER_BYTES = 72
export const SECTIONS_AT = 16

/** A section's place in the header: offset u32 and length u32. */
export const SECTION_ENTRY_BYTES = 8

export const SECTION_NAMES = [
  'countries',
  'providers',
  'operators',
  'countryV4',
  'countryV6',
  'networkV4',
  'networkV6',
] as const

export type SectionName = (typeof SECTION_NAMES)[number]

/** A block's index entry: first key as two u32 (high, low) and the block's offset u32. */
export const BLOCK_ENTRY_BYTES = 12

/** Changes of value per block: what one lookup reads at most, against 12 index bytes per block. */
export const CHANGES_PER_BLOCK = 64

/** An operator's entry: its AS number, u32. */
export const OPERATOR_BYTES = 4

/**
 * A value of the network sections: 0 nobody, odd a data centre or relay by its name, even whoever connects people by an AS
 * number. `place` counts from 1 in the list of each, so that the most frequent of both have the shortest values.
 */
export const networkValue = {
  ofProvider: (place: number): number => place * 2 - 1,
  ofOperator: (place: number): number => place * 2,
} as const
