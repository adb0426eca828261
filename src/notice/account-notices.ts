// The notices of one account, for whoever has to tell its story: which and how far, never to what number.

import { desc } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { notices } from './tables.ts'

/** The newest first. */
export function readAccountNoticesStatement(db: Db, accountId: string, limit: number) {
  const { noticeId, kind, state, attempts, createdAt } = notices
  return db
    .select({ noticeId, kind, state, attempts, createdAt })
    .from(notices)
    .where(ofAccount(notices, accountId))
    .orderBy(desc(createdAt))
    .limit(limit)
}
