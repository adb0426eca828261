// Visits that are over are forgotten; all of them with their account.

import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { portalVisits } from './tables.ts'

/** An entry link lives shorter than a visit, so what is deleted here is used up for ever. */
export function forgetVisitsStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(portalVisits)
      .where(and(eq(portalVisits.accountId, accountId), lt(portalVisits.expiresAt, now))),
  ] as const
}

export function eraseVisitsStatements(db: Db, accountId: string) {
  return [db.delete(portalVisits).where(eq(portalVisits.accountId, accountId))] as const
}
