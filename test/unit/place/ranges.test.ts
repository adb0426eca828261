// The builder's range arithmetic against oracles that ask point by point.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  flattenRanges,
  overlayRanges,
  type Range,
  toChanges,
  toSlots,
} from '../../../tools/place-table/ranges.ts'

const SPACE = 64
const POINTS = Array.from({ length: SPACE }, (_, index) => BigInt(index))

const anyRanges = fc.array(
  fc
    .tuple(fc.nat(SPACE - 1), fc.nat(SPACE - 1), fc.integer({ min: 1, max: 5 }))
    .map(([a, b, value]) => ({
      start: BigInt(Math.min(a, b)),
      end: BigInt(Math.max(a, b)),
      value,
    })),
  { maxLength: 20 },
)

function valueAt(ranges: readonly Range<number>[], point: bigint): number {
  return ranges.find((range) => range.start <= point && point <= range.end)?.value ?? 0
}

function isDisjointAndSorted(ranges: readonly Range<number>[]): boolean {
  return ranges.every((range, index) => {
    const before = ranges[index - 1]
    return range.start <= range.end && (before === undefined || before.end < range.start)
  })
}

describe('flattenRanges', () => {
  it('gives each point the latest-starting, then shortest, then last-listed range over it', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const flat = flattenRanges(ranges)
        expect(isDisjointAndSorted(flat)).toBe(true)
        for (const point of POINTS) {
          const winner = ranges
            .filter((range) => range.start <= point && point <= range.end)
            .reduce<Range<number> | null>((best, range) => {
              if (best === null || range.start > best.start) return range
              return range.start === best.start && range.end <= best.end ? range : best
            }, null)
          expect(valueAt(flat, point)).toBe(winner?.value ?? 0)
        }
      }),
    )
  })

  it('refuses a range that ends before it starts', () => {
    expect(() => flattenRanges([{ start: 2n, end: 1n, value: 1 }])).toThrow('backwards')
  })
})

describe('overlayRanges', () => {
  it('answers from the upper list first, from the lower in its gaps', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (lower, upper) => {
        const under = flattenRanges(lower)
        const over = flattenRanges(upper)
        const both = overlayRanges(under, over)
        expect(isDisjointAndSorted(both)).toBe(true)
        for (const point of POINTS) {
          expect(valueAt(both, point)).toBe(valueAt(over, point) || valueAt(under, point))
        }
      }),
    )
  })
})

describe('toChanges', () => {
  it('keeps every value and every gap', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const flat = flattenRanges(ranges)
        const changes = toChanges(flat, 32)
        for (const point of POINTS) {
          const value = changes.findLast((change) => change.start <= point)?.value ?? 0
          expect(value).toBe(valueAt(flat, point))
        }
        expect(changes.every(({ value }, i) => value !== (changes[i - 1]?.value ?? 0))).toBe(true)
      }),
    )
  })

  it('writes no change past the last address', () => {
    const last = (1n << 32n) - 1n
    expect(toChanges([{ start: 0n, end: last, value: 1 }], 32)).toEqual([{ start: 0n, value: 1 }])
  })
})

describe('toSlots', () => {
  const SLOT = 1n << 64n
  const slotValue = (ranges: readonly Range<number>[], slot: bigint): number =>
    valueAt(toSlots(ranges), slot)

  it('gives each /64 to the value that holds most of it', () => {
    // Eighths of a /64 as points: 64 points are 8 slots.
    const eighth = SLOT / 8n
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const flat = flattenRanges(ranges)
        const scaled = flat.map(({ start, end, value }) => ({
          start: start * eighth,
          end: (end + 1n) * eighth - 1n,
          value,
        }))
        const slots = toSlots(scaled)
        expect(isDisjointAndSorted(slots)).toBe(true)
        for (let slot = 0n; slot < 8n; slot++) {
          const counts = [0, 0, 0, 0, 0, 0]
          for (let part = 0n; part < 8n; part++) {
            const value = valueAt(flat, slot * 8n + part)
            counts[value] = (counts[value] ?? 0) + 1
          }
          expect(valueAt(slots, slot)).toBe(counts.indexOf(Math.max(...counts)))
        }
      }),
    )
  })

  it('lets a stray /128 change neither its /64 nor the next', () => {
    const stray = { start: 5n * SLOT + 9n, end: 5n * SLOT + 9n, value: 2 }
    const around = flattenRanges([{ start: 0n, end: 10n * SLOT - 1n, value: 1 }, stray])
    expect([4n, 5n, 6n].map((slot) => slotValue(around, slot))).toEqual([1, 1, 1])
    expect([4n, 5n, 6n].map((slot) => slotValue([stray], slot))).toEqual([0, 0, 0])
  })

  it('keeps the last /64 of all', () => {
    const end = (1n << 128n) - 1n
    expect(slotValue([{ start: end - SLOT + 1n, end, value: 3 }], SLOT - 1n)).toBe(3)
  })
})
