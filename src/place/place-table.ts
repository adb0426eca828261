// Reads the compact table of places. Opening checks the header and nothing else, and a lookup
// decodes one block, because a Worker pays for every millisecond of its start. A file that is not
// a table of this version is a broken build and throws.
import type { IpAddress } from './ip-address.ts'
import {
  BLOCK_ENTRY_BYTES,
  FORMAT_VERSION,
  HEADER_BYTES,
  MAGIC,
  OPERATOR_BYTES,
  SECTION_ENTRY_BYTES,
  SECTION_NAMES,
  SECTIONS_AT,
  type SectionName,
} from './place-table-format.ts'

/** A view of one section; its offsets are relative to its own start. */
type Sections = Readonly<Record<SectionName, DataView>>

export type PlaceTable = {
  /** Day of the data, `YYYY-MM-DD`. */
  readonly dataDate: string
  readonly sections: Sections
}

/** Two unsigned 32-bit halves: an IPv4 address in the low one, or the first 64 bits of IPv6. */
type Key = { readonly high: number; readonly low: number }

const TWO_POW_32 = 2 ** 32

/** Opens the file in constant time. Throws on a foreign, cut or differently versioned file. */
export function openPlaceTable(bytes: ArrayBuffer): PlaceTable {
  const view = new DataView(bytes)
  if (view.byteLength < HEADER_BYTES || view.getUint32(0) !== MAGIC) {
    throw new Error('place table: this is not a place table file')
  }
  const version = view.getUint16(4)
  if (version !== FORMAT_VERSION) {
    throw new Error(`place table: format ${version}, but this reader knows ${FORMAT_VERSION}`)
  }
  if (view.getUint32(12) !== view.byteLength) {
    throw new Error(`place table: ${view.byteLength} bytes, but ${view.getUint32(12)} were written`)
  }
  const section = (name: SectionName): DataView => {
    const entry = SECTIONS_AT + SECTION_NAMES.indexOf(name) * SECTION_ENTRY_BYTES
    return new DataView(bytes, view.getUint32(entry), view.getUint32(entry + 4))
  }
  const date = String(view.getUint32(8))
  return {
    dataDate: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`,
    sections: {
      countries: section('countries'),
      providers: section('providers'),
      operators: section('operators'),
      countryV4: section('countryV4'),
      countryV6: section('countryV6'),
      networkV4: section('networkV4'),
      networkV6: section('networkV6'),
    },
  }
}

/** ISO 3166-1 alpha-2 code (or XK) of the country an address appears to be in. */
export function lookupCountry(table: PlaceTable, address: IpAddress): string | null {
  const { countries, countryV4, countryV6 } = table.sections
  const ranges = address.version === 4 ? countryV4 : countryV6
  return readName(countries, findValue(ranges, keyOf(address)))
}

/** Whose network an address appears to be in: a data centre or relay by name, or whoever connects people by number. */
export type Network = { readonly hosting: string | null; readonly asn: number | null }

const NOBODY: Network = { hosting: null, asn: null }

/** Of the AS numbers of one operator, always the same; neither where the table names nobody. */
export function lookupNetwork(table: PlaceTable, address: IpAddress): Network {
  const { providers, operators, networkV4, networkV6 } = table.sections
  const value = findValue(address.version === 4 ? networkV4 : networkV6, keyOf(address))
  if (value === 0) return NOBODY
  if (value % 2 === 1) return { hosting: readName(providers, (value + 1) / 2), asn: null }
  return { hosting: null, asn: operators.getUint32((value / 2 - 1) * OPERATOR_BYTES) }
}

function keyOf(address: IpAddress): Key {
  const view = new DataView(address.bytes.buffer, address.bytes.byteOffset)
  return address.version === 4
    ? { high: 0, low: view.getUint32(0) }
    : { high: view.getUint32(0), low: view.getUint32(4) }
}

/** The value that holds at `key`: that of the last change at or before it; 0 means unknown. */
function findValue(ranges: DataView, key: Key): number {
  const blockCount = ranges.getUint32(0)
  let below = 0
  let above = blockCount
  while (below < above) {
    const middle = (below + above) >>> 1
    const entry = 4 + middle * BLOCK_ENTRY_BYTES
    if (isAfter(ranges.getUint32(entry), ranges.getUint32(entry + 4), key)) above = middle
    else below = middle + 1
  }
  return below === 0 ? 0 : scanBlock(ranges, below - 1, blockCount, key)
}

/**
 * Walks one block. Steps are LEB128 numbers scaled by the block's common power of two; they are
 * summed straight into the two halves, since a step can be wider than a double is exact.
 */
function scanBlock(ranges: DataView, block: number, blockCount: number, key: Key): number {
  const entry = 4 + block * BLOCK_ENTRY_BYTES
  const isLast = block + 1 === blockCount
  const end = isLast ? ranges.byteLength : ranges.getUint32(entry + BLOCK_ENTRY_BYTES + 8)
  let at = ranges.getUint32(entry + 8)
  const scaleBits = ranges.getUint8(at++)
  let high = ranges.getUint32(entry)
  let low = ranges.getUint32(entry + 4)
  let value = 0
  while (at < end) {
    let byte = 0
    let next = 0
    for (let bits = 0; ; bits += 7) {
      byte = ranges.getUint8(at++)
      next += (byte & 0x7f) * 2 ** bits
      if (byte < 0x80) break
    }
    value = next
    if (at >= end) break
    for (let bits = scaleBits; ; bits += 7) {
      byte = ranges.getUint8(at++)
      if (bits >= 32) high += (byte & 0x7f) * 2 ** (bits - 32)
      else low += (byte & 0x7f) * 2 ** bits
      if (byte < 0x80) break
    }
    if (low >= TWO_POW_32) {
      high += Math.floor(low / TWO_POW_32)
      low %= TWO_POW_32
    }
    if (isAfter(high, low, key)) break
  }
  return value
}

function isAfter(high: number, low: number, key: Key): boolean {
  return high > key.high || (high === key.high && low > key.low)
}

/** Names are numbered from 1; each lies between two of the offsets at the section's start. */
function readName(names: DataView, number: number): string | null {
  if (number === 0) return null
  const textAt = 2 + (names.getUint16(0) + 1) * 4
  const start = textAt + names.getUint32(2 + (number - 1) * 4)
  const end = textAt + names.getUint32(2 + number * 4)
  let name = ''
  for (let at = start; at < end; at++) name += String.fromCharCode(names.getUint8(at))
  return name
}
