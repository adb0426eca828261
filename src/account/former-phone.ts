// The number before the present one: told of everything for a while, so that nobody changes a number in silence. What is
// written when the number changes, and how it ends before its time.

import { and, gt, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { FORMER_PHONE_MS } from './binding-rules.ts'
import { accounts } from './tables.ts'

type Account = typeof accounts.$inferSelect

/**
 * For the statement that gives the account another number, whose tag is `nextTag`, or none: what it has now becomes the
 * former one. A former number that is back is none any more.
 */
export function formerPhone(now: number, nextTag: string | null = null) {
  // One that is still told stays: two changes in a row must not silence the owner's own number.
  const isTold = sql`coalesce(former_phone_until, 0) > ${now}`
  const isBack = sql`former_phone_tag = ${nextTag}`
  const former = (old: SQL, present: SQL) =>
    sql`CASE WHEN ${isBack} THEN CASE WHEN phone_sealed IS NOT NULL THEN ${present} END
      WHEN ${isTold} OR phone_sealed IS NULL THEN ${old} ELSE ${present} END`
  return {
    formerPhoneSealed: former(sql`former_phone_sealed`, sql`phone_sealed`),
    formerPhoneTag: former(sql`former_phone_tag`, sql`phone_tag`),
    formerPhoneUntil: former(sql`former_phone_until`, sql`${now + FORMER_PHONE_MS}`),
  }
}

export const NO_FORMER_PHONE = {
  formerPhoneSealed: null,
  formerPhoneTag: null,
  formerPhoneUntil: null,
} as const

/** Accounts whose former number has one of these tags, while it is told. */
export async function findAccountsByFormerPhone(
  db: Db,
  phoneTags: readonly string[],
  now: number,
): Promise<readonly Account[]> {
  return db.select().from(accounts).where(isFormerPhone(phoneTags, now))
}

/** The same as a SELECT of `slot` and `account_id`, for a query of another room's. */
export function accountIdsByFormerPhoneSql(phoneTags: readonly string[], now: number): SQL {
  return sql`SELECT ${accounts.slot}, ${accounts.accountId} FROM ${accounts} WHERE ${isFormerPhone(phoneTags, now)}`
}

/** Whether there is one to end, for a `WHERE` before `endFormerPhoneStatement` in its batch. */
export function isFormerToldSql(accountId: string, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${accounts.formerPhoneUntil} > ${now})`
}

/** It is told no more; the present number and its state stay as they are. */
export function endFormerPhoneStatement(db: Db, accountId: string, now: number) {
  return db
    .update(accounts)
    .set(NO_FORMER_PHONE)
    .where(and(ofAccount(accounts, accountId), gt(accounts.formerPhoneUntil, now)))
}

function isFormerPhone(phoneTags: readonly string[], now: number) {
  return and(inArray(accounts.formerPhoneTag, [...phoneTags]), gt(accounts.formerPhoneUntil, now))
}
