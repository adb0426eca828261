// The SQL of what the exchange has said of a lock's actions. Answers only grow, and the first instant stays: so done is final,
// and forty isolates may store what they heard in any order. A confirmation of all together writes no row of the lock.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import { isConfirmedCallbackSql } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { type ActionAnswers, ALWAYS_ASKED, type LockAction } from './lock-actions.ts'
import { locks } from './tables.ts'

export type LockOfCallback = {
  readonly accountId: string
  readonly lockId: string
  readonly callbackId: string
}

export type SaidActions = {
  readonly done: readonly LockAction[]
  readonly failed: readonly LockAction[]
}

/**
 * What was said of single ones. Nothing where all were confirmed together before: that is final. In the batch of a confirmation it
 * stands before it.
 */
export function storeAnswersStatement(
  db: Db,
  { accountId, lockId, callbackId }: LockOfCallback,
  said: SaidActions,
  now: number,
) {
  const isNews = sql`NOT (${locks.answers} IS NULL
    AND ${isConfirmedCallbackSql(accountId, callbackId)})`
  return mergeStatement(db, { accountId, lockId }, said, now, isNews)
}

/** All are confirmed together. Writes only where something was said of single ones before. */
export function confirmAllStatement(
  db: Db,
  lock: Pick<LockOfCallback, 'accountId' | 'lockId'>,
  asked: readonly LockAction[],
  now: number,
) {
  const hasAnswers = sql`${locks.answers} IS NOT NULL`
  return mergeStatement(db, lock, { done: asked, failed: [] }, now, hasAnswers)
}

function mergeStatement(
  db: Db,
  { accountId, lockId }: Pick<LockOfCallback, 'accountId' | 'lockId'>,
  { done, failed }: SaidActions,
  now: number,
  when: SQL,
) {
  const at = (actions: readonly LockAction[]) =>
    Object.fromEntries(actions.map((action) => [action, now]))
  const news = JSON.stringify({ done: at(done), failed: at(failed) } satisfies ActionAnswers)
  // RFC 7396: what stood there wins, so that an instant is that of the first answer.
  const merged = sql`json_patch(${news}, coalesce(${locks.answers}, '{}'))`
  const isOpen = sql`EXISTS (SELECT 1
    FROM json_each(coalesce(${locks.actions}, ${JSON.stringify(ALWAYS_ASKED)})) AS asked
    WHERE json_extract(${merged}, '$.done."' || asked.value || '"') IS NULL)`
  return db
    .update(locks)
    .set({
      answers: merged,
      partlySince: sql`CASE WHEN ${locks.liftedAt} IS NULL AND ${isOpen} THEN ${locks.lockedAt} END`,
    })
    .where(and(ofAccount(locks, accountId), eq(locks.lockId, lockId), when))
}
