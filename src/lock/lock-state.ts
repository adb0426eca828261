// What is known of a lock, for the page and the API: evidence in D1, nothing assumed.

import { and, desc, eq, gte, ne, type SQL, sql } from 'drizzle-orm'
import { findCallbackStatement, findOutcomes } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { findHoldState } from './hold-state.ts'
import { type Lock, lockCallbackId } from './lock-account.ts'
import { type ActionStatus, actionStatuses, allDoneAt, isDone } from './lock-actions.ts'
import { locks } from './tables.ts'

export type LockState = {
  readonly lock: Lock
  /** Each that it asks for, and what the exchange has said of it. */
  readonly actions: readonly ActionStatus[]
  /** When the last of them was confirmed; null while one is not. */
  readonly confirmedAt: number | null
}

/** `deliveredAt`: when the exchange answered 2xx to its callback, or null while it has not. Pure. */
export function lockStateOf(lock: Lock, deliveredAt: number | null): LockState {
  const actions = actionStatuses(lock.actions, lock.answers, deliveredAt)
  return { lock, actions, confirmedAt: allDoneAt(actions) }
}

export async function findLockState(
  db: Db,
  accountId: string,
  lockId: string,
): Promise<LockState | null> {
  const callbackId = await lockCallbackId({ accountId, lockId })
  // In one batch: a confirmation and what it says of single actions are stored together.
  const [[lock], [callback]] = await db.batch([
    findLockStatement(db, accountId, lockId),
    findCallbackStatement(db, accountId, callbackId),
  ])
  return lock ? lockStateOf(lock, callback?.confirmedAt ?? null) : null
}

export function findLockStatement(db: Db, accountId: string, lockId: string) {
  return db
    .select()
    .from(locks)
    .where(and(ofAccount(locks, accountId), eq(locks.lockId, lockId)))
}

/** Many in a day are an exchange's own; D1 binds a hundred values. */
const RECENT_LOCKS = 80

/** When the newest lock was made by which the exchange says it ended all sessions, lifted since or not; null without one. */
export async function findSessionsEndedAt(db: Db, accountId: string): Promise<number | null> {
  const recent = await db
    .select()
    .from(locks)
    .where(ofAccount(locks, accountId))
    .orderBy(desc(locks.lockedAt))
    .limit(RECENT_LOCKS)
  if (recent.length === 0) return null
  const ids = await Promise.all(recent.map(lockCallbackId))
  const outcomes = await findOutcomes(db, accountId, ids)
  const ended = recent.find((lock, index) => {
    const deliveredAt = outcomes.get(ids[index] ?? '')?.confirmedAt ?? null
    return isDone(lockStateOf(lock, deliveredAt).actions, 'sessions.revoke')
  })
  return ended?.lockedAt ?? null
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
