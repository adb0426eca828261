// How long notices are kept, and their erasure with the account.

import { and, lt, ne } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { notices } from './tables.ts'

export const NOTICES_KEPT_MS = 30 * DAY_MS

/** An open one is closed by the sweep first. */
export function forgetNoticesStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(notices)
      .where(
        and(
          ofAccount(notices, accountId),
          lt(notices.createdAt, now - NOTICES_KEPT_MS),
          ne(notices.state, 'open'),
        ),
      ),
  ] as const
}

export function eraseNoticesStatements(db: Db, accountId: string) {
  return [db.delete(notices).where(ofAccount(notices, accountId))] as const
}
