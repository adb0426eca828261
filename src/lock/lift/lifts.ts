// The SQL of lifts that are due later. One row for each hold, whoever asks at the same moment; what was stopped stays so, and
// what is due is found through an index that has no other rows. Whether one may be asked for is decided elsewhere.

import { and, asc, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { insertWhen } from '../../lib/insert-when.ts'
import { ofAccount } from '../../lib/slot.ts'
import { holdLifts } from '../tables.ts'

export type HoldLift = typeof holdLifts.$inferSelect

type LiftKey = Pick<HoldLift, 'accountId' | 'holdId'>

export type NewLift = Omit<HoldLift, 'slot' | 'ended' | 'endedAt'>

/** Nothing where one was asked for before, or `when` is false in its batch. */
export function askLiftStatement(db: Db, lift: NewLift, when: SQL) {
  return insertWhen(db, holdLifts, lift, when).onConflictDoNothing()
}

/** Of these holds of one account. */
export function findLiftsStatement(db: Db, accountId: string, holdIds: readonly string[]) {
  return db
    .select()
    .from(holdLifts)
    .where(and(ofAccount(holdLifts, accountId), inArray(holdLifts.holdId, [...holdIds])))
}

/** Those that wait, the next first. */
export async function findOpenLifts(db: Db, accountId: string): Promise<readonly HoldLift[]> {
  return db
    .select()
    .from(holdLifts)
    .where(and(ofAccount(holdLifts, accountId), isNull(holdLifts.ended)))
    .orderBy(asc(holdLifts.dueAt))
}

/** Whether one of these holds was kept by a stop: for a `WHERE`. */
export function isStoppedSql(accountId: string, holdIds: readonly string[]): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holdLifts}
    WHERE ${and(ofAccount(holdLifts, accountId), inArray(holdLifts.holdId, [...holdIds]), eq(holdLifts.ended, 'stopped'))})`
}

/** Whether this request has a row: for a `WHERE`. */
export function isAskedSql(accountId: string, requestNumber: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holdLifts}
    WHERE ${and(ofAccount(holdLifts, accountId), eq(holdLifts.requestNumber, requestNumber))})`
}

/** Whether it is to be made now: for a `WHERE`. */
export function isDueSql(key: LiftKey, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holdLifts} WHERE ${isDue(key, now)})`
}

function isDue({ accountId, holdId }: LiftKey, now: number) {
  return and(
    ofAccount(holdLifts, accountId),
    eq(holdLifts.holdId, holdId),
    isNull(holdLifts.ended),
    lte(holdLifts.dueAt, now),
  )
}

/** Once it was made. */
export function endLiftStatement(db: Db, key: LiftKey, now: number) {
  return db.update(holdLifts).set({ ended: 'done', endedAt: now }).where(isDue(key, now))
}

/** All of the account's that wait, or those of one request. */
export function stopLiftsStatement(db: Db, accountId: string, now: number, requestNumber?: number) {
  return db
    .update(holdLifts)
    .set({ ended: 'stopped', endedAt: now })
    .where(isWaiting(accountId, requestNumber))
}

/**
 * Those that a press of `pressedAt` is to stop: asked for before it, or all where it makes a lock that nobody knew of. A press that
 * the queue brings again must not stop what the exchange has asked for since.
 */
export function stopLiftsOfPressStatement(
  db: Db,
  accountId: string,
  { pressedAt, isNewLock }: { readonly pressedAt: number; readonly isNewLock: SQL },
) {
  const isMeant = or(lte(holdLifts.askedAt, pressedAt), isNewLock)
  return db
    .update(holdLifts)
    .set({ ended: 'stopped', endedAt: pressedAt })
    .where(and(isWaiting(accountId), isMeant))
}

/** Whether `stopLiftsStatement` would stop one: for a `WHERE`. */
export function isOneWaitingSql(accountId: string, requestNumber?: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${holdLifts} WHERE ${isWaiting(accountId, requestNumber)})`
}

function isWaiting(accountId: string, requestNumber?: number) {
  const isOne = requestNumber === undefined ? undefined : eq(holdLifts.requestNumber, requestNumber)
  return and(ofAccount(holdLifts, accountId), isNull(holdLifts.ended), isOne)
}

/** How one request stands: `none` of one that never was, or is forgotten. */
export async function findRequest(
  db: Db,
  accountId: string,
  requestNumber: number,
): Promise<readonly HoldLift[]> {
  return db
    .select()
    .from(holdLifts)
    .where(and(ofAccount(holdLifts, accountId), eq(holdLifts.requestNumber, requestNumber)))
}

export type DueLiftKey = Pick<HoldLift, 'dueAt' | 'accountId' | 'holdId'>

/** A page of those that are due in this database, the oldest first; `after` is the last of the page before. */
export async function findDueLifts(
  db: Db,
  after: DueLiftKey | null,
  { now, rows }: { readonly now: number; readonly rows: number },
): Promise<readonly DueLiftKey[]> {
  const { dueAt, accountId, holdId } = holdLifts
  const from = after ?? { dueAt: 0, accountId: '', holdId: '' }
  return db
    .select({ dueAt, accountId, holdId })
    .from(holdLifts)
    .where(
      and(
        // A literal, so that SQLite uses the partial index.
        sql`${holdLifts.ended} IS NULL`,
        lte(dueAt, now),
        sql`(${dueAt}, ${accountId}, ${holdId}) > (${from.dueAt}, ${from.accountId}, ${from.holdId})`,
      ),
    )
    .orderBy(asc(dueAt), asc(accountId), asc(holdId))
    .limit(rows)
}
