// Circuit breaker of a provider (or of a provider in one country): closed, open, half-open. Never a ban: who is open or
// half-open is asked last. Pure, `now` passed in. Only provider faults count; what is the recipient's fault never comes
// here.

import { MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import { OUTCOME_CLASSES } from '../sms/outcome-classes.ts'
import type { SendFailure, SendOutcome } from '../sms/provider.ts'

const OPEN_FIRST_MS = 10 * SECOND_MS
export const OPEN_MAX_MS = 5 * MINUTE_MS
/** Credentials, funds, senders: nobody mends these within seconds. */
const OPEN_CONFIG_MS = 5 * MINUTE_MS
/** One probe at a time, and this long at most before another may try. */
export const PROBE_LEASE_MS = 5 * SECOND_MS
/** A breaker due for a probe that nobody needed so far must not hold back real traffic. */
export const UNPROBED_CLOSES_MS = MINUTE_MS

/** The stored row of a tripped breaker. */
export type OpenBreaker = {
  readonly scope: string
  readonly openedAt: number
  readonly openUntil: number
  readonly trips: number
}

export type BreakerGate = 'closed' | 'open' | 'half_open'

/** `half_open` means: the holder of the probe asks it first, all others last as while it is open. */
export function breakerGate(breaker: OpenBreaker | undefined, now: number): BreakerGate {
  if (!breaker || now >= breaker.openUntil + UNPROBED_CLOSES_MS) return 'closed'
  return now < breaker.openUntil ? 'open' : 'half_open'
}

/** How an outcome counts: `fault` against the provider, `success` for it, `neutral` for neither. */
export function breakerSignal(outcome: SendOutcome): 'success' | 'fault' | 'neutral' {
  if (outcome.class === 'accepted') return 'success'
  return OUTCOME_CLASSES[outcome.class].scope === 'message' ? 'neutral' : 'fault'
}

/** How long to stay open, in milliseconds; `trips` counts the openings since it was last closed. */
export function openDurationMs(
  trips: number,
  failure: Pick<SendFailure, 'class' | 'retryAfterMs'>,
): number {
  const grownMs = Math.min(OPEN_FIRST_MS * 2 ** Math.min(trips - 1, 10), OPEN_MAX_MS)
  const leastMs = failure.class === 'provider_config' ? OPEN_CONFIG_MS : grownMs
  return Math.min(Math.max(leastMs, failure.retryAfterMs ?? 0), OPEN_MAX_MS)
}

/** `twilio`, or `twilio/TH` when only that destination is refused. */
export function breakerScope(provider: string, country: string | null): string {
  return country === null ? provider : `${provider}/${country}`
}
