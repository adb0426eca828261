// Durations in fixed steps: nothing is lost in merging, and a percentile is never further off than its step.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDuration,
  BUCKET_ENDS_MS,
  countOf,
  countWithin,
  type Histogram,
  mergeHistograms,
  quantileMs,
} from '../../../src/watch/histogram.ts'

const anyDurations = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 60 })
const histogramOf = (durations: readonly number[]) =>
  durations.reduce<Histogram>((histogram, ms) => addDuration(histogram, ms), [])

describe('a histogram', () => {
  it('of two isolates is that of all their alerts', () => {
    fc.assert(
      fc.property(anyDurations, anyDurations, (left, right) => {
        const merged = mergeHistograms(histogramOf(left), histogramOf(right))
        const whole = histogramOf([...left, ...right])
        expect(countOf(merged)).toBe(left.length + right.length)
        expect(BUCKET_ENDS_MS.map((_, index) => merged[index] ?? 0)).toEqual(
          BUCKET_ENDS_MS.map((_, index) => whole[index] ?? 0),
        )
      }),
    )
  })

  it('counts exactly what was within the promise', () => {
    fc.assert(
      fc.property(anyDurations, (durations) => {
        const within = durations.filter((ms) => ms <= 5_000).length
        expect(countWithin(histogramOf(durations), 5_000)).toBe(within)
      }),
    )
  })

  it('tells a percentile within the step in which it lies', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (durations, share) => {
          const sorted = durations.toSorted((a, b) => a - b)
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
          const end = BUCKET_ENDS_MS.find((ms) => exact <= ms) ?? Number.NaN
          const start = BUCKET_ENDS_MS.findLast((ms) => ms < exact) ?? 0
          const told = quantileMs(histogramOf(durations), share) ?? Number.NaN
          expect(told).toBeGreaterThanOrEqual(start)
          expect(told).toBeLessThanOrEqual(end)
        },
      ),
    )
  })

  it('knows nothing of none, and of the longest only that it is longer', () => {
    expect(quantileMs([], 0.99)).toBeNull()
    expect(quantileMs(histogramOf([300_001]), 0.5)).toBe(Number.POSITIVE_INFINITY)
  })
})
