// What the outbox says of the exchange's health, all accounts together: each question goes through a partial index and has
// a bound, however much is open. What a slot that is on its way, or was moved, has left here is not asked: it tells what was.

import { and, asc, desc, gt, lte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isInPlace, ofAccount } from '../lib/slot.ts'
import { callbacks } from './tables.ts'

const ROWS_MAX = 200

const SHOWN = {
  accountId: callbacks.accountId,
  callbackId: callbacks.callbackId,
  type: callbacks.type,
  state: callbacks.state,
  attempts: callbacks.attempts,
  lastStatus: callbacks.lastStatus,
  lastError: callbacks.lastError,
  createdAt: callbacks.createdAt,
  nextAttemptAt: callbacks.nextAttemptAt,
} as const

export type ShownCallback = Pick<typeof callbacks.$inferSelect, keyof typeof SHOWN>

/** Locks from before `untilAt` that the exchange has not confirmed, oldest first. */
export function readUnconfirmedLocksStatement(db: Db, untilAt: number) {
  return db
    .select(SHOWN)
    .from(callbacks)
    .where(
      and(
        // Literals: with bound values SQLite may not use the partial index.
        sql`${callbacks.state} = 'open' AND ${callbacks.type} = 'account.locked'`,
        lte(callbacks.createdAt, untilAt),
        isInPlace(callbacks),
      ),
    )
    .orderBy(asc(callbacks.createdAt))
    .limit(ROWS_MAX)
}

/** What has been open since before `untilAt`, oldest first. */
export function readOldCallbacksStatement(db: Db, untilAt: number) {
  const { createdAt, accountId, callbackId } = callbacks
  return db
    .select(SHOWN)
    .from(callbacks)
    .where(and(sql`${callbacks.state} = 'open'`, lte(createdAt, untilAt), isInPlace(callbacks)))
    .orderBy(asc(createdAt), asc(accountId), asc(callbackId))
    .limit(ROWS_MAX)
}

/** Given up since `sinceAt`, the newest first: from then on `nextAttemptAt` says when that was. */
export function readGivenUpStatement(db: Db, sinceAt: number) {
  return db
    .select(SHOWN)
    .from(callbacks)
    .where(
      and(
        sql`${callbacks.state} IN ('stopped', 'dead')`,
        gt(callbacks.nextAttemptAt, sinceAt),
        isInPlace(callbacks),
      ),
    )
    .orderBy(desc(callbacks.nextAttemptAt))
    .limit(ROWS_MAX)
}

/** Of one account, the newest first. */
export function readAccountCallbacksStatement(db: Db, accountId: string, limit: number) {
  return db
    .select(SHOWN)
    .from(callbacks)
    .where(ofAccount(callbacks, accountId))
    .orderBy(desc(callbacks.createdAt))
    .limit(limit)
}
