// The SQL that ends the hold of a lock early, whoever may: the account's hold and all its locks, since each of them holds.

import { and, isNull, type SQL, sql } from 'drizzle-orm'
import { dropHoldStatement } from '../../account/hold.ts'
import { hasCallbackSql } from '../../exchange/has-callback.ts'
import { insertCallbackStatement } from '../../exchange/outbox.ts'
import type { Db } from '../../lib/db.ts'
import { deriveId } from '../../lib/ids.ts'
import { ofAccount } from '../../lib/slot.ts'
import { type LiftTerms, liftedData } from '../holds.ts'
import { locks } from '../tables.ts'

/** The newest lock that was not lifted, or NULL; at the same instant the one with the greater id. */
export function newestLockIdSql(accountId: string): SQL {
  return sql`(SELECT lock_id FROM ${locks} WHERE ${ofAccount(locks, accountId)} AND lifted_at IS NULL
    ORDER BY locked_at DESC, lock_id DESC LIMIT 1)`
}

/** Of `hold.lifted`: whoever lifts it at the same moment tells it once. */
export function lockLiftedId(
  accountId: string,
  lockId: string | null,
  now: number,
): Promise<string> {
  return deriveId('cbk', 'hold.lifted', accountId, lockId ?? '', String(now))
}

/**
 * `hold.lifted` if `when` is true, and where it was told, the end of the hold and of the locks: each of these changes what `when` asks,
 * whether it is held and by which lock.
 */
export function liftLockStatements(
  db: Db,
  { accountId, lockId }: { readonly accountId: string; readonly lockId: string | null },
  { callbackId, reason, now, when, signed }: LiftTerms & { readonly callbackId: string },
) {
  const hold = { accountId, holdId: lockId, lockId, holdReason: 'lock' } as const
  const data = liftedData(hold, reason, now, signed)
  const isTold = hasCallbackSql({ accountId, callbackId })
  return [
    insertCallbackStatement(db, { accountId, callbackId, type: 'hold.lifted', data }, now, when),
    dropHoldStatement(db, accountId, isTold, now),
    db
      .update(locks)
      .set({ liftedAt: now, liftReason: reason, partlySince: null })
      .where(and(ofAccount(locks, accountId), isNull(locks.liftedAt), isTold)),
  ] as const
}
