// The lock itself: one D1 batch that holds withdrawals, revokes sessions and writes the callback, or
// does none of it. Every statement leans on the lock's row, so running the batch again for the same
// lock (a second tap, a repeated job) changes nothing.

import { and, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import { heldUntilSql, raiseHoldStatement } from '../account/hold.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { callbackBodySql, insertCallbackStatement } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { instantSql } from '../lib/instant-sql.ts'
import { logInfo } from '../lib/log.ts'
import { ofAccount } from '../lib/slot.ts'
import { alertIdSql } from '../login/by-number.ts'
import { LOCK_ENDS_UNTIL } from '../login/login.ts'
import { newestLoginSql } from '../login/newest-login.ts'
import { revokeSessionsStatement, type SessionsOfLock, sessionIdsSql } from '../login/sessions.ts'
import { HOLD_MS, type LockVia } from './hold.ts'
import { stopLiftsOfPressStatement } from './lift/lifts.ts'
import type { LockClaims } from './link-facts.ts'
import type { LockAction } from './lock-actions.ts'
import type { LockActContext } from './lock-context.ts'
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
  /** For the log: by which API key (its short hash) or visit. The other ways have neither. */
  readonly by?: { readonly key: string } | { readonly visit: string }
  /** No second lock of this way while one stands and no login has come since: pressed again, it is that one. */
  readonly isOneWhileItStands?: boolean
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
export async function lockAccount(context: LockActContext, request: LockRequest): Promise<Lock> {
  const { accountId, lockId, lockedAt } = request
  const db = context.dbOf(accountId)
  const callbackId = await lockCallbackId(request)
  const sessions = sessionsOf(request)
  const isInForce = isInForceSql(request)
  const until = ofLock(request, sql`${locks.holdUntil}`)
  const body = callbackBody(request, sessions)
  const isKnown = request.isOneWhileItStands
    ? or(isLock(request), isStanding(request))
    : isLock(request)
  const isNewLock = sql`NOT EXISTS (SELECT 1 FROM ${locks} WHERE ${isKnown})`
  const [, , , , , found, standing] = await db.batch([
    // Also where the lock was there before: whoever taps wants the hold. First: it asks whether it was.
    stopLiftsOfPressStatement(db, accountId, { pressedAt: lockedAt, isNewLock }),
    insertLockStatement(db, request, context.config.lockActions),
    // Before the sessions are revoked: it lists those that are live.
    insertCallbackStatement(
      db,
      { accountId, callbackId, type: 'account.locked', body },
      lockedAt,
      isInForce,
    ),
    revokeSessionsStatement(db, sessions),
    raiseHoldStatement(db, { accountId, lockId, until }, isInForce, lockedAt),
    db.select().from(locks).where(isLock(request)),
    // Of no use, and one row, where this lock is its own.
    db.select().from(locks).where(isStanding(request)).orderBy(desc(locks.lockedAt)).limit(1),
  ])
  const lock = found[0] ?? standing[0]
  if (!lock) throw new Error('a lock was not there right after its insert')
  const way = { account_id: accountId, ...request.by, lock_id: lock.lockId, via: request.via }
  if (lock.liftedAt !== null) logInfo('lock.void', way)
  else {
    const isNew = lock.lockId === lockId && lock.lockedAt === request.lockedAt
    logInfo('lock.used', { ...way, is_new: isNew })
  }
  if (lock.lockId === lockId) await nudgeCallback(context, accountId, callbackId)
  return lock
}

function insertLockStatement(db: Db, request: LockRequest, actions: readonly LockAction[]) {
  const { accountId, lockId, alertNumber, via, lockedAt } = request
  const alertId = alertNumber === null ? null : alertIdSql(accountId, alertNumber)
  const holdUntil = holdUntilSql(request)
  const row = { accountId, lockId, alertId, via, lockedAt, holdUntil, actions }
  const isOfItsOwn = request.isOneWhileItStands
    ? sql`NOT EXISTS (SELECT 1 FROM ${locks} WHERE ${isStanding(request)})`
    : sql`true`
  return insertWhen(db, locks, row, isOfItsOwn).onConflictDoNothing()
}

/** A lock of the same way that does all this one would do. */
function isStanding({ accountId, via, lockedAt }: LockRequest) {
  return and(
    ofAccount(locks, accountId),
    eq(locks.via, via),
    isNull(locks.liftedAt),
    gt(locks.holdUntil, lockedAt),
    sql`${locks.lockedAt} > coalesce(${newestLoginSql(accountId, 'receivedAt')}, 0)`,
  )
}

/** The rule of `decideHoldUntil`, where the facts are. */
function holdUntilSql({ accountId, lockedAt }: LockRequest): SQL {
  const heldUntil = heldUntilSql(accountId)
  const latestLoginAt = newestLoginSql(accountId, 'occurredAt')
  return sql`CASE WHEN coalesce(${heldUntil}, 0) <= ${lockedAt} THEN ${lockedAt + HOLD_MS}
    ELSE max(${heldUntil}, min(${lockedAt}, coalesce(${latestLoginAt}, 0)) + ${HOLD_MS}) END`
}

// The lock's own instant, not the request's: a page reloaded later must not end what began after the tap.
function sessionsOf(request: LockRequest): SessionsOfLock {
  const begunUntil = ofLock(request, sql.raw(LOCK_ENDS_UNTIL))
  return { accountId: request.accountId, liveAt: request.lockedAt, begunUntil }
}

function callbackBody(request: LockRequest, sessions: SessionsOfLock): SQL {
  const data = sql`json_object(
    'account_id', ${locks.accountId}, 'lock_id', ${locks.lockId}, 'alert_id', ${locks.alertId},
    'via', ${locks.via}, 'hold_until', ${instantSql(locks.holdUntil)},
    'session_ids', ${sessionIdsSql(sessions, SESSION_IDS_MAX)},
    'actions', json(${locks.actions}))`
  return ofLock(request, callbackBodySql('account.locked', locks.lockedAt, data))
}

/** A fact of the lock's row, as one value; NULL while there is none. */
function ofLock(request: LockRequest, fact: SQL): SQL {
  return sql`(SELECT ${fact} FROM ${locks} WHERE ${isLock(request)})`
}

/** Lifted, it does nothing any more: a tap on an old page must not hold again. */
function isInForceSql(request: LockRequest): SQL {
  return sql`EXISTS (SELECT 1 FROM ${locks} WHERE ${isLock(request)} AND ${isNull(locks.liftedAt)})`
}

function isLock({ accountId, lockId }: LockRequest) {
  return and(ofAccount(locks, accountId), eq(locks.lockId, lockId))
}
