// What is known of a lock, for the page and the API: evidence in D1, nothing assumed.

import { and, desc, eq, gte, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { findAccountsStatement } from '../account/accounts.ts'
import { dropHoldStatement } from '../account/hold.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { findCallback, insertCallbackStatement } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { ofAccount } from '../lib/slot.ts'
import { formatInstant } from '../lib/time.ts'
import { anyLoginStatement } from '../login/logins.ts'
import { type Lock, lockCallbackId } from './lock-account.ts'
import type { ActContext } from './lock-context.ts'
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
  const { hold } = await findHoldState(db, accountId, now)
  const standing = hold?.lockId ? await findLockState(db, accountId, hold.lockId) : null
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

export type Hold = { readonly until: number; readonly lockId: string | null }

export type HoldState = {
  /** Null where none is in force. */
  readonly hold: Hold | null
  /** False for an account that was neither imported nor seen in a login, locked or visited or not: its id may be a mistake. */
  readonly isKnown: boolean
}

/** How it stands at `now`, with the newest lock that is in force. Read from the primary: a withdrawal waits for the answer. */
export async function findHoldState(db: Db, accountId: string, now: number): Promise<HoldState> {
  const [accounts, logins, newest] = await db.batch([
    findAccountsStatement(db, [accountId]),
    anyLoginStatement(db, accountId),
    db.select({ lockId: sql<string | null>`${newestLockIdSql(accountId)}` }).from(sql`(SELECT 1)`),
  ])
  const [account] = accounts
  const until = account?.holdUntil ?? 0
  const lockId = newest[0]?.lockId ?? account?.holdLockId ?? null
  return {
    hold: account && until > now ? { until, lockId } : null,
    isKnown: account?.unseen === 0 || logins.length > 0,
  }
}

/** The newest lock that was not lifted, or NULL; at the same instant the one with the greater id. */
function newestLockIdSql(accountId: string): SQL {
  return sql`(SELECT lock_id FROM ${locks} WHERE ${ofAccount(locks, accountId)} AND lifted_at IS NULL
    ORDER BY locked_at DESC, lock_id DESC LIMIT 1)`
}

export type Lift = 'lifted' | 'not_held' | 'lock_changed'

/**
 * Lifts the hold early and tells the exchange. Given a lock's id, only while that is the newest one: whoever lifts it knows
 * of no other, and one may come while they decide.
 */
export async function liftHold(
  context: ActContext,
  accountId: string,
  { reason, lockId }: { readonly reason: string; readonly lockId: string | null },
): Promise<Lift> {
  const db = context.dbOf(accountId)
  const now = context.now()
  const { hold } = await findHoldState(db, accountId, now)
  if (!hold) return 'not_held'
  const callbackId = await deriveId('cbk', 'hold.lifted', accountId, hold.lockId ?? '', String(now))
  const data = {
    account_id: accountId,
    lock_id: hold.lockId,
    reason,
    lifted_at: formatInstant(now),
  }
  const isMeant = lockId === null ? sql`true` : sql`${newestLockIdSql(accountId)} IS ${lockId}`
  const callback = { accountId, callbackId, type: 'hold.lifted', data } as const
  const [told] = await db.batch([
    insertCallbackStatement(db, callback, now, isMeant),
    dropHoldStatement(db, accountId, isMeant, now),
    // Last: what is meant is told by it.
    db
      .update(locks)
      .set({ liftedAt: now, liftReason: reason })
      .where(and(ofAccount(locks, accountId), isNull(locks.liftedAt), isMeant)),
  ])
  if (told.meta.changes === 0) return 'lock_changed'
  await nudgeCallback(context, accountId, callbackId)
  return 'lifted'
}
