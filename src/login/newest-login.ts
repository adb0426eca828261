// The account's newest login, by key: the newest row says where it is, whatever happened since. What is decided by it (how long
// a hold may last, whether a lock is a new one) must not move with what strangers can cause.

import { and, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { newestLoginSeq } from './known-marks.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

const newest = alias(logins, 'newest')

/** NULL without one. */
function newestSeqSql(accountId: string): SQL {
  return sql`(SELECT ${sql.raw(newestLoginSeq('newest'))} FROM ${logins} AS newest
    WHERE ${ofAccount(newest, accountId)} ORDER BY newest.seq DESC LIMIT 1)`
}

/** When it happened, or was received; NULL without one. */
export function newestLoginSql(accountId: string, instant: 'occurredAt' | 'receivedAt'): SQL {
  return sql`(SELECT ${logins[instant]} FROM ${logins}
    WHERE ${ofAccount(logins, accountId)} AND seq = ${newestSeqSql(accountId)})`
}

/** One row if the account ever logged in, else none: that a stranger asked for a new password makes no id known. */
export function anyLoginStatement(db: Db, accountId: string) {
  return db
    .select({ seq: logins.seq })
    .from(logins)
    .where(and(ofAccount(logins, accountId), sql`${logins.seq} = ${newestSeqSql(accountId)}`))
}

export async function findNewestLogin(db: Db, accountId: string): Promise<Login | null> {
  const [login] = await db
    .select()
    .from(logins)
    .where(and(ofAccount(logins, accountId), sql`${logins.seq} = ${newestSeqSql(accountId)}`))
  return login ?? null
}
