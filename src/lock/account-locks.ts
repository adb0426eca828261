// The locks of one account, for whoever has to tell its story.

import { desc } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { locks } from './tables.ts'

/** The newest first. */
export function readAccountLocksStatement(db: Db, accountId: string, limit: number) {
  return db
    .select()
    .from(locks)
    .where(ofAccount(locks, accountId))
    .orderBy(desc(locks.lockedAt))
    .limit(limit)
}
