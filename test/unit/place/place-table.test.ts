// Encoder and reader against an oracle that walks the plain array of changes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IpAddress } from '../../../src/place/ip-address.ts'
import { lookupCountry, lookupNetwork, openPlaceTable } from '../../../src/place/place-table.ts'
import { networkValue } from '../../../src/place/place-table-format.ts'
import { type Change, encodePlaceTable } from '../../../tools/place-table/encode.ts'

const COUNTRIES = Array.from({ length: 300 }, (_, index) => `C${index + 1}`)
const EMPTY = {
  dataDate: '2026-06-17',
  countries: COUNTRIES,
  providers: ['Hetzner', 'Amazon'],
  operators: [3320, 4_200_000_000, 7018],
  countryV4: [],
  countryV6: [],
  networkV4: [],
  networkV6: [],
}

function addressOf(version: 4 | 6, key: bigint): IpAddress {
  const bytes = new Uint8Array(version === 4 ? 4 : 16)
  const view = new DataView(bytes.buffer)
  if (version === 4) view.setUint32(0, Number(key))
  else view.setBigUint64(0, key)
  return { version, bytes }
}

function oracle(changes: readonly Change[], key: bigint): string | null {
  const value = changes.findLast((change) => change.start <= key)?.value ?? 0
  return value === 0 ? null : `C${value}`
}

/** Ascending changes with steps of every width, some sharing trailing zeros as networks do. */
function changesUpTo(bits: number): fc.Arbitrary<Change[]> {
  const highest = (1n << BigInt(bits)) - 1n
  const start = fc
    .tuple(fc.bigInt({ min: 0n, max: highest }), fc.integer({ min: 0, max: bits }))
    .map(([number, zeros]) => (number >> BigInt(zeros)) << BigInt(zeros))
  const near = fc.bigInt({ min: 0n, max: 4096n })
  const value = fc.integer({ min: 0, max: COUNTRIES.length })
  return fc
    .uniqueArray(fc.record({ start: fc.oneof(start, near), value }), {
      selector: (change) => change.start,
      maxLength: 400,
      size: 'max',
    })
    .map((changes) => changes.toSorted((a, b) => (a.start < b.start ? -1 : 1)))
}

function expectAgreement(version: 4 | 6, changes: readonly Change[], extra: bigint[]): void {
  const name = version === 4 ? 'countryV4' : 'countryV6'
  const table = openPlaceTable(encodePlaceTable({ ...EMPTY, [name]: changes }).buffer)
  const limit = 1n << (version === 4 ? 32n : 64n)
  const edges = changes.flatMap(({ start }) => [start - 1n, start, start + 1n])
  for (const key of [0n, limit - 1n, ...edges, ...extra]) {
    if (key < 0n || key >= limit) continue
    expect(lookupCountry(table, addressOf(version, key))).toBe(oracle(changes, key))
  }
}

describe('encodePlaceTable and openPlaceTable', () => {
  it('agree with the plain array for IPv4', () => {
    const anyKey = fc.array(fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), { maxLength: 20 })
    fc.assert(
      fc.property(changesUpTo(32), anyKey, (changes, extra) => {
        expectAgreement(4, changes, extra)
      }),
    )
  })

  it('agree with the plain array for the first 64 bits of IPv6', () => {
    const anyKey = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { maxLength: 20 })
    fc.assert(
      fc.property(changesUpTo(64), anyKey, (changes, extra) => {
        expectAgreement(6, changes, extra)
      }),
    )
  })

  it.each([63, 64, 65, 128, 129])('agree when %d changes fill blocks to the brim', (count) => {
    const changes = Array.from({ length: count }, (_, index) => ({
      start: BigInt(index) * 256n + 7n,
      value: (index % 300) + 1,
    }))
    expectAgreement(6, changes, [])
  })

  it.each([1, 8, 31, 32, 33, 40, 57])('agree when all steps share %d trailing zeros', (zeros) => {
    const changes = Array.from({ length: 100 }, (_, index) => ({
      start: BigInt(index * (index + 1)) << BigInt(zeros),
      value: index + 1,
    })).filter(({ start }) => start < 1n << 64n)
    expectAgreement(6, changes, [])
  })

  it('agree on the widest step there is', () => {
    const widest = [
      { start: 0n, value: 1 },
      { start: (1n << 64n) - 1n, value: 300 },
    ]
    expectAgreement(6, widest, [1n << 53n, 1n << 63n])
  })

  it('keep countries and networks of both versions apart', () => {
    const whole = (value: number): Change[] => [{ start: 0n, value }]
    const file = encodePlaceTable({
      ...EMPTY,
      countryV4: whole(1),
      countryV6: whole(2),
      networkV4: whole(networkValue.ofProvider(1)),
      networkV6: whole(networkValue.ofProvider(2)),
    })
    const table = openPlaceTable(file.buffer)
    const answers = ([4, 6] as const).flatMap((version) => [
      lookupCountry(table, addressOf(version, 5n)),
      lookupNetwork(table, addressOf(version, 5n)).hosting,
    ])
    expect(answers).toEqual(['C1', 'Hetzner', 'C2', 'Amazon'])
  })

  it('tell data centres by name from whoever connects people by number', () => {
    const { ofProvider, ofOperator } = networkValue
    const values = [ofProvider(1), 0, ofOperator(1), ofOperator(3), ofProvider(2), ofOperator(2)]
    const networkV4 = values.map((value, index) => ({ start: BigInt(index) * 256n, value }))
    const table = openPlaceTable(encodePlaceTable({ ...EMPTY, networkV4 }).buffer)
    const answers = values.map((_, index) =>
      lookupNetwork(table, addressOf(4, BigInt(index) * 256n + 5n)),
    )
    expect(answers).toEqual([
      { hosting: 'Hetzner', asn: null },
      { hosting: null, asn: null },
      { hosting: null, asn: 3320 },
      { hosting: null, asn: 7018 },
      { hosting: 'Amazon', asn: null },
      { hosting: null, asn: 4_200_000_000 },
    ])
  })

  it('carry the date of the data', () => {
    expect(openPlaceTable(encodePlaceTable(EMPTY).buffer).dataDate).toBe('2026-06-17')
  })
})

describe('openPlaceTable', () => {
  const file = encodePlaceTable({ ...EMPTY, countryV4: [{ start: 0n, value: 1 }] })

  it('throws on a file of something else', () => {
    expect(() => openPlaceTable(new ArrayBuffer(100))).toThrow('not a place table file')
  })

  it('throws on an empty file', () => {
    expect(() => openPlaceTable(new ArrayBuffer(0))).toThrow('not a place table file')
  })

  it('throws on a file that was cut', () => {
    expect(() => openPlaceTable(file.slice(0, -1).buffer)).toThrow('bytes, but')
  })

  it('throws on another format version', () => {
    const other = file.slice()
    other[5] = 1
    expect(() => openPlaceTable(other.buffer)).toThrow('format 1')
  })
})

describe('encodePlaceTable', () => {
  it.each([
    ['out of order', [8n, 4n]],
    ['twice the same key', [4n, 4n]],
    ['beyond 64 bits', [1n << 64n]],
  ])('refuses changes %s', (_, starts) => {
    const countryV6 = starts.map((start) => ({ start, value: 1 }))
    expect(() => encodePlaceTable({ ...EMPTY, countryV6 })).toThrow('ascending')
  })

  it.each([
    ['country', { countryV4: [{ start: 0n, value: 301 }] }],
    ['data centre', { networkV4: [{ start: 0n, value: networkValue.ofProvider(3) }] }],
    ['operator', { networkV6: [{ start: 0n, value: networkValue.ofOperator(4) }] }],
  ])('refuses a %s without a name', (_, changes) => {
    expect(() => encodePlaceTable({ ...EMPTY, ...changes })).toThrow('has no name')
  })

  it.each([0, -1, 1.5, 2 ** 32])('refuses %d for an AS number', (asn) => {
    expect(() => encodePlaceTable({ ...EMPTY, operators: [asn] })).toThrow('is no AS number')
  })

  it('refuses names that are not ASCII', () => {
    expect(() => encodePlaceTable({ ...EMPTY, providers: ['Zürich'] })).toThrow('not ASCII')
  })

  it('refuses a date it cannot hold', () => {
    expect(() => encodePlaceTable({ ...EMPTY, dataDate: '17.6.2026' })).toThrow('YYYY-MM-DD')
  })
})
