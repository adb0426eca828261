// Nobody is told twice of one login, unless the first call's end could not be known or its receipt asked for a
// second one. What explains a repetition is listed here, and nothing else does.

import type { CallFacts, Ledger } from '../ledger.ts'
import type { Invariant } from './invariant.ts'

export const nobodyIsToldTwice: Invariant = {
  name: 'nobody-is-told-twice',
  why: 'a second SMS of the same login costs money and frightens; only a call whose end nobody can know excuses it',
  check: (ledger, counter) =>
    [...callsByAlert(ledger)].flatMap(([alert, calls]) =>
      calls.flatMap((call, index) => {
        const earlier = calls.slice(0, index)
        const [first] = earlier
        if (!first) return []
        const unexplained = earlier.find((one) => explanation(ledger, one, call) === null)
        if (unexplained === undefined) {
          counter.note('told_twice')
          const why = earlier.map((one) => explanation(ledger, one, call))
          if (why.includes(OVERTAKEN)) counter.note('overtaken')
          if (why.includes(MISSED)) counter.note('second_wave')
          return []
        }
        const what = `call ${call.id} tells ${alert} again, though call ${unexplained.id} was accepted`
        return [{ subject: `call ${call.id} `, what, at: call.at }]
      }),
    ),
}

const OVERTAKEN = 'it was silent, and was overtaken'
const MISSED = 'its receipt is missing'

/** Of each alert the texts that a provider took, in order. */
function callsByAlert(ledger: Ledger): ReadonlyMap<string, readonly CallFacts[]> {
  const calls = ledger.calls.filter(
    ({ isTaken, alertNumbers }) => isTaken && alertNumbers.length > 0,
  )
  return Map.groupBy(calls, ({ accountId, alertNumbers }) => `${accountId} #${alertNumbers[0]}`)
}

/** Why a later call may follow `call`, or null. */
function explanation(ledger: Ledger, call: CallFacts, later: CallFacts): string | null {
  if (!call.isAccepting || call.caller.heard !== 'answer') return 'its caller did not learn of it'
  const { invocation, heardAt } = call.caller
  const isSilent =
    heardAt !== null && heardAt > later.at - WAY_MS && later.at - call.at >= HEDGE_LEAST_MS
  if (isSilent && later.caller.invocation === invocation) return OVERTAKEN
  const unwritten = whyUnwritten(call)
  if (unwritten !== null) return unwritten
  if (later.caller.invocation.storageTroubleAt.some((at) => at <= later.at)) {
    return 'D1 kept the later one waiting, so that it did not know'
  }
  const receipts = call.receipts.filter(({ isForged, at }) => !isForged && at <= later.at)
  if (receipts.some(({ step }) => step === 'undelivered')) return 'a receipt said that it failed'
  return isMissed(ledger, call, later) ? MISSED : null
}

/** Why nobody may have written down how it ended. */
function whyUnwritten({ at: calledAt, caller: { invocation } }: CallFacts): string | null {
  if (invocation.isolate.isDead) return 'its isolate died, maybe before it wrote it down'
  if (invocation.wasCut) return 'its invocation was cut, maybe before it wrote it down'
  return invocation.storageTroubleAt.some((at) => at >= calledAt - LATE_CLAIM_MS)
    ? 'D1 was in trouble when it was to be written down'
    : null
}

/** No receipt was stored in time, and none that ends it came while the second wave was on its way. */
function isMissed(ledger: Ledger, call: CallFacts, later: CallFacts): boolean {
  const { receiptWaitMs, skewMs } = ledger
  const stored = call.receipts.filter(
    ({ isForged, status }) => !isForged && status !== null && status < 300,
  )
  const dueAt = oldestOfNumber(ledger, call).at + receiptWaitMs - 2 * skewMs
  return (
    later.at >= dueAt &&
    !stored.some(({ answeredAt }) => answeredAt < dueAt) &&
    !stored.some(({ step, answeredAt }) => step === 'delivered' && answeredAt < later.at - ROUND_MS)
  )
}

/**
 * A round that takes over from one whose end nobody wrote down gives its numbers again: to the same provider, both calls are one
 * attempt, as old as the first.
 */
function oldestOfNumber({ calls }: Ledger, call: CallFacts): CallFacts {
  const isSame = (one: CallFacts) =>
    one.accountId === call.accountId &&
    one.provider === call.provider &&
    one.alertNumbers[0] === call.alertNumbers[0]
  return calls.find((one) => one.at < call.at && isSame(one) && whyUnwritten(one) !== null) ?? call
}

/** From a claim to the last call of its round. */
const ROUND_MS = 15_000

/** A call silent for less is not overtaken; some of it may be the way to the provider. */
const HEDGE_LEAST_MS = 400 - 60
/** From leaving us to the provider's door. */
const WAY_MS = 60

/** A claim answered late leaves less of its lease than the round needs. */
const LATE_CLAIM_MS = 60_000
