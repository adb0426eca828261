// What a round is to the figures: whom it asked, what came of it, and how long after the webhook the alert was taken.

import { isKeyOf } from '../lib/table.ts'
import { type Attempt, furthestState } from '../login/attempt.ts'
import type { Login } from '../login/login.ts'
import { OUTCOME_CLASSES } from '../sms/outcome-classes.ts'
import { countMeasure, type Measure } from '../watch/measure-cells.ts'
import type { DeliverContext } from './deliver-context.ts'
import type { UndeliveredReason } from './round.ts'

type CountContext = Pick<DeliverContext, 'watch' | 'now'>

/** `attempts`: those just made, each counted once; `login` as it was claimed. */
export function countRound(
  context: CountContext,
  login: Login,
  attempts: readonly Attempt[],
  { isOvertaken = false } = {},
): void {
  const now = context.now()
  for (const { provider, country, state, segments, durationMs, class: failure } of attempts) {
    const isTaken = state === 'accepted'
    countMeasure(
      context.watch.measures,
      {
        country,
        provider,
        counts: { asked: 1, [outcomeOf(failure)]: 1, ...(isTaken ? { segments } : {}) },
        times: isTaken ? { call: durationMs } : {},
      },
      now,
    )
  }
  // Another one had taken it before, or it waited on purpose for others.
  if (isOvertaken || furthestState(login.attempts) !== null || login.mergedInto !== null) return
  const taken = attempts.filter(({ state }) => state === 'accepted')
  const [first] = taken.toSorted((a, b) => endOf(a) - endOf(b))
  if (!first) return
  const { country, provider } = first
  const times = { accepted: endOf(first) - login.receivedAt }
  countMeasure(context.watch.measures, { country, provider, times }, now)
}

function endOf({ startedAt, durationMs }: Attempt): number {
  return startedAt + durationMs
}

function outcomeOf(failure: Attempt['class']): Measure {
  if (failure === undefined) return 'accepted'
  return OUTCOME_CLASSES[failure].scope === 'message' ? 'refused' : 'faults'
}

/** Given up, and not because of the recipient, his country's law or a login that was reported too late. */
export function countGivenUp(
  { watch, now }: CountContext,
  {
    reason,
    attempts,
  }: { readonly reason: UndeliveredReason; readonly attempts: readonly Attempt[] },
): void {
  if (!isOurs(reason)) return
  const { country = null, provider = null } = attempts.at(-1) ?? {}
  countMeasure(watch.measures, { country, provider, counts: { undelivered: 1 } }, now())
}

function isOurs(reason: UndeliveredReason): boolean {
  if (isKeyOf(OUTCOME_CLASSES, reason)) return OUTCOME_CLASSES[reason].atFault !== 'recipient'
  return reason !== 'unserved' && reason !== 'login_too_old'
}
