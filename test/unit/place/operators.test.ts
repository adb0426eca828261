// Which operators the builder names, and the list of the numbers that are one operator's.

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  largeOperators,
  namedShare,
  nameOperators,
  type Owner,
} from '../../../tools/place-table/operators.ts'
import type { Range } from '../../../tools/place-table/ranges.ts'
import { readSiblings } from '../../../tools/place-table/source-csv.ts'

const SIBLINGS = fileURLToPath(
  new URL('../../../tools/place-table/sibling-operators.csv', import.meta.url),
)

const range = (start: bigint, size: bigint, value: Owner): Range<Owner> => ({
  ...{ start, end: start + size - 1n, value },
})

describe('the operators that are named', () => {
  it('are those of 8,192 IPv4 addresses, wherever they lie', () => {
    const v4 = [
      range(0n, 4096n, 1),
      range(4096n, 8191n, 2),
      range(100_000n, 4096n, 1),
      range(200_000n, 1_000_000n, 'Hetzner'),
      range(2_000_000n, 1_000_000n, ''),
    ]
    expect(largeOperators(v4, [])).toEqual(new Set([1]))
  })

  it('and those of eight /32s of IPv6, each counted once', () => {
    const block = 1n << 96n
    const v6 = [
      range(0n, 8n * block, 1),
      // Pieces of two /32s are two.
      ...[8n, 9n].flatMap((nth) =>
        [0n, 1n, 2n, 3n].map((piece) => range(nth * block + piece * 1000n, 10n, 2)),
      ),
      // Seven and a half, but lying in eight.
      range(10n * block + block / 2n, 7n * block, 3),
    ]
    expect(largeOperators([], v6)).toEqual(new Set([1, 3]))
  })

  it('leave the others nobody’s, and data centres as they are', () => {
    const ranges = [range(0n, 10n, 1), range(10n, 10n, 2), range(20n, 10n, 'Hetzner')]
    const named = nameOperators(ranges, new Set([2]))
    expect(named.map(({ value }) => value)).toEqual(['', 2, 'Hetzner'])
    expect(named.map(({ start, end }) => [start, end])).toEqual(
      ranges.map(({ start, end }) => [start, end]),
    )
  })

  it('have a share of what all operators have, data centres aside', () => {
    const ranges = [range(0n, 30n, 1), range(30n, 10n, 2), range(40n, 1000n, 'Hetzner')]
    expect(namedShare(ranges, new Set([1]), 0n)).toBe(0.75)
    expect(namedShare([], new Set([1]), 0n)).toBe(0)
  })
})

describe('the numbers of one operator', () => {
  const siblings = readSiblings(SIBLINGS)

  it('are one number, which stands for itself', () => {
    // AT&T's lines and its phones; China Mobile and its provinces.
    expect(siblings.get(20057)).toBe(7018)
    expect(siblings.get(56040)).toBe(9808)
    for (const first of siblings.values()) expect(siblings.has(first)).toBe(false)
  })
})
