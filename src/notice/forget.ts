// How long notices are kept, and their erasure with the account.

import { and, gte, lt, ne } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import type { Attempt } from '../login/attempt.ts'
import { notices } from './tables.ts'

export const NOTICES_KEPT_MS = 30 * DAY_MS

export const noticePageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, notices, after, rows)

/** An open one is closed by the sweep first. */
export function forgetNoticesStatements(db: Db, whose: Whose, now: number) {
  return [
    db
      .delete(notices)
      .where(
        and(
          whose(notices),
          lt(notices.createdAt, now - NOTICES_KEPT_MS),
          ne(notices.state, 'open'),
        ),
      ),
  ] as const
}

/** The calls for the account's notices since then, as `listAlertAttempts` has those for its alerts. */
export async function listNoticeAttempts(
  db: Db,
  accountId: string,
  since: number,
): Promise<readonly Attempt[]> {
  const rows = await db
    .select({ attempts: notices.attempts })
    .from(notices)
    .where(and(ofAccount(notices, accountId), gte(notices.createdAt, since)))
  return rows.flatMap(({ attempts }) => attempts)
}

export function eraseNoticesStatements(db: Db, accountId: string) {
  return [db.delete(notices).where(ofAccount(notices, accountId))] as const
}
