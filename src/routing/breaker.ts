// Circuit breaker of a provider (or of a provider in one country): closed, open, half-open. Pure:
// plain data in, plain data out, `now` passed in. Only provider faults count; what is the
// recipient's fault never comes here.

import { MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import type { SendFailure, SendOutcome } from '../sms/provider.ts'

/** Faults in a row that open it: one may be chance, three in a row under load is an outage. */
export const FAULTS_TO_OPEN = 3

const OPEN_FIRST_MS = 10 * SECOND_MS
const OPEN_MAX_MS = 5 * MINUTE_MS
/** Credentials, funds, senders: nobody mends these within seconds. */
const OPEN_CONFIG_MS = 5 * MINUTE_MS
/** One probe at a time, and this long at most before another may try. */
export const PROBE_LEASE_MS = 5 * SECOND_MS
/** A breaker due for a probe that nobody needed so far must not hold back real traffic. */
const UNPROBED_CLOSES_MS = MINUTE_MS

/** The stored row of a tripped breaker. */
export type OpenBreaker = {
  readonly scope: string
  readonly openUntil: number
  readonly trips: number
}

export type BreakerGate = 'closed' | 'open' | 'half_open'

/** `half_open` means: exactly the holder of the probe may try. */
export function breakerGate(breaker: OpenBreaker | undefined, now: number): BreakerGate {
  if (!breaker || now >= breaker.openUntil + UNPROBED_CLOSES_MS) return 'closed'
  return now < breaker.openUntil ? 'open' : 'half_open'
}

/** How an outcome counts: `fault` against the provider, `success` for it, `neutral` for neither. */
export function breakerSignal(outcome: SendOutcome): 'success' | 'fault' | 'neutral' {
  switch (outcome.class) {
    case 'accepted':
      return 'success'
    case 'provider_config':
    case 'provider_transient':
    case 'ambiguous':
      return 'fault'
    case 'recipient_permanent':
    case 'recipient_temporary':
    case 'opted_out':
    case 'message_rejected':
    case 'expired':
      return 'neutral'
  }
}

/**
 * Whether `faults` in a row, the last of them `failure`, open a closed breaker. A call that ran into
 * its deadline is enough by itself when nobody had an answer meanwhile (`wasSilent`): each further one
 * would cost an alert its whole deadline.
 */
export function isTripped(faults: number, failure: SendFailure, wasSilent: boolean): boolean {
  if (failure.class === 'provider_config' || faults >= FAULTS_TO_OPEN) return true
  return failure.code === 'timeout' && wasSilent
}

/** How long to stay open, in milliseconds; `trips` counts the openings since it was last closed. */
export function openDurationMs(trips: number, failure: SendFailure): number {
  const grownMs = Math.min(OPEN_FIRST_MS * 2 ** Math.min(trips - 1, 10), OPEN_MAX_MS)
  const leastMs = failure.class === 'provider_config' ? OPEN_CONFIG_MS : grownMs
  return Math.min(Math.max(leastMs, failure.retryAfterMs ?? 0), OPEN_MAX_MS)
}

/** `twilio`, or `twilio/TH` when only that destination is refused. */
export function breakerScope(provider: string, country: string | null): string {
  return country === null ? provider : `${provider}/${country}`
}
