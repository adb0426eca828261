// What is known of a lock, for the page and the API: evidence in D1, nothing assumed.

import { and, desc, eq, gte, ne, type SQL, sql } from 'drizzle-orm'
import { findCallback } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { findHoldState } from './hold-state.ts'
import { type Lock, lockCallbackId } from './lock-account.ts'
import { locks } from './tables.ts'

export type LockState = {
  readonly lock: Lock
  /** When the exchange answered 2xx to the callback, or null while it has not. */
  readonly confirmedAt: number | null
}

export async function findLockState(
  db: Db,
  accountId: string,
  lockId: string,
): Promise<LockState | null> {
  const [lock] = await db
    .select()
    .from(locks)
    .where(and(ofAccount(locks, accountId), eq(locks.lockId, lockId)))
  if (!lock) return null
  const callback = await findCallback(db, accountId, await lockCallbackId(lock))
  return { lock, confirmedAt: callback?.confirmedAt ?? null }
}

/** Whether there is still something to see of it, for whoever has a link that has expired: its hold, or its confirmation. */
export function isStillShown({ lock, confirmedAt }: LockState, now: number): boolean {
  return lock.holdUntil > now || confirmedAt === null
}

/**
 * What somebody with the link of a lock is to be told: of that lock; where there is none, or it was lifted, of the one that
 * holds the account now, whoever made it.
 */
export async function findShownLock(
  db: Db,
  accountId: string,
  lockId: string,
  now: number,
): Promise<LockState | null> {
  const own = await findLockState(db, accountId, lockId)
  if (own && own.lock.liftedAt === null) return own
  const { lock } = await findHoldState(db, accountId, now)
  const standing = lock?.lockId ? await findLockState(db, accountId, lock.lockId) : null
  return standing ?? own
}

/** When the account was last locked from elsewhere than the owner's pages. */
export function findOutsideLockStatement(db: Db, accountId: string) {
  return db
    .select({ lockedAt: locks.lockedAt })
    .from(locks)
    .where(and(ofAccount(locks, accountId), ne(locks.via, 'portal')))
    .orderBy(desc(locks.lockedAt))
    .limit(1)
}

/** Whether somebody has locked the account at this instant or later, by whatever way, lifted since or not: for a `WHERE`. */
export function isLockedSinceSql(accountId: string, at: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${locks}
    WHERE ${and(ofAccount(locks, accountId), gte(locks.lockedAt, at))})`
}
