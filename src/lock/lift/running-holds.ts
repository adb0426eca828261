// What of an account holds at the moment and can be ended early, each by itself, with what says whose it is to end.

import { and, asc, gt, isNull } from 'drizzle-orm'
import { type Account, findAccountsStatement } from '../../account/accounts.ts'
import { listPasskeysStatement, type Passkey } from '../../account/passkeys.ts'
import type { Db } from '../../lib/db.ts'
import { ofAccount } from '../../lib/slot.ts'
import { HOLD_MS } from '../hold.ts'
import type { HoldReason, LockHold } from '../hold-reason.ts'
import { findHoldState } from '../hold-state.ts'
import type { StoredHold } from '../holds.ts'
import { locks } from '../tables.ts'

export type RunningHold = {
  /** Of a lock's hold, the lock's id; empty of a lock that is not known by one. */
  readonly holdId: string
  readonly reason: HoldReason
  /** Of a lock's hold, when the first of the locks began whose time runs. */
  readonly startedAt: number
}

export type HeldAccount = {
  /** Null where it has no row. */
  readonly account: Account | null
  readonly passkeys: readonly Passkey[]
  /** Without one that the owner planned. */
  readonly holds: readonly RunningHold[]
  /** Of all of them, every lock by itself: what was the owner's before one of these is the owner's. */
  readonly startedAt: readonly number[]
  readonly isPlanned: boolean
}

type Holds = { readonly lock: LockHold | null; readonly stored: readonly StoredHold[] }

export async function readHeldAccount(
  db: Db,
  accountId: string,
  now: number,
): Promise<HeldAccount> {
  return readWhose(db, accountId, await findHoldState(db, accountId, now), now)
}

/** Of exactly these holds, as they run at `now`. */
export async function readWhose(
  db: Db,
  accountId: string,
  { lock, stored }: Holds,
  now: number,
): Promise<HeldAccount> {
  const [[account], passkeys, running] = await db.batch([
    findAccountsStatement(db, [accountId]),
    listPasskeysStatement(db, accountId),
    db
      .select({ lockedAt: locks.lockedAt })
      .from(locks)
      .where(and(ofAccount(locks, accountId), isNull(locks.liftedAt), gt(locks.holdUntil, now)))
      .orderBy(asc(locks.lockedAt)),
  ])
  const others = stored.filter(({ reason }) => reason !== 'planned')
  const lockedAt = lock ? [...running.map((one) => one.lockedAt), lock.until - HOLD_MS] : []
  const [first] = lockedAt
  const ofLock = lock && first !== undefined && { holdId: lock.lockId ?? '', startedAt: first }
  return {
    account: account ?? null,
    passkeys,
    holds: [...(ofLock ? [{ ...ofLock, reason: 'lock' as const }] : []), ...others],
    startedAt: [...lockedAt, ...others.map(({ startedAt }) => startedAt)],
    isPlanned: stored.length > others.length,
  }
}
