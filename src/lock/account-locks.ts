// The locks and holds of one account, for whoever has to tell its story.

import { desc } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { holds, locks } from './tables.ts'

/** The newest first. */
export function readAccountLocksStatement(db: Db, accountId: string, limit: number) {
  return db
    .select()
    .from(locks)
    .where(ofAccount(locks, accountId))
    .orderBy(desc(locks.lockedAt))
    .limit(limit)
}

/** The newest first, and only those that no lock made. */
export function readAccountHoldsStatement(db: Db, accountId: string, limit: number) {
  return db
    .select()
    .from(holds)
    .where(ofAccount(holds, accountId))
    .orderBy(desc(holds.startedAt))
    .limit(limit)
}
