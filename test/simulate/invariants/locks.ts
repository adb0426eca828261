// The lock: what an owner was told is done is done, stays done as long as promised and no longer, and happens
// to nobody who did not ask.

import type { LockAct } from '../acts.ts'
import { type HoldAnswer, type Ledger, lastHistories } from '../ledger.ts'
import { textOf } from '../world.ts'
import { isConfirming } from './callbacks.ts'
import type { Invariant, Violation } from './invariant.ts'

const DAY_MS = 24 * 3_600_000

/** Answered as locked, or as taken and on its way. */
export function isPromised({ via, status }: LockAct): boolean {
  if (via === 'link') return status === 303 || status === 202
  if (via === 'api') return status === 201 || status === 202
  // Kept is not yet looked at: it may be a card of before, or ask the owner. An SMS hears nothing of what becomes of it.
  return via !== 'reply' && via !== 'contact' && status === 303
}

export const noLockIsLost: Invariant = {
  name: 'no-lock-is-lost',
  why: 'a frightened owner who was told "locked" or "taken" goes to bed: the exchange must hear of it, whatever fails',
  check: (ledger) => {
    const histories = lastHistories(ledger)
    const confirmed = ledger.callbacks.filter(
      ({ type, status }) => type === 'account.locked' && isConfirming(status),
    )
    return ledger.locks.filter(isPromised).flatMap((act) => {
      const alert = histories
        .get(act.accountId)
        ?.logins.find(({ number }) => number !== null && number === act.alertNumber)
      const isConfirmed = confirmed.some(({ accountId, data, occurredAt }) => {
        if (act.via === 'api') return data.lock_id === act.lockId
        if (accountId !== act.accountId) return false
        if (act.alertNumber !== null) return data.alert_id === (alert?.alertId ?? null)
        // Pressed again while it stands, it is the same lock: of a passkey, each is its own.
        return data.via === act.via && (act.via === 'card' || isFrom(ledger, act, occurredAt))
      })
      if (isConfirmed) return []
      const which = act.lockId ?? (act.alertNumber === null ? '' : `#${act.alertNumber}`)
      const what = `the ${act.via} lock of ${act.accountId} ${which} was answered ${act.status} and never confirmed`
      return [{ subject: act.accountId, what, at: act.at }]
    })
  },
}

/** Pressed then. */
function isFrom({ skewMs }: Ledger, { at, answeredAt }: LockAct, lockedAt: number): boolean {
  const slackMs = 2 * skewMs + 1_000
  return lockedAt >= at - slackMs && lockedAt <= (answeredAt ?? at) + slackMs
}

function isSameLock(one: LockAct, other: LockAct): boolean {
  return (
    one.alertNumber !== null &&
    one.accountId === other.accountId &&
    one.alertNumber === other.alertNumber
  )
}

export const noLinkIsRefused: Invariant = {
  name: 'a-link-of-today-is-taken',
  why: 'what an owner has in the phone is genuine for a day, whatever became of the keys since',
  check: (ledger) =>
    ledger.locks
      .filter(({ via, status }) => via === 'link' && status === 404)
      .map(({ accountId, alertNumber, at }) => ({
        subject: accountId,
        what: `the link of ${accountId} #${alertNumber} was answered 404`,
        at,
      })),
}

export const noHoldIsLonger: Invariant = {
  name: 'no-hold-is-longer-than-promised',
  why: 'a hold stops somebody’s money: 24 hours from the lock, or from the newest login when it was held already',
  check: (ledger) => {
    const slackMs = 2 * ledger.skewMs + 1_000
    const ends = ledger.callbacks
      .filter(({ type }) => type === 'account.locked')
      .map(({ accountId, data, at }) => ({ accountId, at, until: instant(data.hold_until) }))
    return ends.flatMap(({ accountId, at, until }) => {
      if (until === null) return []
      const acts = ledger.locks.filter((act) => act.accountId === accountId && act.at <= at)
      const latestEnd = Math.max(...acts.map((act) => (act.answeredAt ?? at) + DAY_MS))
      if (until <= latestEnd + slackMs) return []
      const hours = ((until - latestEnd) / 3_600_000).toFixed(2)
      return [{ subject: accountId, what: `is held ${hours} h too long`, at }]
    })
  },
}

export const furtherLockIsBounded: Invariant = {
  name: 'a-further-lock-is-bounded',
  why: 'whoever keeps an old link must not hold the account for ever: of a held account no lock moves the end past 24 hours from the newest login',
  check: (ledger) => {
    const slackMs = 2 * ledger.skewMs + 1_000
    const locks = ledger.callbacks.flatMap(({ type, accountId, data, at, occurredAt }) => {
      const until = instant(data.hold_until)
      return type === 'account.locked' && until !== null
        ? [{ accountId, lockId: data.lock_id, at, lockedAt: occurredAt, until }]
        : []
    })
    return locks.flatMap((lock): Violation[] => {
      const { accountId, lockedAt, until, at } = lock
      const isOwn = (one: { readonly accountId: string }) => one.accountId === accountId
      // Told before this one was asked for, it was stored before it.
      const before = locks.find(
        (one) => isOwn(one) && one.at < lockedAt - slackMs && one.until > at + slackMs,
      )
      const isLifted = [...ledger.lifts, ...ledger.signs].some(
        (lift) => isOwn(lift) && lift.at <= at && lift.at >= (before?.lockedAt ?? 0) - LIFT_LATE_MS,
      )
      if (!before || isLifted) return []
      const others = locks.filter((one) => isOwn(one) && one.at < at).map((one) => one.until)
      const logins = ledger.logins.filter((one) => isOwn(one) && one.occurredAt <= at)
      const ends = [...others, ...logins.map(({ occurredAt }) => occurredAt + DAY_MS)]
      const overMs = until - Math.max(...ends)
      if (overMs <= slackMs) return []
      const what = `${String(lock.lockId)} of ${accountId} holds ${Math.round(overMs / 1_000)} s more than 24 hours from any login`
      return [{ subject: String(lock.lockId), what, at }]
    })
  },
}

function instant(value: unknown): number | null {
  const text = textOf(value)
  return text === null ? null : Date.parse(text)
}

export const nobodyIsLockedUnasked: Invariant = {
  name: 'nobody-is-locked-unasked',
  why: 'a lock that nobody asked for is an attack on the account, done by us',
  check: (ledger) => {
    const asked = (accountId: string, via: string | null, at: number) =>
      ledger.locks.some(
        (act) => act.accountId === accountId && (via === null || act.via === via) && act.at <= at,
      )
    const locked = ledger.callbacks.flatMap(({ type, accountId, data, at }): Violation[] =>
      type === 'account.locked' && !asked(accountId, textOf(data.via), at)
        ? [{ subject: accountId, what: `was locked via ${String(data.via)}, and nobody asked`, at }]
        : [],
    )
    const held = ledger.holds.flatMap((answer): Violation[] =>
      answer.reason === 'lock' && !asked(answer.accountId, null, answer.answeredAt)
        ? [
            {
              subject: answer.accountId,
              what: 'is held by a lock, and nobody asked',
              at: answer.answeredAt,
            },
          ]
        : [],
    )
    return [...locked, ...held]
  },
}

export const holdAnswersRemember: Invariant = {
  name: 'hold-answers-remember',
  why: 'withdrawals are let through on this answer: after "locked" it says held until the end, or until a lift',
  check: (ledger) =>
    ledger.holds.flatMap((answer) => {
      if (answer.held) return []
      const forgotten = ledger.locks.find((act) => isInForce(ledger, act, answer))
      if (!forgotten) return []
      const what = `the hold of ${answer.accountId} is denied, though its ${forgotten.via} lock was answered ${forgotten.status}`
      return [{ subject: answer.accountId, what, at: answer.answeredAt }]
    }),
}

/** Answered as locked before the question, not run out, and nobody has tried to lift since it was asked for. */
function isInForce(ledger: Ledger, act: LockAct, answer: HoldAnswer): boolean {
  const isDone = act.status === 303 || act.status === 201
  if (act.accountId !== answer.accountId || !isDone) return false
  // Which of several presses began it is not told; nor whether an SMS locks.
  if (act.via === 'card' || act.via === 'contact' || act.via === 'reply') return false
  if (act.answeredAt === null || act.answeredAt > answer.askedAt) return false
  // An old alert's second tap finds its lock of long ago: the hold runs from the first.
  const since = Math.min(
    ...ledger.locks.filter((other) => other === act || isSameLock(act, other)).map(({ at }) => at),
  )
  if (answer.answeredAt > since + DAY_MS - 2 * ledger.skewMs) return false
  return ![...ledger.lifts, ...ledger.signs].some(
    (lift) =>
      lift.accountId === act.accountId &&
      lift.at >= since - LIFT_LATE_MS &&
      lift.at <= answer.answeredAt,
  )
}

/** A lift whose answer was lost may still have been on its way. */
const LIFT_LATE_MS = 60_000
