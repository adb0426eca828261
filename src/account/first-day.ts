// The first day of an account, in which nothing holds by itself: of somebody who has just arrived everything is new.

import { type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { accounts } from './tables.ts'

/**
 * SQL over a row of `accounts`, for where it is written by hand. Counted from the first import; where a lock or a visit had made
 * the row before, from then, which can only end it sooner. An account that was never imported has no such day.
 */
export const inFirstDay = (account: string, now: string) =>
  `(${account}.unseen = 0 AND ${account}.created_at > ${now} - ${DAY_MS})`

/** For a `WHERE`. */
export function isInFirstDaySql(accountId: string, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${accounts.unseen} = 0
      AND ${accounts.createdAt} > ${now - DAY_MS})`
}
