// Who ends a hold early: the owner by a proof that is old enough, the exchange as far as it may, and nobody whose wish was stopped.

import type { LiftAct } from '../acts.ts'
import type { AccountFacts, CallbackFacts, Ledger } from '../ledger.ts'
import { isSignedLift } from '../outside/passkeys.ts'
import { textOf } from '../world.ts'
import type { Invariant, Violation } from './invariant.ts'
import { DAY_MS, liftsTold, slackMs, toldHolds } from './told-holds.ts'

const PROVES_AFTER_MS = 3 * DAY_MS
const HOUR_MS = 3_600_000

/** A hold that ended early, as the exchange was told. */
type Ended = {
  readonly lift: CallbackFacts
  readonly holdId: string
  readonly isLock: boolean
  /** When it began at the latest that is known; null where nothing of its begin was told. */
  readonly startedAt: number | null
}

function endedHolds(ledger: Ledger): readonly Ended[] {
  const begun = new Map(toldHolds(ledger).map(({ holdId, startedAt }) => [holdId, startedAt]))
  for (const { type, data, occurredAt } of ledger.callbacks) {
    if (type === 'account.locked') begun.set(textOf(data.lock_id) ?? '', occurredAt)
  }
  return liftsTold(ledger).map((lift) => {
    const holdId = textOf(lift.data.hold_id) ?? ''
    const isLock = lift.data.hold_reason === 'lock'
    return { lift, holdId, isLock, startedAt: begun.get(holdId) ?? null }
  })
}

function found({ lift, holdId }: Ended, what: string): Violation {
  return { subject: holdId, what: `${holdId} of ${lift.accountId} ${what}`, at: lift.at }
}

/** Whether what was there since then was there long before the hold began. */
function isOld(since: number | null, startedAt: number, slack: number): boolean {
  return since !== null && since <= startedAt - PROVES_AFTER_MS + slack
}

export const releasedByAnOldProof: Invariant = {
  name: 'released-by-an-old-proof',
  why: 'a thief has a session, reads SMS, and may have added a proof of his own: only one of 72 hours before ends a hold',
  check: (ledger) =>
    endedHolds(ledger).flatMap((ended): Violation[] => {
      const { lift, isLock, startedAt } = ended
      if (lift.data.reason !== 'owner') return []
      const account = ledger.accounts.get(lift.accountId)
      if (!account || startedAt === null) return [found(ended, 'was released, and never began')]
      const wrong = isLock
        ? wrongSignature(ledger, account, ended, startedAt)
        : wrongRelease(ledger, account, lift, startedAt)
      return wrong === null ? [] : [found(ended, wrong)]
    }),
}

function wrongSignature(
  ledger: Ledger,
  { passkeySince, id }: AccountFacts,
  { lift }: Ended,
  startedAt: number,
): string | null {
  if (!isSignedLift(lift.data)) return 'was lifted by the owner, and nothing shows the signature'
  const isSigned = ledger.signs.some((act) => isAround(ledger, act, id, lift.occurredAt))
  if (!isSigned) return 'was signed away by nobody'
  return isOld(passkeySince, startedAt, slackMs(ledger)) ? null : 'was signed by a young passkey'
}

function wrongRelease(
  ledger: Ledger,
  account: AccountFacts,
  { occurredAt }: CallbackFacts,
  startedAt: number,
): string | null {
  const acts = ledger.releases.filter((act) => isAround(ledger, act, account.id, occurredAt))
  if (acts.length === 0) return 'was released by nobody'
  const slack = slackMs(ledger)
  const isPasskeyOld = isOld(account.passkeySince, startedAt, slack)
  const isOwners = ledger.liftPolicy === 'owner' && isOld(account.passkeySince, startedAt, -slack)
  const isProven = acts.some(({ by }) =>
    by === 'passkey' ? isPasskeyOld : isOld(account.importAskedAt, startedAt, slack) && !isOwners,
  )
  return isProven ? null : 'was released by a proof that is too young'
}

/** Done then, or nobody knows when. */
function isAround(
  ledger: Ledger,
  act: { readonly accountId: string; readonly at: number; readonly answeredAt: number | null },
  accountId: string,
  instant: number,
): boolean {
  const slack = slackMs(ledger)
  return (
    act.accountId === accountId &&
    act.at - slack <= instant &&
    instant <= (act.answeredAt ?? Number.POSITIVE_INFINITY) + slack
  )
}

export const nobodyLiftsForTheOwner: Invariant = {
  name: 'nobody-lifts-for-the-owner',
  why: 'no insider opens it: where a hold is the owner’s, the exchange’s wish alone ends it late, or not at all',
  check: (ledger, counter) =>
    endedHolds(ledger).flatMap((ended): Violation[] => {
      const { lift, startedAt } = ended
      const account = ledger.accounts.get(lift.accountId)
      if (ledger.liftPolicy !== 'owner' || lift.data.reason === 'owner') return []
      if (startedAt === null || !isOld(account?.passkeySince ?? null, startedAt, -slackMs(ledger)))
        return []
      if (ledger.liftDelayHours === 0) return [found(ended, 'was lifted by the exchange alone')]
      counter.note('lift_made')
      const wishes = wishesFor(ledger, ended, startedAt)
      return wishes.length > 0 ? [] : [found(ended, 'was lifted before its time')]
    }),
}

/** Asked for since it began, and long enough before its end. */
function wishesFor(ledger: Ledger, { lift }: Ended, startedAt: number): readonly LiftAct[] {
  const slack = slackMs(ledger)
  const delayMs = ledger.liftDelayHours * HOUR_MS
  return ledger.lifts.filter(
    ({ accountId, at, answeredAt }) =>
      accountId === lift.accountId &&
      (answeredAt ?? Number.POSITIVE_INFINITY) >= startedAt - slack &&
      at + delayMs <= lift.occurredAt + slack,
  )
}

export const stoppedIsKept: Invariant = {
  name: 'a-stopped-lift-is-never-made',
  why: 'the owner has read "stopped" and goes to bed: the lift is void, and not to be asked for again',
  check: (ledger) =>
    endedHolds(ledger).flatMap((ended): Violation[] => {
      const { lift, startedAt } = ended
      if (startedAt === null || lift.data.reason === 'owner' || ledger.liftDelayHours === 0)
        return []
      const stopped = ledger.liftStops.filter(
        ({ accountId, status, answeredAt }) =>
          accountId === lift.accountId &&
          status === 200 &&
          (answeredAt ?? Number.POSITIVE_INFINITY) < lift.occurredAt,
      )
      const wishes = wishesFor(ledger, ended, startedAt)
      const isVoid = ({ status, code, dueAt }: LiftAct) =>
        code === 'lift_stopped' ||
        (status === 202 &&
          dueAt !== null &&
          stopped.some((stop) => stop.dueAt === Math.ceil(dueAt / 1_000) * 1_000))
      if (wishes.length === 0 || !wishes.every(isVoid)) return []
      return [found(ended, 'was lifted, though the lift was stopped')]
    }),
}

export const dueIsMade: Invariant = {
  name: 'a-due-lift-is-made',
  why: 'the exchange was told when the hold ends, and the owner let it be: then it ends, whatever failed meanwhile',
  check: (ledger) =>
    ledger.lifts.flatMap(({ accountId, at, answeredAt, dueAt }): Violation[] => {
      if (dueAt === null) return []
      const isOwn = (one: { readonly accountId: string }) => one.accountId === accountId
      const slack = slackMs(ledger)
      // A lock stops it too; asked for and not heard of, it may have.
      const isStopped =
        ledger.liftStops.some(isOwn) ||
        ledger.locks.some((act) => isOwn(act) && (act.answeredAt ?? dueAt) > at) ||
        ledger.callbacks.some(
          // Pressed before, it may have waited in the queue, and been told since.
          (one) =>
            isOwn(one) &&
            one.type === 'account.locked' &&
            Math.max(one.occurredAt, one.at) > at - slack,
        )
      const isEnded = liftsTold(ledger).some(
        (one) => isOwn(one) && one.occurredAt >= (answeredAt ?? at) - slack,
      )
      // What was to end may have run out by itself.
      const isOver = !ledger.holds.some(
        (answer) =>
          isOwn(answer) &&
          answer.askedAt > dueAt &&
          answer.held &&
          startedBefore(ledger, answer, at),
      )
      if (isStopped || isEnded || isOver) return []
      return [
        { subject: accountId, what: `the lift of ${accountId} was due, and not made`, at: dueAt },
      ]
    }),
}

function startedBefore(
  ledger: Ledger,
  { holdId }: { readonly holdId: string | null },
  at: number,
): boolean {
  const hold = toldHolds(ledger).find((one) => one.holdId === holdId)
  const lock = ledger.callbacks.find(
    ({ type, data }) => type === 'account.locked' && data.lock_id === holdId,
  )
  const startedAt = hold?.startedAt ?? lock?.occurredAt ?? Number.POSITIVE_INFINITY
  return startedAt < at - slackMs(ledger)
}

export const endIsDone: Invariant = {
  name: 'an-end-is-done',
  why: 'no sham: where the owner reads that the wait has ended, or that the hold is lifted, the exchange is told of just that',
  check: (ledger) => {
    const told = liftsTold(ledger).filter(({ data }) => data.reason === 'owner')
    const isTold = (act: Ledger['signs'][number] | Ledger['releases'][number], isLock: boolean) =>
      told.some(
        ({ accountId, data, occurredAt }) =>
          (data.hold_reason === 'lock') === isLock &&
          isAround(ledger, act, act.accountId, occurredAt) &&
          accountId === act.accountId,
      )
    const lost = [
      ...ledger.releases.filter((act) => act.isReleased && !isTold(act, false)),
      ...ledger.signs.filter((act) => act.isLifted && !isTold(act, true)),
    ]
    return lost.map(({ accountId, at }) => ({
      subject: accountId,
      what: `${accountId} was shown the end of a hold of which nothing was told`,
      at,
    }))
  },
}
