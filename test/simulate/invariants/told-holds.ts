// The holds that no lock made, as the exchange was told of them; and what may have begun one.

import type { AccountFacts, ActivityFacts, CallbackFacts, EventFacts, Ledger } from '../ledger.ts'
import { textOf } from '../world.ts'

export type ToldHold = {
  readonly accountId: string
  readonly holdId: string
  readonly reason: string
  readonly cause: string
  readonly alertId: string | null
  readonly startedAt: number
  readonly until: number
  /** When the exchange was first called for it. */
  readonly toldAt: number
  /** As `hold.lifted` has it; null while it runs to its end. */
  readonly liftedAt: number | null
  /** `owner`, or the exchange's reason. */
  readonly liftedFor: string | null
  /** By then it was stored. */
  readonly liftedBy: number | null
}

const STARTS_HOLD: readonly string[] = [
  'password_changed',
  'two_factor_disabled',
  'two_factor_changed',
  'email_changed',
  'phone_changed',
  'api_key_created',
  'address_added',
]

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** An instant is taken before D1 is asked, which answers so late at the most. */
const STORED_MS = 45_000
/** From posting to where it is received. */
const WAY_MS = 1_000

/** However late it was reported: a thief's key of the day before yesterday takes the money today. */
export function startsHold({ kind }: ActivityFacts): boolean {
  return STARTS_HOLD.includes(kind)
}

export function coolingOffMs({ coolingOffHours }: Ledger): number {
  return coolingOffHours * HOUR_MS
}

/** How far two instants of two isolates, or one of ours, may be apart. */
export function slackMs({ skewMs }: Ledger): number {
  return 2 * skewMs + WAY_MS
}

export function toldHolds(ledger: Ledger): readonly ToldHold[] {
  const lifted = new Map(liftsTold(ledger).map((callback) => [callback.data.hold_id, callback]))
  const first = new Map<unknown, CallbackFacts>()
  for (const callback of ledger.callbacks) {
    const { type, data } = callback
    if (type === 'hold.started' && !first.has(data.hold_id)) first.set(data.hold_id, callback)
  }
  return [...first.values()].map(({ accountId, data, at }) => toTold(accountId, data, at, lifted))
}

/** The first delivery of each. */
export function liftsTold({ callbacks }: Ledger): readonly CallbackFacts[] {
  const first = new Map<string, CallbackFacts>()
  for (const callback of callbacks) {
    const { type, webhookId } = callback
    if (type === 'hold.lifted' && !first.has(webhookId)) first.set(webhookId, callback)
  }
  return [...first.values()]
}

function toTold(
  accountId: string,
  data: CallbackFacts['data'],
  toldAt: number,
  lifted: ReadonlyMap<unknown, CallbackFacts>,
): ToldHold {
  const lift = lifted.get(data.hold_id)
  return {
    accountId,
    holdId: textOf(data.hold_id) ?? '',
    reason: textOf(data.reason) ?? '',
    cause: textOf(data.cause) ?? '',
    alertId: textOf(data.alert_id),
    startedAt: Date.parse(textOf(data.started_at) ?? ''),
    until: Date.parse(textOf(data.until) ?? ''),
    toldAt,
    liftedAt: lift?.occurredAt ?? null,
    liftedFor: textOf(lift?.data.reason),
    liftedBy: lift ? Math.min(lift.at, lift.occurredAt + STORED_MS) : null,
  }
}

/** Within which an event can have been received. */
export function receivedWithin({ postedAt }: EventFacts): readonly [number, number] {
  return [postedAt[0] ?? Number.NaN, postedAt.at(-1) ?? Number.NaN]
}

/** When it was first seen in the account's history: by then its batch was done. */
export function storedBy(ledger: Ledger, { accountId, alertId }: EventFacts): number {
  const reading = ledger.histories.find(
    (one) => one.accountId === accountId && one.logins.some((row) => row.alertId === alertId),
  )
  return reading?.answeredAt ?? Number.POSITIVE_INFINITY
}

/** Surely past its first day. */
export function isGrown(ledger: Ledger, account: AccountFacts | undefined, at: number): boolean {
  const importedAt = account?.importedAt ?? null
  return importedAt !== null && at > importedAt + DAY_MS + slackMs(ledger)
}

/** Surely in its first day. */
export function isNew(ledger: Ledger, account: AccountFacts | undefined, at: number): boolean {
  const { importedAt = null, importAskedAt = null } = account ?? {}
  if (importedAt === null || importAskedAt === null) return false
  return at > importedAt + slackMs(ledger) && at < importAskedAt + DAY_MS - slackMs(ledger)
}

/** Its lift was waiting by then, and was made: whoever asked for it did not know of what came since, which has to hold by itself. */
export function isGivenUp(ledger: Ledger, hold: ToldHold, at: number): boolean {
  const { accountId, toldAt, liftedAt, liftedFor } = hold
  if (liftedAt === null || liftedFor === 'owner') return false
  const slack = slackMs(ledger)
  return ledger.lifts.some(
    (act) =>
      act.accountId === accountId &&
      act.dueAt !== null &&
      act.at > toldAt &&
      (act.answeredAt ?? at) < at - slack &&
      liftedAt >= act.dueAt - slack,
  )
}

/** The exchange may have asked for its lift by then, which may wait: stored, also where no answer was heard. */
export function mayBeGivenUp(ledger: Ledger, hold: ToldHold, at: number): boolean {
  const slack = slackMs(ledger)
  return (
    ledger.liftDelayHours > 0 &&
    ledger.lifts.some(
      (act) =>
        act.accountId === hold.accountId &&
        act.at <= at + slack &&
        (act.answeredAt ?? Number.POSITIVE_INFINITY) >= hold.startedAt - slack,
    )
  )
}
