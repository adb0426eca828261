// The hold as it stands in the account: raised and dropped by a lock's batches, asked by whoever must not act under
// it. Which lock holds, and for how long, is decided elsewhere.

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { amongAccountsSql, ofAccount } from '../lib/slot.ts'
import { accounts } from './tables.ts'

/** The end of the account's hold, past or not; NULL without one. */
export function heldUntilSql(accountId: string): SQL {
  return sql`(SELECT hold_until FROM ${accounts} WHERE ${ofAccount(accounts, accountId)})`
}

/** For a `WHERE`. */
export function isHeldSql(accountId: string, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${accounts.holdUntil} > ${now})`
}

/** Those of a list whom a lock's hold holds, as `account_id`. */
export function lockedAmongSql(accountIds: readonly string[], now: number): SQL {
  return sql`SELECT ${accounts.accountId} AS account_id FROM ${amongAccountsSql(accounts, accountIds)}
    WHERE ${accounts.holdUntil} > ${now}`
}

/**
 * Raises the hold, never lowers it, if `when` is true in its batch; makes the account if only its lock is
 * known.
 */
export function raiseHoldStatement(
  db: Db,
  hold: { readonly accountId: string; readonly lockId: string; readonly until: SQL },
  when: SQL,
  now: number,
) {
  const { accountId, lockId, until } = hold
  return insertWhen(
    db,
    accounts,
    {
      accountId,
      holdUntil: until,
      holdLockId: lockId,
      createdAt: now,
      updatedAt: now,
      unseen: 1,
    },
    when,
  ).onConflictDoUpdate({
    target: [accounts.slot, accounts.accountId],
    set: {
      holdUntil: sql`excluded.hold_until`,
      holdLockId: sql`excluded.hold_lock_id`,
      updatedAt: now,
    },
    setWhere: sql`coalesce(${accounts.holdUntil}, 0) < excluded.hold_until`,
  })
}

/** If `when` is true in its batch. */
export function dropHoldStatement(db: Db, accountId: string, when: SQL, now: number) {
  return db
    .update(accounts)
    .set({ holdUntil: null, holdLockId: null, updatedAt: now })
    .where(sql`${ofAccount(accounts, accountId)} AND ${when}`)
}
