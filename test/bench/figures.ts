// Small arithmetic of the bench. Nearest-rank percentiles: every figure shown was really measured.

export type Percentiles = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

export function median(values: readonly number[]): number {
  return percentiles(values).p50
}

/** Rounded to two digits that count: 0.8432 → 0.84, 131.7 → 132. */
export function rounded(value: number): number {
  return value >= 10 ? Math.round(value) : Number(value.toPrecision(2))
}

/** The same numbers at every run, so that a fault meets the same calls. `seed` is any whole number. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    // Park and Miller's minimal standard generator, its state kept off zero.
    state = (Math.max(1, state % 2_147_483_647) * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
