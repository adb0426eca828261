// The first day of an account, in which nothing holds by itself: of somebody who has just arrived everything is new.

import { type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { accounts } from './tables.ts'

/**
 * For a `WHERE`. Counted from the first import; where a lock or a visit had made the row before, from then, which can only end
 * it sooner. An account that was never imported has no such day; one whose logins are older has had it (isOldByLoginsSql).
 */
export function isInFirstDaySql(accountId: string, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${accounts.unseen} = 0
      AND ${accounts.createdAt} > ${now - DAY_MS})`
}
