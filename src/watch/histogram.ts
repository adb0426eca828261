// Durations counted in fixed buckets: what many isolates count adds up, and a percentile of all of them can be told, which
// no mean of percentiles could. Arithmetic only.

/** Upper ends in milliseconds, that of the promise among them; what takes longer is in one more bucket. */
export const BUCKET_ENDS_MS = [
  250, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 20_000, 30_000, 60_000,
  300_000,
] as const

/** All that is known of what takes longer is that. */
export const LONGEST_MS = 300_000

/** One count per bucket, zeros at the end left out. */
export type Histogram = readonly number[]

export function addDuration(histogram: Histogram, durationMs: number): Histogram {
  const found = BUCKET_ENDS_MS.findIndex((endMs) => durationMs <= endMs)
  const bucket = found === -1 ? BUCKET_ENDS_MS.length : found
  const length = Math.max(histogram.length, bucket + 1)
  return Array.from({ length }, (_, index) => (histogram[index] ?? 0) + (index === bucket ? 1 : 0))
}

export function mergeHistograms(left: Histogram, right: Histogram): Histogram {
  const length = Math.max(left.length, right.length)
  return Array.from({ length }, (_, index) => (left[index] ?? 0) + (right[index] ?? 0))
}

export function countOf(histogram: Histogram): number {
  return histogram.reduce((sum, count) => sum + count, 0)
}

/** How many took at most `limitMs`, which is the end of a bucket. */
export function countWithin(
  histogram: Histogram,
  limitMs: (typeof BUCKET_ENDS_MS)[number],
): number {
  return countOf(histogram.slice(0, BUCKET_ENDS_MS.indexOf(limitMs) + 1))
}

/**
 * The duration that `share` (0–1) of all do not exceed, in milliseconds, as even within its bucket; null without any.
 * In the open bucket nothing is known but that it is longer: infinity.
 */
export function quantileMs(histogram: Histogram, share: number): number | null {
  const total = countOf(histogram)
  if (total === 0) return null
  let left = share * total
  for (const [index, count] of histogram.entries()) {
    if (count > 0 && left <= count) {
      const endMs = BUCKET_ENDS_MS[index]
      if (endMs === undefined) return Number.POSITIVE_INFINITY
      const startMs = BUCKET_ENDS_MS[index - 1] ?? 0
      return startMs + ((endMs - startMs) * left) / count
    }
    left -= count
  }
  return Number.POSITIVE_INFINITY
}
