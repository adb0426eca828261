// One round over a route: provider after provider until one accepts or going on would be wrong. Every
// attempt is kept. The call and the gate are passed in, so this stays free of fetch and clock.

import type { FailureClass, SendOutcome } from '../sms/provider.ts'
import type { SmsProvider } from '../sms/registry.ts'
import type { RouteStep } from './route.ts'

export type CallResult = {
  readonly provider: SmsProvider
  readonly number: number
  readonly outcome: SendOutcome
  /** Of the number called, ISO 3166-1 alpha-2. */
  readonly country: string
  /** Of the text as this sender sent it. */
  readonly segments: number
  readonly startedAt: number
  readonly durationMs: number
}

/**
 * conclusion | meaning
 * --- | ---
 * `accepted` | a provider took the message
 * `stopped` | the recipient can or may not be reached: no provider would help
 * `rejected` | every provider tried refused the text itself: the same text will not fare better later
 * `exhausted` | no provider took it now; later one may
 */
export type RoundConclusion = 'accepted' | 'stopped' | 'rejected' | 'exhausted'

export type Round = {
  readonly conclusion: RoundConclusion
  readonly calls: readonly CallResult[]
}

type NextStep = 'accepted' | 'stop' | 'next' | 'one_more'

/** What an outcome means for the other providers of the route. Exhaustive by type. */
export function nextStep(outcomeClass: 'accepted' | FailureClass): NextStep {
  switch (outcomeClass) {
    case 'accepted':
      return 'accepted'
    case 'recipient_permanent':
    case 'opted_out':
      return 'stop'
    case 'recipient_temporary':
      return 'one_more'
    case 'message_rejected':
    case 'provider_config':
    case 'provider_transient':
    case 'ambiguous':
    case 'expired':
      return 'next'
  }
}

/**
 * Tries `route` in order. `mayCall` asks the breaker, and costs nothing when it says no; `call` makes
 * one attempt and never throws. Attempt numbers go on from `firstNumber`.
 */
export async function failOver(
  route: readonly RouteStep[],
  firstNumber: number,
  mayCall: (provider: SmsProvider) => boolean,
  call: (step: RouteStep, number: number) => Promise<CallResult>,
): Promise<Round> {
  const calls: CallResult[] = []
  let callsLeft = route.length
  for (const step of route) {
    if (callsLeft === 0) break
    if (!mayCall(step.provider)) continue
    const result = await call(step, firstNumber + calls.length)
    calls.push(result)
    callsLeft -= 1
    const next = nextStep(result.outcome.class)
    if (next === 'accepted') return { conclusion: 'accepted', calls }
    if (next === 'stop') return { conclusion: 'stopped', calls }
    // A handset that is off is off for every provider: one other opinion, then later.
    if (next === 'one_more') callsLeft = Math.min(callsLeft, 1)
  }
  const isRejected =
    calls.length === route.length &&
    calls.length > 0 &&
    calls.every(({ outcome }) => outcome.class === 'message_rejected')
  return { conclusion: isRejected ? 'rejected' : 'exhausted', calls }
}
