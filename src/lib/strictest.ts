// Of several askings the strictest, by a ladder of steps. Knows no ladder.

/** The last of `ladder`, which goes from the least strict to the strictest, that is among `values`; its first where none is. */
export function strictest<T>(
  ladder: readonly [T, ...(readonly T[])],
  values: readonly unknown[],
): T {
  return ladder.findLast((step) => values.includes(step)) ?? ladder[0]
}
