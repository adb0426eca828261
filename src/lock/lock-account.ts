// The lock itself: one D1 batch that holds withdrawals, revokes sessions and writes the callback, or
// does none of it. Every statement leans on the lock's row, so running the batch again for the same
// lock (a second tap, a repeated job) changes nothing.

import { and, eq, isNull, sql } from 'drizzle-orm'
import { accounts } from '../account/tables.ts'
import type { Context } from '../context.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { callbacks } from '../exchange/tables.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from '../login/login.ts'
import { logins } from '../login/tables.ts'
import { HOLD_MS, type LockVia } from './hold.ts'
import type { LockClaims } from './link.ts'
import { locks } from './tables.ts'

/** The exchange ends every session of the account anyway; the list is there to name them. */
const SESSION_IDS_MAX = 1_000

export type Lock = typeof locks.$inferSelect

export type LockRequest = {
  readonly accountId: string
  readonly lockId: string
  readonly via: LockVia
  /** The alert whose link was used, or null when the exchange itself locks. */
  readonly alertNumber: number | null
  readonly lockedAt: number
}

/**
 * One alert locks once: its lock always has this id, even before any row exists. The expiry keeps it
 * apart from an alert of the same number of an account that was erased and imported anew.
 */
export function linkLockId(claims: LockClaims): Promise<string> {
  const { accountId, alertNumber, expiresAtSeconds } = claims
  return deriveId('lck', accountId, String(alertNumber), String(expiresAtSeconds))
}

export function lockCallbackId(lock: Pick<LockRequest, 'accountId' | 'lockId'>): Promise<string> {
  return deriveId('cbk', 'account.locked', lock.accountId, lock.lockId)
}

/** Stores the lock and nudges its callback. Throws when D1 refuses: the caller decides what then. */
export async function lockAccount(context: Context, request: LockRequest): Promise<Lock> {
  const { db } = context
  const { accountId, lockId } = request
  const callbackId = await lockCallbackId(request)
  const [, , , , found] = await db.batch([
    insertLockStatement(db, request),
    // Before the sessions are revoked: it lists those that are live.
    insertCallbackStatement(db, request, callbackId),
    revokeSessionsStatement(db, request),
    holdStatement(db, request),
    db
      .select()
      .from(locks)
      .where(and(eq(locks.accountId, accountId), eq(locks.lockId, lockId))),
  ])
  const [lock] = found
  if (!lock) throw new Error('a lock was not there right after its insert')
  logInfo('lock.used', {
    lock_id: lockId,
    via: request.via,
    is_new: lock.lockedAt === request.lockedAt,
  })
  await nudgeCallback(context, accountId, callbackId)
  return lock
}

function alertIdSql(request: LockRequest) {
  return sql`(SELECT alert_id FROM logins WHERE account_id = ${request.accountId}
    AND alert_number = ${request.alertNumber} ORDER BY seq DESC LIMIT 1)`
}

/** The rule of `decideHoldUntil`, where the facts are. */
function insertLockStatement(db: Db, request: LockRequest) {
  const { accountId, lockId, via, lockedAt } = request
  const fullHoldUntil = lockedAt + HOLD_MS
  return db
    .insert(locks)
    .select(sql`
      SELECT ${accountId}, ${lockId}, ${alertIdSql(request)}, ${via}, ${lockedAt},
        CASE WHEN coalesce(account.hold_until, 0) <= ${lockedAt} THEN ${fullHoldUntil}
        ELSE max(account.hold_until, min(${lockedAt}, coalesce(last.occurred_at, 0)) + ${HOLD_MS})
        END, NULL, NULL
      FROM (SELECT 1)
      LEFT JOIN accounts AS account ON account.account_id = ${accountId}
      LEFT JOIN (SELECT occurred_at FROM logins WHERE account_id = ${accountId}
        ORDER BY seq DESC LIMIT 1) AS last
      WHERE true`)
    .onConflictDoNothing()
}

function insertCallbackStatement(db: Db, request: LockRequest, callbackId: string) {
  const { accountId, lockId, lockedAt } = request
  return db
    .insert(callbacks)
    .select(sql`
      SELECT ${accountId}, ${callbackId}, 'account.locked', ${callbackBodySql(request)},
        'open', 0, NULL, NULL, 0, ${lockedAt}, ${lockedAt}, NULL
      FROM locks AS lock
      WHERE lock.account_id = ${accountId} AND lock.lock_id = ${lockId} AND lock.lifted_at IS NULL`)
    .onConflictDoNothing()
}

/** The shape `callbackBody` gives every other callback; here the database holds the facts. */
function callbackBodySql(request: LockRequest) {
  return sql`json_object(
    'type', 'account.locked', 'timestamp', ${instantSql(sql`lock.locked_at`)},
    'data', json_object(
      'account_id', lock.account_id, 'lock_id', lock.lock_id, 'alert_id', lock.alert_id,
      'via', lock.via, 'hold_until', ${instantSql(sql`lock.hold_until`)},
      'session_ids', (SELECT json_group_array(session_id) FROM (
        SELECT DISTINCT session_id FROM logins WHERE ${liveSessionsSql(request)}
        ORDER BY seq DESC LIMIT ${SESSION_IDS_MAX})),
      'actions', json_array('sessions.revoke', 'withdrawals.hold')))`
}

// Sessions that began after the tap are not this lock's: a page reloaded later must not end them.
function liveSessionsSql(request: LockRequest) {
  return sql`account_id = ${request.accountId} AND session_ended_at IS NULL
    AND coalesce(session_expires_at, occurred_at + ${SESSION_DEFAULT_LIFETIME_MS})
      > ${request.lockedAt}
    AND received_at <= (SELECT locked_at FROM locks
      WHERE account_id = ${request.accountId} AND lock_id = ${request.lockId})`
}

function revokeSessionsStatement(db: Db, request: LockRequest) {
  return db
    .update(logins)
    .set({ sessionEndedAt: request.lockedAt, sessionEnd: 'revoked' })
    .where(and(isNull(logins.sessionEndedAt), liveSessionsSql(request)))
}

/** Raises the account's hold to the lock's; creates the account if only its lock is known. */
function holdStatement(db: Db, request: LockRequest) {
  const { accountId, lockId, lockedAt } = request
  return db
    .insert(accounts)
    .select(sql`
      SELECT account_id, NULL, 'ok', NULL, NULL, 'all', NULL, NULL, hold_until, lock_id,
        ${lockedAt}, ${lockedAt}, NULL, NULL, NULL, NULL
      FROM locks
      WHERE account_id = ${accountId} AND lock_id = ${lockId} AND lifted_at IS NULL`)
    .onConflictDoUpdate({
      target: accounts.accountId,
      set: {
        holdUntil: sql`excluded.hold_until`,
        holdLockId: sql`excluded.hold_lock_id`,
        updatedAt: lockedAt,
      },
      setWhere: sql`coalesce(${accounts.holdUntil}, 0) < excluded.hold_until`,
    })
}

/** Epoch milliseconds → RFC 3339, in integers: SQLite's own fractions round. */
function instantSql(milliseconds: ReturnType<typeof sql>) {
  return sql`strftime('%Y-%m-%dT%H:%M:%S', ${milliseconds} / 1000, 'unixepoch')
    || printf('.%03dZ', ${milliseconds} % 1000)`
}
