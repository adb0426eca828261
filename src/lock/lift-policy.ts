// LIFT_POLICY: whether the exchange may end an account's holds early by its API. Asked of the holds that run, each by itself,
// since each has its own beginning. A key of the API is no owner, whatever its scopes.

import { and, gt, isNull } from 'drizzle-orm'
import { findAccountsStatement } from '../account/accounts.ts'
import { isOwnersAlone, type LiftPolicy } from '../account/owner-proofs.ts'
import { listPasskeysStatement } from '../account/passkeys.ts'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { HOLD_MS } from './hold.ts'
import type { LockHold } from './hold-reason.ts'
import type { StoredHold } from './holds.ts'
import { locks } from './tables.ts'

/** `lock` and `stored` as they run at `now`. */
export async function mayExchangeLift(
  db: Db,
  accountId: string,
  { lock, stored }: { readonly lock: LockHold | null; readonly stored: readonly StoredHold[] },
  { policy, now }: { readonly policy: LiftPolicy; readonly now: number },
): Promise<boolean> {
  if (policy === 'api') return true
  const [[account], passkeys, running] = await db.batch([
    findAccountsStatement(db, [accountId]),
    listPasskeysStatement(db, accountId),
    db
      .select({ lockedAt: locks.lockedAt })
      .from(locks)
      .where(and(ofAccount(locks, accountId), isNull(locks.liftedAt), gt(locks.holdUntil, now))),
  ])
  const passkeyLostAt = account?.passkeyLostAt ?? null
  const begun = [
    ...stored.map(({ startedAt }) => startedAt),
    ...(lock ? [lock.until - HOLD_MS, ...running.map(({ lockedAt }) => lockedAt)] : []),
  ]
  return !begun.some((at) => isOwnersAlone({ passkeyLostAt }, passkeys, at, policy))
}
