// Which messages died of late: through the index by time, with a bound.

import { desc, eq, gt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { deadLetters } from './tables.ts'

const ROWS_MAX = 100

const SHOWN = {
  messageId: deadLetters.messageId,
  queue: deadLetters.queue,
  kind: deadLetters.kind,
  accountId: deadLetters.accountId,
  subjectId: deadLetters.subjectId,
  reason: deadLetters.reason,
  diedAt: deadLetters.diedAt,
} as const

export type RecentDeadLetter = Pick<typeof deadLetters.$inferSelect, keyof typeof SHOWN>

/** Since `sinceAt`, the newest first; what was in them stays sealed. */
export function readRecentDeadStatement(db: Db, sinceAt: number) {
  return db
    .select(SHOWN)
    .from(deadLetters)
    .where(gt(deadLetters.diedAt, sinceAt))
    .orderBy(desc(deadLetters.diedAt))
    .limit(ROWS_MAX)
}

/** Of one account, the newest first. */
export function readAccountDeadStatement(db: Db, accountId: string) {
  return db
    .select(SHOWN)
    .from(deadLetters)
    .where(eq(deadLetters.accountId, accountId))
    .orderBy(desc(deadLetters.diedAt))
    .limit(ROWS_MAX)
}
