// A message that this deployment does not understand. A newer one may have sent it, or an older one that was put back
// in its place may still know it; so it waits a good while before it is buried.

/** Deliveries, the last of which buries. */
export const UNKNOWN_DELIVERIES_MAX = 10
const FIRST_DELAY_SECONDS = 5

/** Before the next delivery: 5, 10, 20 … 1,280 s, together 42 minutes; null after the last. */
export function unknownDelaySeconds(attempts: number): number | null {
  return attempts < UNKNOWN_DELIVERIES_MAX ? FIRST_DELAY_SECONDS * 2 ** (attempts - 1) : null
}
