// Visits that are over are forgotten; all of them with their account.

import { and, lt } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../../lib/slot.ts'
import { portalVisits } from './tables.ts'
import { VISIT_LIFETIME_MS } from './visit-lifetime.ts'

export const visitPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, portalVisits, after, rows)

/**
 * Kept for as long again as they last: an entry link lives shorter, so what is deleted here is used up for ever, and no
 * visit is left that one of them has ended.
 */
export function forgetVisitsStatements(db: Db, whose: Whose, now: number) {
  return [
    db
      .delete(portalVisits)
      .where(and(whose(portalVisits), lt(portalVisits.expiresAt, now - VISIT_LIFETIME_MS))),
  ] as const
}

export function eraseVisitsStatements(db: Db, accountId: string) {
  return [db.delete(portalVisits).where(ofAccount(portalVisits, accountId))] as const
}
