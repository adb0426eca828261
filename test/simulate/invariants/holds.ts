// The holds that no lock made: begun where they have to, and nowhere else; told once each; never made longer, never denied.

import { type EventFacts, type HoldAnswer, type Ledger, lastHistories } from '../ledger.ts'
import { isKnownDevice } from '../live.ts'
import { textOf } from '../world.ts'
import type { Invariant, Violation } from './invariant.ts'
import {
  coolingOffMs,
  DAY_MS,
  isGivenUp,
  isGrown,
  isNew,
  mayBeGivenUp,
  receivedWithin,
  slackMs,
  startsHold,
  storedBy,
  type ToldHold,
  toldHolds,
} from './told-holds.ts'

/** What holds the account by itself if nothing like it does, and for which reason. */
type Cause = { readonly event: EventFacts; readonly reason: 'activity' | 'cooling_off' }

function causesOf(ledger: Ledger): readonly Cause[] {
  if (ledger.coolingOffHours === 0) return []
  return [
    ...ledger.activities
      .filter(startsHold)
      .map((event) => ({ event, reason: 'activity' as const })),
    ...ledger.logins
      .filter(({ accountId, device, isCalm }) => {
        const age = ledger.accounts.get(accountId)?.age
        // The young and the settled are known by what they have logged in with; of keys that are gone, by nothing.
        return age === 'old' || (age === 'settled' && !isKnownDevice(device) && !isCalm)
      })
      // What the owner has said to be theirs is known from then on.
      .filter(({ accountId, postedAt }) =>
        ledger.releases.every(
          (act) => act.accountId !== accountId || act.at > (postedAt.at(-1) ?? 0),
        ),
      )
      .map((event) => ({ event, reason: 'cooling_off' as const })),
  ]
}

export const noHoldIsMissing: Invariant = {
  name: 'no-hold-is-missing',
  why: 'most money is gone in ten minutes, before anybody reads: what has to hold withdrawals by itself holds them, whatever fails',
  check: (ledger, counter) => {
    const told = toldHolds(ledger)
    return causesOf(ledger).flatMap(({ event, reason }): Violation[] => {
      const { accountId, webhookId, acceptedAt, alertId } = event
      const [from] = receivedWithin(event)
      if (acceptedAt === null) return []
      if (!isGrown(ledger, ledger.accounts.get(accountId), from)) return []
      const own = told.find((hold) => hold.alertId === alertId && hold.reason === reason)
      if (own) {
        counter.note(reason === 'activity' ? 'hold_by_activity' : 'hold_by_login')
        return []
      }
      const before = told.find((hold) => isInItsPlace(ledger, hold, event, reason))
      if (before) {
        counter.note('hold_not_extended')
        return []
      }
      const what = `${webhookId} of ${accountId} was accepted and began no hold`
      return [{ subject: alertId ?? webhookId, what, at: acceptedAt }]
    })
  },
}

/** It ran when the event was stored. */
function isInItsPlace(ledger: Ledger, hold: ToldHold, event: EventFacts, reason: string): boolean {
  const [from] = receivedWithin(event)
  const slack = slackMs(ledger)
  return (
    hold.accountId === event.accountId &&
    hold.reason === reason &&
    hold.startedAt <= storedBy(ledger, event) + slack &&
    hold.until > from - slack &&
    (hold.liftedBy === null || hold.liftedBy >= from - slack) &&
    !isGivenUp(ledger, hold, from) &&
    !isStoredBefore(ledger, event, hold.alertId)
  )
}

/** As the history has them: what began the other hold came after it, and so that hold did. */
function isStoredBefore(
  ledger: Ledger,
  { accountId, alertId }: EventFacts,
  otherId: string | null,
): boolean {
  const rows = lastHistories(ledger).get(accountId)?.logins ?? []
  const place = (id: string | null) => rows.findIndex((row) => row.alertId === id)
  // The newest first.
  return place(otherId) >= 0 && place(alertId) > place(otherId)
}

export const noHoldIsUnasked: Invariant = {
  name: 'no-hold-is-unasked',
  why: 'a hold stops somebody’s money: only what the rule names begins one, for as long as it says, and none in the first day',
  check: (ledger, counter) =>
    toldHolds(ledger).flatMap((hold) => {
      if (hold.reason === 'planned') counter.note('hold_planned')
      const wrong = hold.reason === 'planned' ? wrongPlan(ledger, hold) : wrongStart(ledger, hold)
      if (wrong === null) return []
      const what = `${hold.holdId} of ${hold.accountId} (${hold.reason}, ${hold.cause}) ${wrong}`
      return [{ subject: hold.holdId, what, at: hold.toldAt }]
    }),
}

function wrongPlan(ledger: Ledger, { accountId, startedAt, until }: ToldHold): string | null {
  const slack = slackMs(ledger)
  const isAsked = ledger.plans.some(
    ({ days, ...act }) =>
      act.accountId === accountId &&
      act.at <= startedAt + slack &&
      startedAt <= (act.answeredAt ?? Number.POSITIVE_INFINITY) + slack &&
      until - startedAt === days * DAY_MS,
  )
  return isAsked ? null : 'was not planned so'
}

function wrongStart(ledger: Ledger, hold: ToldHold): string | null {
  const { accountId, alertId, reason, cause, startedAt, until, toldAt } = hold
  if (until - startedAt !== coolingOffMs(ledger)) return `lasts ${until - startedAt} ms`
  const account = ledger.accounts.get(accountId)
  if (isNew(ledger, account, startedAt)) return 'began in the first day'
  const activity = ledger.activities.find((one) => one.alertId === alertId)
  const login = ledger.logins.find((one) => one.alertId === alertId)
  const event = reason === 'activity' ? activity : login
  if (event?.accountId !== accountId) return 'has nothing that began it'
  const [from, to] = receivedWithin(event)
  const slack = slackMs(ledger)
  if (startedAt < from - slack || startedAt > to + slack) return 'began at another time'
  if (reason === 'activity') {
    return activity && startsHold(activity) && activity.kind === cause ? null : 'is of no such kind'
  }
  const isFamiliar =
    account?.age === 'settled' &&
    login !== undefined &&
    isKnownDevice(login.device) &&
    // A lock makes all unknown, also to a login that came before it and was stored after it.
    !ledger.locks.some((act) => act.accountId === accountId && act.at <= toldAt + slack)
  return isFamiliar && from >= ledger.firstFaultAt ? 'began though the device is known' : null
}

export const holdsAreToldOnce: Invariant = {
  name: 'each-hold-is-told-once',
  why: 'the exchange keeps its own switch: each begin and each end is one event, and an end has a begin',
  check: (ledger) => {
    const events = ledger.callbacks.filter(
      ({ type, data }) =>
        type === 'hold.started' || (type === 'hold.lifted' && data.hold_reason !== 'lock'),
    )
    const byHold = Map.groupBy(events, ({ type, data }) => `${type} ${String(data.hold_id)}`)
    const begun = new Set(toldHolds(ledger).map(({ holdId }) => holdId))
    return [...byHold.values()].flatMap((all): Violation[] => {
      const [first] = all
      if (!first) return []
      const holdId = textOf(first.data.hold_id) ?? ''
      const wrong = !begun.has(holdId)
        ? 'and nothing says that it began'
        : new Set(all.map(({ webhookId }) => webhookId)).size > 1
          ? 'in two events'
          : new Set(all.map(({ data }) => JSON.stringify(data))).size > 1
            ? 'in two ways'
            : null
      const what = `${first.type} of ${first.accountId} ${holdId} is told ${wrong}`
      return wrong === null ? [] : [{ subject: holdId, what, at: first.at }]
    })
  },
}

export const noHoldIsExtended: Invariant = {
  name: 'no-hold-is-extended',
  why: 'who keeps logging in must not keep somebody’s money: while a hold runs, and nobody has asked to end it, another of its kind begins none',
  check: (ledger) => {
    const told = toldHolds(ledger).toSorted((one, other) => one.startedAt - other.startedAt)
    return told.flatMap((hold) => {
      const over = told.find(
        (one) =>
          one !== hold &&
          one.accountId === hold.accountId &&
          one.reason === hold.reason &&
          one.startedAt <= hold.startedAt &&
          one.until > hold.startedAt + slackMs(ledger) &&
          one.liftedAt === null &&
          one.toldAt < hold.toldAt &&
          // One that was over by then came first, whatever the instants of their events: those may have waited in the queue.
          !(hold.liftedAt !== null && hold.liftedAt < one.toldAt) &&
          !mayBeGivenUp(ledger, one, hold.startedAt),
      )
      if (!over) return []
      const what = `${hold.holdId} of ${hold.accountId} began while ${over.holdId} ran (${hold.reason})`
      return [{ subject: hold.holdId, what, at: hold.toldAt }]
    })
  },
}

const STRENGTH: readonly string[] = ['planned', 'lock', 'activity', 'cooling_off']

export const holdIsNotDenied: Invariant = {
  name: 'no-hold-is-denied',
  why: 'withdrawals are let through on this answer: while a hold runs it says so, with the latest end and the strongest reason',
  check: (ledger) => {
    const told = toldHolds(ledger).map((hold) => ({ ...hold, inForceAt: inForceAt(ledger, hold) }))
    const slack = slackMs(ledger)
    return ledger.holds.flatMap((answer) => {
      const denied = told.find(
        (hold) =>
          hold.accountId === answer.accountId &&
          hold.inForceAt <= answer.askedAt &&
          hold.until > answer.answeredAt + slack &&
          (hold.liftedAt === null || hold.liftedAt > answer.answeredAt + slack) &&
          !covers(answer, hold),
      )
      if (!denied) return []
      const { accountId, holdId, reason } = denied
      const what = `${holdId} of ${accountId} (${reason}) runs, and the answer was ${answer.reason ?? 'not held'}`
      return [{ subject: holdId, what, at: answer.answeredAt }]
    })
  },
}

function covers({ held, until, reason }: HoldAnswer, hold: ToldHold): boolean {
  const isStrong = STRENGTH.indexOf(reason ?? '') <= STRENGTH.indexOf(hold.reason)
  return held && isStrong && (until ?? 0) >= hold.until
}

/** From when on nobody may say that there is none: the exchange was called for it, or what began it was in the history. */
function inForceAt(ledger: Ledger, { alertId, toldAt }: ToldHold): number {
  const event =
    ledger.activities.find((one) => one.alertId === alertId) ??
    ledger.logins.find((one) => one.alertId === alertId)
  return event ? Math.min(toldAt, storedBy(ledger, event)) : toldAt
}

export const heldIsTold: Invariant = {
  name: 'held-is-told',
  why: 'no hold is secret or longer than told: what the answer names was told to the exchange, with that end',
  check: (ledger) => {
    const told = toldHolds(ledger)
    const locks = ledger.callbacks.filter(({ type }) => type === 'account.locked')
    return ledger.holds.flatMap((answer): Violation[] => {
      const { accountId, held, until, reason, holdId, answeredAt } = answer
      if (!held) return []
      const own = told.filter((hold) => hold.accountId === accountId)
      const ownLocks = locks.filter((lock) => lock.accountId === accountId)
      const isNamed =
        reason === 'lock'
          ? ownLocks.some(({ data }) => data.lock_id === holdId)
          : own.some((hold) => hold.holdId === holdId && hold.reason === reason)
      const ends = [
        ...own.map((hold) => hold.until),
        ...ownLocks.map(({ data }) => Date.parse(textOf(data.hold_until) ?? '')),
      ]
      if (isNamed && until !== null && ends.includes(until)) return []
      const what = `${accountId} is held (${reason} ${holdId}) until ${until}, of which nothing was told`
      return [{ subject: holdId ?? accountId, what, at: answeredAt }]
    })
  },
}

export const plannedIsKept: Invariant = {
  name: 'a-planned-hold-is-kept',
  why: 'an owner who plans a hold wants it to stand against everybody, support and himself: nothing ends it early',
  check: (ledger) => {
    const planned = toldHolds(ledger).filter(({ reason }) => reason === 'planned')
    const lifted = planned.flatMap(({ accountId, holdId, liftedAt }): Violation[] =>
      liftedAt === null
        ? []
        : [{ subject: holdId, what: `${holdId} of ${accountId} was lifted`, at: liftedAt }],
    )
    return [...lifted, ...liftsBeside(ledger, planned), ...plansLost(ledger, planned)]
  },
}

/** A lift is refused whole. */
function liftsBeside(ledger: Ledger, planned: readonly ToldHold[]): readonly Violation[] {
  return ledger.lifts.flatMap(({ accountId, at, status }): Violation[] => {
    const hold = planned.find(
      (one) =>
        one.accountId === accountId &&
        one.toldAt < at &&
        one.until > at + slackMs(ledger) + DAY_MS / 24,
    )
    if (!hold || (status !== 200 && status !== 202)) return []
    const what = `a lift beside ${hold.holdId} was answered ${status}`
    return [{ subject: hold.holdId, what, at }]
  })
}

function plansLost(ledger: Ledger, planned: readonly ToldHold[]): readonly Violation[] {
  return ledger.plans.flatMap(({ accountId, status, at }): Violation[] => {
    const isThere = planned.some(
      (hold) => hold.accountId === accountId && hold.until > at - slackMs(ledger),
    )
    if (status !== 303 || isThere) return []
    return [{ subject: accountId, what: `${accountId} planned a hold, and there is none`, at }]
  })
}
