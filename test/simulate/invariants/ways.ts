// The ways to lock that somebody else may hold: one false lock each at most, and one lock however often it is asked for.

import type { CallbackFacts, Ledger } from '../ledger.ts'
import type { Counter } from '../sometimes.ts'
import { textOf } from '../world.ts'
import type { Invariant, Violation } from './invariant.ts'
import { DAY_MS, liftsTold, slackMs } from './told-holds.ts'

/** What a stranger may hold. */
const ASKS_FIRST: readonly unknown[] = ['reply', 'code', 'card', 'contact']

/** The first delivery of each. */
function locksTold({ callbacks }: Ledger): readonly CallbackFacts[] {
  const locks = callbacks.filter(({ type }) => type === 'account.locked')
  return [...new Map(locks.toReversed().map((one) => [one.data.lock_id, one])).values()].reverse()
}

export const falseLockIsTheLast: Invariant = {
  name: 'a-false-lock-is-the-last',
  why: 'who reads an SMS or finds a card costs his victim one false lock: once it was lifted, that way locks nothing for a day',
  check: (ledger) => {
    const slack = slackMs(ledger)
    const locks = locksTold(ledger).filter(({ data }) => ASKS_FIRST.includes(data.via))
    const lifts = liftsTold(ledger).filter(({ data }) => data.hold_reason === 'lock')
    return locks.flatMap((lock): Violation[] => {
      const { accountId, data, occurredAt } = lock
      const earlier = locks.find((one) => {
        if (one.accountId !== accountId || one.data.via !== data.via) return false
        if (one.data.lock_id === data.lock_id) return false
        const until = Date.parse(textOf(one.data.hold_until) ?? '')
        return lifts.some(
          (lift) =>
            lift.accountId === accountId &&
            // Told before, it was there to be lifted: pressed before, it may have waited in the queue.
            lift.occurredAt > one.at + slack &&
            lift.occurredAt < until - slack &&
            // Its instant is from before D1 was asked; once it was told, it was stored.
            lift.at < occurredAt - slack &&
            lift.occurredAt + DAY_MS > occurredAt + slack,
        )
      })
      if (!earlier) return []
      const what = `${String(data.lock_id)} of ${accountId} is by ${String(data.via)}, of which ${String(earlier.data.lock_id)} was lifted`
      return [{ subject: String(data.lock_id), what, at: lock.at }]
    })
  },
}

export const oneWhileItStands: Invariant = {
  name: 'one-lock-while-it-stands',
  why: 'a card pressed by a frightened hand, or a text that comes twice, is one lock: nobody is to lift it once more, or hear of it again',
  check: (ledger, counter) => {
    noteStanding(ledger, counter)
    return [...doubled(ledger), ...tooMany(ledger)]
  },
}

function doubled(ledger: Ledger): readonly Violation[] {
  const slack = slackMs(ledger)
  const locks = locksTold(ledger).filter(({ data }) =>
    ['card', 'contact'].includes(String(data.via)),
  )
  return locks.flatMap((lock): Violation[] => {
    const { accountId, data, occurredAt } = lock
    const isBetween = (from: number, until: number, start: number, end: number) =>
      start <= until + slack && end >= from - slack
    const standing = locks.find((one) => {
      if (one.accountId !== accountId || one.data.via !== data.via) return false
      if (one === lock || storedBy(ledger, one) > occurredAt - slack) return false
      const isLifted = [...ledger.lifts, ...ledger.signs].some(
        (act) =>
          act.accountId === accountId &&
          act.at > one.occurredAt - LIFT_LATE_MS &&
          act.at <= lock.at,
      )
      const isOver = Date.parse(textOf(one.data.hold_until) ?? '') <= occurredAt + slack
      // Also one that came while the press waited in the queue: the newest is all that the rule looks at.
      const isNewLogin = ledger.logins.some(
        ({ accountId: whose, postedAt }) =>
          whose === accountId &&
          isBetween(one.occurredAt, lock.at, postedAt[0] ?? 0, postedAt.at(-1) ?? 0),
      )
      return !isLifted && !isOver && !isNewLogin
    })
    if (!standing) return []
    const what = `${String(data.lock_id)} of ${accountId} is by ${String(data.via)}, while ${String(standing.data.lock_id)} stood`
    return [{ subject: String(data.lock_id), what, at: lock.at }]
  })
}

/** A lift whose answer was lost may still have been on its way. */
const LIFT_LATE_MS = 60_000

/** Told, or shown to whoever pressed: then it was. Where clocks differ, nobody knows which press it was. */
function storedBy(
  { locks, skewMs }: Ledger,
  { accountId, data, at, occurredAt }: CallbackFacts,
): number {
  const shown = locks.flatMap((act) => {
    const isOwn = act.accountId === accountId && act.via === data.via && act.status === 303
    const isThen = skewMs === 0 && act.at <= occurredAt && occurredAt <= (act.answeredAt ?? 0)
    return isOwn && isThen ? (act.answeredAt ?? []) : []
  })
  return Math.min(at, ...shown)
}

/** A passkey's answer, or a contact's text, however often it came. */
function tooMany(ledger: Ledger): readonly Violation[] {
  return [...ledger.accounts.keys()].flatMap((accountId) =>
    (['passkey', 'contact'] as const).flatMap((way): Violation[] => {
      const isOwn = (one: { readonly accountId: string }) => one.accountId === accountId
      const locks = locksTold(ledger).filter((one) => isOwn(one) && one.data.via === way)
      const acts = ledger.locks.filter((act) => isOwn(act) && act.via === way)
      if (locks.length <= acts.length) return []
      const what = `${acts.length} times by ${way} are ${locks.length} locks of ${accountId}`
      return [{ subject: accountId, what }]
    }),
  )
}

function noteStanding(ledger: Ledger, counter: Counter): void {
  const locks = locksTold(ledger)
  const slack = slackMs(ledger)
  const isStanding = ledger.locks.some(
    ({ accountId, via, status, at, answeredAt }) =>
      via === 'card' &&
      status === 303 &&
      !locks.some(
        (one) =>
          one.accountId === accountId &&
          one.data.via === 'card' &&
          one.occurredAt >= at - slack &&
          one.occurredAt <= (answeredAt ?? at) + slack,
      ),
  )
  if (isStanding) counter.note('lock_standing')
}
