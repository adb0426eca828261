// Comparing secrets without telling, by the time taken, how far a guess was right.
// `crypto.subtle.timingSafeEqual` exists in workerd alone, and this code is also tested in Node.

/**
 * True where both hold the same bytes. Every byte is looked at whatever the first ones say. Unequal
 * lengths answer at once, so a secret of secret length goes through `isSameSecret`.
 */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}

/**
 * Compares two texts by their SHA-256: digests are of one length, and a guesser cannot steer them, so
 * whatever a compiler does to the loop above, there is no prefix to learn.
 */
export async function isSameSecret(a: string, b: string): Promise<boolean> {
  const encoder = new TextEncoder()
  const [digestOfA, digestOfB] = await Promise.all([
    crypto.subtle.digest('SHA-256', encoder.encode(a)),
    crypto.subtle.digest('SHA-256', encoder.encode(b)),
  ])
  return timingSafeEqual(new Uint8Array(digestOfA), new Uint8Array(digestOfB))
}
