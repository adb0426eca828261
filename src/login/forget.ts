// How long logins are kept, and what is erased with an account. Logins have no index by time (it would cost a row per
// login), so accounts are walked in key order and only their oldest rows read.

import { and, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { type KeyRange, pageEndStatement, withinRange } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { earlySessionEnds, knownMarks, logins } from './tables.ts'

export const LOGINS_KEPT_MS = 90 * DAY_MS
/** Longer than a webhook is repeated. */
export const EARLY_ENDS_KEPT_MS = 7 * DAY_MS

const LOGINS_PER_ACCOUNT = 100

/** The next accounts in key order: one row read each, however many logins lie between. */
export async function listLoginAccounts(
  db: Db,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.all<{ id: string | null }>(sql`
    WITH RECURSIVE walk(id) AS (
      SELECT min(account_id) FROM logins WHERE account_id > ${after}
      UNION ALL
      SELECT (SELECT min(account_id) FROM logins WHERE account_id > walk.id)
      FROM walk WHERE walk.id IS NOT NULL
    ) SELECT id FROM walk LIMIT ${limit}`)
  return rows.flatMap((row) => (row.id === null ? [] : [row.id]))
}

/** An account's newest login stays however old it is: it carries the account's numbering. */
export function forgetLoginsStatements(db: Db, accountId: string, now: number) {
  return [
    db.delete(logins).where(
      and(
        eq(logins.accountId, accountId),
        lt(logins.receivedAt, now - LOGINS_KEPT_MS),
        sql`seq IN (SELECT seq FROM logins WHERE account_id = ${accountId}
          ORDER BY seq LIMIT ${LOGINS_PER_ACCOUNT})`,
        sql`seq < (SELECT max(seq) FROM logins WHERE account_id = ${accountId})`,
      ),
    ),
  ] as const
}

/** Of all accounts, a page at a time: those that have no login are not walked otherwise. */
export const earlyEndsWalk = {
  pageEnd: (db: Db, after: string) =>
    pageEndStatement(db, earlySessionEnds, earlySessionEnds.accountId, after),
  forget: (db: Db, range: KeyRange, now: number) =>
    db
      .delete(earlySessionEnds)
      .where(
        and(
          withinRange(earlySessionEnds.accountId, range),
          lt(earlySessionEnds.endedAt, now - EARLY_ENDS_KEPT_MS),
        ),
      ),
}

export function eraseLoginsStatements(db: Db, accountId: string) {
  return [
    db.delete(logins).where(eq(logins.accountId, accountId)),
    db.delete(knownMarks).where(eq(knownMarks.accountId, accountId)),
    db.delete(earlySessionEnds).where(eq(earlySessionEnds.accountId, accountId)),
  ] as const
}
