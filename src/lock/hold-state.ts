// What holds an account's withdrawals, all reasons together: asked before every withdrawal, and ended early by the exchange.

import { sql } from 'drizzle-orm'
import { findAccountsStatement } from '../account/accounts.ts'
import { isHeldSql } from '../account/hold.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import type { Db } from '../lib/db.ts'
import { randomId } from '../lib/ids.ts'
import type { Ports } from '../lib/ports.ts'
import { anyLoginStatement } from '../login/newest-login.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import { insertNoticeStatement } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { type Hold, type LockHold, mergeHolds } from './hold-reason.ts'
import {
  endHoldStatements,
  holdCallbackId,
  isOneRunningSql,
  runningHoldsStatement,
  type StoredHold,
} from './holds.ts'
import { liftLockStatements, lockLiftedId, newestLockIdSql } from './lift/lift-lock.ts'
import type { ActContext } from './lock-context.ts'

export type HoldState = {
  /** Null where none is in force. */
  readonly hold: Hold | null
  /** The lock's own, if it runs. */
  readonly lock: LockHold | null
  /** The others that run, the oldest first. */
  readonly stored: readonly StoredHold[]
  /** False for an account that was neither imported nor seen in a login, locked or visited or not: its id may be a mistake. */
  readonly isKnown: boolean
}

/** How it stands at `now`, with the newest lock that is in force. Read from the primary: a withdrawal waits for the answer. */
export async function findHoldState(db: Db, accountId: string, now: number): Promise<HoldState> {
  const [accounts, logins, newest, stored] = await db.batch([
    findAccountsStatement(db, [accountId]),
    anyLoginStatement(db, accountId),
    db.select({ lockId: sql<string | null>`${newestLockIdSql(accountId)}` }).from(sql`(SELECT 1)`),
    runningHoldsStatement(db, accountId, now),
  ])
  const [account] = accounts
  const until = account?.holdUntil ?? 0
  const lockId = newest[0]?.lockId ?? account?.holdLockId ?? null
  const lock = account && until > now ? { until, lockId } : null
  return {
    hold: mergeHolds(lock, stored),
    lock,
    stored,
    isKnown: account?.unseen === 0 || logins.length > 0,
  }
}

/** `planned`: the owner has planned a hold, which nobody ends early; nothing is ended then. */
/** And `owner_required`: it is not the exchange's to end. */
export type Lift = 'lifted' | 'not_held' | 'lock_changed' | 'planned' | 'owner_required'

export type LiftOrder = {
  readonly reason: string
  readonly lockId: string | null
  /** Asked of exactly the holds that are to end. */
  readonly mayLift?: (held: Pick<HoldState, 'lock' | 'stored'>) => Promise<boolean>
}

type LiftContext = ActContext & NoticeContext & Pick<Ports, 'randomBytes'>

/**
 * Ends every hold early but a planned one, and tells the exchange of each, and the phone, in the same batch: the exchange may have
 * been talked into it. Given a lock's id, only while that is the newest one: whoever lifts it knows of no other, and one may
 * come while they decide. A hold that begins meanwhile stays.
 */
export async function liftHold(
  context: LiftContext,
  accountId: string,
  { reason, lockId, mayLift }: LiftOrder,
): Promise<Lift> {
  const db = context.dbOf(accountId)
  const now = context.now()
  const { lock, stored } = await findHoldState(db, accountId, now)
  if (stored.some((hold) => hold.reason === 'planned')) return 'planned'
  if (!lock && stored.length === 0) return 'not_held'
  if (mayLift && !(await mayLift({ lock, stored }))) return 'owner_required'
  const isMeant = lockId === null ? sql`true` : sql`${newestLockIdSql(accountId)} IS ${lockId}`
  const lockCallbackId = await lockLiftedId(accountId, lock?.lockId ?? null, now)
  const ends = await Promise.all(
    stored.map(async (hold) => {
      const callbackId = await holdCallbackId('hold.lifted', hold)
      const statements = endHoldStatements(db, hold, { callbackId, reason, now, when: isMeant })
      return { callbackId, statements }
    }),
  )
  const isLocked = lock ? sql`(${isMeant} AND ${isHeldSql(accountId, now)})` : sql`false`
  const ofLock = { accountId, lockId: lock?.lockId ?? null }
  const terms = { callbackId: lockCallbackId, reason, now, when: isLocked }
  const [tell, drop, mark] = liftLockStatements(db, ofLock, terms)
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'hold_lifted' } as const
  const isOther = sql`(${isMeant} AND ${isOneRunningSql(stored, now)})`
  const results = await db.batch([
    tell,
    // While they run: what is told is what is ended.
    insertNoticeStatement(db, notice, now, sql`(${isLocked} OR ${isOther})`),
    ...ends.flatMap(({ statements }) => statements),
    drop,
    // Last: what is meant is told by it.
    mark,
  ])
  const callbackIds = [lockCallbackId, ...ends.map(({ callbackId }) => callbackId)]
  const told = callbackIds.filter((_, place) => {
    // The lock's comes first, then the notice, then two statements for each of the others.
    const result = results[place * 2]
    return (result?.meta.changes ?? 0) > 0
  })
  // Another lift was first, where no lock was named.
  if (told.length === 0) return lockId === null ? 'not_held' : 'lock_changed'
  for (const callbackId of told) await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, notice)
  return 'lifted'
}
