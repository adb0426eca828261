// Writes the compact table that src/place/place-table.ts reads: pure, plain arrays in, bytes out,
// the same bytes for the same input. It refuses unsorted or out-of-range input instead of writing
// a table that answers wrongly.
import {
  BLOCK_ENTRY_BYTES,
  CHANGES_PER_BLOCK,
  FORMAT_VERSION,
  HEADER_BYTES,
  MAGIC,
  networkValue,
  OPERATOR_BYTES,
  SECTION_ENTRY_BYTES,
  SECTION_NAMES,
  SECTIONS_AT,
  type SectionName,
} from '../../src/place/place-table-format.ts'

/** From `start` (IPv4 address, or first 64 bits of IPv6) on, `value` holds; 0 means unknown. */
export type Change = { readonly start: bigint; readonly value: number }

export type PlaceTableInput = {
  /** `YYYY-MM-DD` */
  readonly dataDate: string
  /** Value n of the country changes is `countries[n - 1]`. ASCII only. */
  readonly countries: readonly string[]
  readonly providers: readonly string[]
  /** AS numbers. */
  readonly operators: readonly number[]
  readonly countryV4: readonly Change[]
  readonly countryV6: readonly Change[]
  /** Values as `networkValue` counts them. */
  readonly networkV4: readonly Change[]
  readonly networkV6: readonly Change[]
}

export function encodePlaceTable(input: PlaceTableInput): Uint8Array<ArrayBuffer> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(input.dataDate)) throw new Error('data date is not YYYY-MM-DD')
  const { countries, providers, operators } = input
  const isCountry = (value: number) => value <= countries.length
  const isNetwork = (value: number) =>
    value <=
    (value % 2 === 1
      ? networkValue.ofProvider(providers.length)
      : networkValue.ofOperator(operators.length))
  const sections: Record<SectionName, Uint8Array> = {
    countries: encodeNames(countries),
    providers: encodeNames(providers),
    operators: encodeOperators(operators),
    countryV4: encodeChanges(input.countryV4, isCountry),
    countryV6: encodeChanges(input.countryV6, isCountry),
    networkV4: encodeChanges(input.networkV4, isNetwork),
    networkV6: encodeChanges(input.networkV6, isNetwork),
  }
  const bodyLength = SECTION_NAMES.reduce((sum, name) => sum + sections[name].length, 0)
  const file = new Uint8Array(HEADER_BYTES + bodyLength)
  const view = new DataView(file.buffer)
  view.setUint32(0, MAGIC)
  view.setUint16(4, FORMAT_VERSION)
  view.setUint32(8, Number(input.dataDate.replaceAll('-', '')))
  view.setUint32(12, file.length)
  let offset = HEADER_BYTES
  for (const [index, name] of SECTION_NAMES.entries()) {
    view.setUint32(SECTIONS_AT + index * SECTION_ENTRY_BYTES, offset)
    view.setUint32(SECTIONS_AT + index * SECTION_ENTRY_BYTES + 4, sections[name].length)
    file.set(sections[name], offset)
    offset += sections[name].length
  }
  return file
}

function encodeNames(names: readonly string[]): Uint8Array {
  const texts = names.map((name) => {
    if (!/^[\x20-\x7e]+$/.test(name)) throw new Error(`name ${JSON.stringify(name)} is not ASCII`)
    return [...name].map((letter) => letter.charCodeAt(0))
  })
  const textAt = 2 + (names.length + 1) * 4
  const section = new Uint8Array(textAt + texts.reduce((sum, text) => sum + text.length, 0))
  const view = new DataView(section.buffer)
  view.setUint16(0, names.length)
  let end = 0
  for (const [index, text] of texts.entries()) {
    section.set(text, textAt + end)
    end += text.length
    view.setUint32(2 + (index + 1) * 4, end)
  }
  return section
}

function encodeOperators(operators: readonly number[]): Uint8Array {
  const section = new Uint8Array(operators.length * OPERATOR_BYTES)
  const view = new DataView(section.buffer)
  for (const [index, asn] of operators.entries()) {
    if (!Number.isInteger(asn) || asn < 1 || asn >= 2 ** 32)
      throw new Error(`${asn} is no AS number`)
    view.setUint32(index * OPERATOR_BYTES, asn)
  }
  return section
}

function encodeChanges(
  changes: readonly Change[],
  isNamed: (value: number) => boolean,
): Uint8Array {
  checkChanges(changes, isNamed)
  const blockCount = Math.ceil(changes.length / CHANGES_PER_BLOCK)
  const index: Change['start'][] = []
  const offsets: number[] = []
  const data: number[] = []
  const dataAt = 4 + blockCount * BLOCK_ENTRY_BYTES
  for (let first = 0; first < changes.length; first += CHANGES_PER_BLOCK) {
    const block = changes.slice(first, first + CHANGES_PER_BLOCK)
    index.push(block[0]?.start ?? 0n)
    offsets.push(dataAt + data.length)
    pushBlock(data, block)
  }
  const section = new Uint8Array(dataAt + data.length)
  const view = new DataView(section.buffer)
  view.setUint32(0, blockCount)
  for (const [block, start] of index.entries()) {
    view.setBigUint64(4 + block * BLOCK_ENTRY_BYTES, start)
    view.setUint32(4 + block * BLOCK_ENTRY_BYTES + 8, offsets[block] ?? 0)
  }
  section.set(data, dataAt)
  return section
}

/** Scale byte, then the first value, then (step, value) pairs; steps divided by 2^scale. */
function pushBlock(data: number[], block: readonly Change[]): void {
  const steps = block.slice(1).map((change, index) => change.start - (block[index]?.start ?? 0n))
  const scaleBits = commonTrailingZeros(steps)
  data.push(scaleBits)
  for (const [index, change] of block.entries()) {
    const step = steps[index - 1]
    if (step !== undefined) pushVarint(data, step >> BigInt(scaleBits))
    pushVarint(data, BigInt(change.value))
  }
}

function commonTrailingZeros(steps: readonly bigint[]): number {
  const union = steps.reduce((bits, step) => bits | step, 0n)
  if (union === 0n) return 0
  let zeros = 0
  while (((union >> BigInt(zeros)) & 1n) === 0n) zeros++
  return zeros
}

/** LEB128, unsigned. */
function pushVarint(data: number[], number: bigint): void {
  let rest = number
  while (rest >= 0x80n) {
    data.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  data.push(Number(rest))
}

function checkChanges(changes: readonly Change[], isNamed: (value: number) => boolean): void {
  let previous = -1n
  for (const { start, value } of changes) {
    if (start <= previous || start >= 1n << 64n) {
      throw new Error(`change at ${start} after ${previous}: not ascending 64-bit keys`)
    }
    if (!Number.isInteger(value) || value < 0 || !isNamed(value)) {
      throw new Error(`change at ${start}: value ${value} has no name`)
    }
    previous = start
  }
}
