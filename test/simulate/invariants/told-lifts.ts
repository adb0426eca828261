// What the phone is told of holds that end, that are to end, and of locks that wait for the owner's word.

import type { CallFacts, Ledger } from '../ledger.ts'
import { noticeIn, stopLinkIn } from '../outside/texts.ts'
import type { Invariant, Violation } from './invariant.ts'
import { liftsTold, slackMs } from './told-holds.ts'

/** An answer older than ten minutes is not sent any more, and in the calm a tick comes every two. */
const WORTH_TELLING_MS = 7 * 60_000
/** One question for each way in this time. */
const ASKED_EACH_MS = 6 * 3_600_000

type Kind = NonNullable<ReturnType<typeof noticeIn>>

/** To the account's own number. */
function noticesOf(ledger: Ledger, accountId: string, kind: Kind): readonly CallFacts[] {
  return ledger.calls.filter(
    (call) => call.accountId === accountId && !call.isToContact && noticeIn(call.text) === kind,
  )
}

/** It has a number, and whatever happened then, calm came before it was too late to tell. */
function isToBeTold(ledger: Ledger, accountId: string, at: number): boolean {
  const { phone = null, goneAt = 0 } = ledger.accounts.get(accountId) ?? {}
  const isInTime =
    at > ledger.calmAt - WORTH_TELLING_MS || at < ledger.firstFaultAt - WORTH_TELLING_MS
  return phone !== null && goneAt === Number.POSITIVE_INFINITY && isInTime
}

export const endIsTold: Invariant = {
  name: 'each-end-is-told-to-the-phone',
  why: 'whoever did not ask for it must hear that withdrawals are open again: each end of holds is one SMS, whatever fails',
  check: (ledger) =>
    [...ledger.accounts.keys()].flatMap((accountId): Violation[] => {
      const lifts = liftsTold(ledger).filter((one) => one.accountId === accountId)
      // What ends together has one instant, and one SMS.
      const ends = [...new Set(lifts.map(({ occurredAt }) => occurredAt))].sort((a, b) => a - b)
      const calls = noticesOf(ledger, accountId, 'hold_lifted')
      const slack = slackMs(ledger)
      const due = ends.filter((end) => isToBeTold(ledger, accountId, end))
      const untold = due.find((end, index) => {
        const since = calls.filter(({ at }) => at >= end - slack)
        return since.length < due.length - index
      })
      const early = calls.find(({ at }) => !ends.some((end) => end <= at + slack))
      const sure = new Set(calls.filter(isSure).map(({ caller }) => caller.invocation.id))
      const wrong =
        untold !== undefined
          ? { what: `an end of holds of ${accountId} was told to no phone`, at: untold }
          : early !== undefined
            ? { what: `${accountId} was told of an end that was none`, at: early.at }
            : sure.size > lifts.length
              ? { what: `${accountId} was told ${sure.size} times of ${lifts.length} ends` }
              : null
      return wrong === null ? [] : [{ subject: accountId, ...wrong }]
    }),
}

/** Taken, and known to be, by one who could write it down. */
function isSure({ isTaken, isAccepting, caller }: CallFacts): boolean {
  const { invocation, heard } = caller
  const isDead = invocation.wasCut || invocation.isolate.isDead
  return (
    isTaken &&
    isAccepting &&
    heard === 'answer' &&
    !isDead &&
    invocation.storageTroubleAt.length === 0
  )
}

export const putOffIsTold: Invariant = {
  name: 'a-lift-put-off-is-told',
  why: 'only who hears of it can stop it: each lift that is due later is told at once, with the link that stops just that one',
  check: (ledger) =>
    ledger.lifts.flatMap(({ accountId, at, dueAt }): Violation[] => {
      if (dueAt === null || !isToBeTold(ledger, accountId, at)) return []
      const dues = noticesOf(ledger, accountId, 'lift_asked').map(
        ({ text }) => stopLinkIn(text)?.dueAt,
      )
      if (dues.includes(Math.ceil(dueAt / 1_000) * 1_000)) return []
      return [{ subject: accountId, what: `the lift of ${accountId} was put off in silence`, at }]
    }),
}

export const askedIsTold: Invariant = {
  name: 'asked-first-is-asked',
  why: 'a way that asks first locks nothing: the owner has to get the link that does',
  check: (ledger) =>
    ledger.locks.flatMap(({ accountId, via, at, isAsked }): Violation[] => {
      if (!isAsked || !isToBeTold(ledger, accountId, at)) return []
      const calls = noticesOf(ledger, accountId, 'lock_asked')
      if (calls.some((call) => call.at > at - ASKED_EACH_MS)) return []
      const what = `${accountId} was to be asked (${via}), and got no SMS`
      return [{ subject: accountId, what, at }]
    }),
}
