// The SQL of holds that no lock made: begun once for a reason, never made longer, ended by what may end them. What begins
// one is decided by the caller's `when`; that money may go out again, by findHoldState.

import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { isInFirstDaySql } from '../account/first-day.ts'
import { callbackBodySql, insertCallbackStatement } from '../exchange/outbox.ts'
import { isRememberedSql } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { instantSql } from '../lib/instant-sql.ts'
import { amongAccountsSql, ofAccount, ofAccounts } from '../lib/slot.ts'
import { formatInstant } from '../lib/time.ts'
import { isOldByLoginsSql } from '../login/logins.ts'
import type { HoldReason, StoredReason } from './hold-reason.ts'
import { holdLifts, holds } from './tables.ts'

export type StoredHold = typeof holds.$inferSelect

type HoldKey = Pick<StoredHold, 'accountId' | 'holdId'>

export type HoldToStart = {
  readonly accountId: string
  readonly holdId: string
  readonly reason: StoredReason
  readonly startedAt: number
  /** One that would end as it begins is none: so COOLING_OFF_HOURS = 0 begins none. */
  readonly until: number
  readonly alertId: string | null
  readonly cause: string
}

/** Of `erasedScopes`: an account that was erased of late has no first day. */
type Erased = { readonly erasedScopes: readonly string[] }

/** Of `hold.started` and `hold.lifted`: each is told once. */
export function holdCallbackId(
  type: 'hold.started' | 'hold.lifted',
  { accountId, holdId }: { readonly accountId: string; readonly holdId: string },
): Promise<string> {
  return deriveId('cbk', type, accountId, holdId)
}

/** What an alert begins is told by its own id, however often its event comes. */
export function holdIdOf(alertId: string): Promise<string> {
  return deriveId('hld', alertId)
}

/** Those that run at `now`, the oldest first. */
export function runningHoldsStatement(db: Db, accountId: string, now: number) {
  return db
    .select()
    .from(holds)
    .where(and(ofAccount(holds, accountId), isRunning(now)))
    .orderBy(asc(holds.startedAt), asc(holds.holdId))
}

export function findHoldStatement(db: Db, hold: Pick<StoredHold, 'accountId' | 'holdId'>) {
  return db.select().from(holds).where(isHold(hold))
}

/** Those of a list that there are, over or not. */
export function findHoldsStatement(db: Db, accountId: string, holdIds: readonly string[]) {
  return db
    .select()
    .from(holds)
    .where(and(ofAccount(holds, accountId), inArray(holds.holdId, [...holdIds])))
}

/** Those of any of these accounts: for a `WHERE`. */
export function areRunning(accountIds: readonly string[], now: number) {
  return and(ofAccounts(holds, accountIds), isRunning(now))
}

function isRunning(now: number) {
  return and(isNull(holds.liftedAt), gt(holds.until, now))
}

/** Whether one for this reason runs at `now`: for a `WHERE`. */
export function isHeldForSql(accountId: string, reason: StoredReason, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holds}
    WHERE ${and(ofAccount(holds, accountId), eq(holds.reason, reason), isRunning(now))})`
}

/** And no lift of it waits to be due: whoever asked for that did not know of what comes now, which it would leave without a hold. */
function isHeldToItsEndSql(accountId: string, reason: StoredReason, now: number): SQL {
  const isWaiting = and(
    ofAccount(holdLifts, accountId),
    eq(holdLifts.holdId, holds.holdId),
    isNull(holdLifts.ended),
  )
  return sql`EXISTS (SELECT 1 FROM ${holds}
    WHERE ${and(ofAccount(holds, accountId), eq(holds.reason, reason), isRunning(now))}
      AND NOT EXISTS (SELECT 1 FROM ${holdLifts} WHERE ${isWaiting}))`
}

/** Whether one of these, of one account, runs at `now`: for a `WHERE`. */
export function isOneRunningSql(some: readonly StoredHold[], now: number): SQL {
  const [first] = some
  if (!first) return sql`false`
  const ids = some.map(({ holdId }) => holdId)
  return sql`EXISTS (SELECT 1 FROM ${holds}
    WHERE ${and(ofAccount(holds, first.accountId), inArray(holds.holdId, ids), isRunning(now))})`
}

/** Those of a list whom another hold holds, as `account_id`. */
export function heldAmongSql(accountIds: readonly string[], now: number): SQL {
  return sql`SELECT ${holds.accountId} AS account_id FROM ${amongAccountsSql(holds, accountIds)}
    WHERE ${isRunning(now)}`
}

/**
 * For the batch of what begins it, if `when` is true there: the hold, and `hold.started` for the exchange, whose id is
 * `holdCallbackId`. None begins while one for the same reason runs, which is not made longer, unless its lift waits to be due; nor,
 * but for one that the owner planned, in the account's first day.
 */
export function startHoldStatements(
  db: Db,
  {
    callbackId,
    when = sql`true`,
    erasedScopes,
    ...hold
  }: HoldToStart &
    Erased & {
      readonly callbackId: string
      readonly when?: SQL
    },
) {
  const { accountId, reason, startedAt, until } = hold
  const mayBegin = sql`${when} AND ${until} > ${startedAt}
    AND NOT ${isHeldToItsEndSql(accountId, reason, startedAt)}
    AND ${
      reason === 'planned'
        ? sql`true`
        : sql`(NOT ${isInFirstDaySql(accountId, startedAt)}
      OR ${isOldByLoginsSql(accountId, startedAt)} OR ${isRememberedSql(erasedScopes)})`
    }`
  return [
    insertWhen(db, holds, hold, mayBegin).onConflictDoNothing(),
    tellHoldStatement(db, { accountId, holdId: hold.holdId, callbackId }, startedAt),
  ] as const
}

/** `hold.started` alone, of a hold that was begun before; none where there is no such hold. */
export function tellHoldStatement(
  db: Db,
  { callbackId, ...hold }: HoldKey & { readonly callbackId: string },
  now: number,
) {
  const { accountId } = hold
  const callback = { accountId, callbackId, type: 'hold.started', body: startedBody(hold) } as const
  return insertCallbackStatement(db, callback, now, sql`EXISTS (${ofHold(hold, sql`1`)})`)
}

/** As `hold.started` says it, of the hold's row; NULL where there is none. */
function startedBody(hold: HoldKey): SQL {
  const data = sql`json_object(
    'account_id', ${holds.accountId}, 'hold_id', ${holds.holdId}, 'reason', ${holds.reason},
    'cause', ${holds.cause}, 'alert_id', ${holds.alertId},
    'started_at', ${instantSql(holds.startedAt)}, 'until', ${instantSql(holds.until)})`
  return sql`(${ofHold(hold, callbackBodySql('hold.started', holds.startedAt, data))})`
}

function ofHold({ accountId, holdId }: HoldKey, fact: SQL): SQL {
  return sql`SELECT ${fact} FROM ${holds} WHERE ${isHold({ accountId, holdId })}`
}

function isHold({ accountId, holdId }: HoldKey) {
  return and(ofAccount(holds, accountId), eq(holds.holdId, holdId))
}

/** `signed`: by the owner's passkey, as the exchange can check it. */
export type LiftTerms = {
  readonly reason: string
  readonly now: number
  readonly when: SQL
  readonly signed?: SignedFields
}

/** As `hold.lifted` carries them, base64url all: what was signed, until when it was worth something, and of which holds it speaks. */
export type SignedFields = {
  readonly assertion: {
    readonly credential_id: string
    readonly authenticator_data: string
    readonly client_data_json: string
    readonly signature: string
  }
  readonly expires_at: string
  readonly signed_hold_ids: readonly string[]
}

/** For the batch that ends it early, if it still runs and `when` is true there: `hold.lifted`, then the end itself. */
export function endHoldStatements(
  db: Db,
  hold: Pick<StoredHold, 'accountId' | 'holdId' | 'reason'>,
  { callbackId, reason, now, when, signed }: LiftTerms & { readonly callbackId: string },
) {
  const { accountId, holdId } = hold
  const isMeant = sql`${when} AND ${isHoldRunningSql(hold, now)}`
  const facts = { accountId, holdId, lockId: null, holdReason: hold.reason }
  const data = liftedData(facts, reason, now, signed)
  return [
    insertCallbackStatement(db, { accountId, callbackId, type: 'hold.lifted', data }, now, isMeant),
    db
      .update(holds)
      .set({ liftedAt: now, liftReason: reason })
      .where(and(isHold(hold), isRunning(now), when)),
  ] as const
}

/** As `hold.lifted` says it. */
export function liftedData(
  hold: {
    readonly accountId: string
    readonly holdId: string | null
    readonly lockId: string | null
    readonly holdReason: HoldReason
  },
  reason: string,
  now: number,
  signed?: SignedFields,
) {
  return {
    account_id: hold.accountId,
    hold_id: hold.holdId,
    lock_id: hold.lockId,
    hold_reason: hold.holdReason,
    reason,
    lifted_at: formatInstant(now),
    ...signed,
  }
}

/** Whether this one runs at `now`: for a `WHERE`. */
export function isHoldRunningSql(hold: Pick<StoredHold, 'accountId' | 'holdId'>, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holds} WHERE ${and(isHold(hold), isRunning(now))})`
}

/** Whether there is this one, over or not: for a `WHERE`. */
export function hasHoldSql(hold: Pick<StoredHold, 'accountId' | 'holdId'>): SQL {
  return sql`EXISTS (${ofHold(hold, sql`1`)})`
}
