// How long logins are kept, and what is erased with an account. Logins have no index by time (it would cost a row per
// login), so accounts are walked in key order and only their oldest rows read.

import { and, gte, lt, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { KEYS_PER_PAGE, type KeyRange } from '../lib/key-walk.ts'
import { inKeyOrder, ofAccount, slotPosition, withinAccounts } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import type { Attempt } from './attempt.ts'
import { earlySessionEnds, knownMarks, logins } from './tables.ts'

export const LOGINS_KEPT_MS = 90 * DAY_MS
/** Longer than a webhook is repeated. */
export const EARLY_ENDS_KEPT_MS = 7 * DAY_MS

const LOGINS_PER_ACCOUNT = 100

// Compared as a pair, SQLite would read each slot from its beginning.
const NEXT_IN_SLOT = sql.raw('logins.slot = walk.slot AND logins.account_id > walk.id')

/** The next accounts in key order: two rows read each, however many logins lie between. */
export async function listLoginAccounts(
  db: Db,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.all<{ id: string | null }>(sql`
    WITH RECURSIVE walk(slot, id) AS (
      SELECT * FROM (SELECT slot, account_id FROM logins WHERE (slot, account_id) > ${slotPosition(after)}
        ORDER BY slot, account_id LIMIT 1)
      UNION ALL
      SELECT
        iif(EXISTS (SELECT 1 FROM logins WHERE ${NEXT_IN_SLOT}),
          walk.slot, (SELECT min(slot) FROM logins WHERE slot > walk.slot)),
        coalesce((SELECT min(account_id) FROM logins WHERE ${NEXT_IN_SLOT}),
          (SELECT account_id FROM logins WHERE slot > walk.slot ORDER BY slot, account_id LIMIT 1))
      FROM walk WHERE walk.id IS NOT NULL
    ) SELECT id FROM walk LIMIT ${limit}`)
  return rows.flatMap((row) => (row.id === null ? [] : [row.id]))
}

/** An account's newest login stays however old it is: it carries the account's numbering. */
export function forgetLoginsStatements(db: Db, accountId: string, now: number) {
  return [
    db.delete(logins).where(
      and(
        ofAccount(logins, accountId),
        lt(logins.receivedAt, now - LOGINS_KEPT_MS),
        sql`seq IN (SELECT seq FROM ${logins} WHERE ${ofAccount(logins, accountId)}
          ORDER BY seq LIMIT ${LOGINS_PER_ACCOUNT})`,
        sql`seq < (SELECT max(seq) FROM ${logins} WHERE ${ofAccount(logins, accountId)})`,
      ),
    ),
  ] as const
}

/** Of all accounts, a page at a time: those that have no login are not walked otherwise. */
export const earlyEndsWalk = {
  pageEnd: (db: Db, after: string) =>
    db
      .select({ key: earlySessionEnds.accountId })
      .from(earlySessionEnds)
      .where(withinAccounts(earlySessionEnds, { after, until: null }))
      .orderBy(...inKeyOrder(earlySessionEnds))
      .limit(1)
      .offset(KEYS_PER_PAGE - 1),
  forget: (db: Db, range: KeyRange, now: number) =>
    db
      .delete(earlySessionEnds)
      .where(
        and(
          withinAccounts(earlySessionEnds, range),
          lt(earlySessionEnds.endedAt, now - EARLY_ENDS_KEPT_MS),
        ),
      ),
}

/** The calls for the account's alerts since then: what is noted of them elsewhere goes with the account. */
export async function listAlertAttempts(
  db: Db,
  accountId: string,
  since: number,
): Promise<readonly Attempt[]> {
  const rows = await db
    .select({ attempts: logins.attempts })
    .from(logins)
    .where(and(ofAccount(logins, accountId), gte(logins.receivedAt, since)))
  return rows.flatMap(({ attempts }) => attempts)
}

export function eraseLoginsStatements(db: Db, accountId: string) {
  return [
    db.delete(logins).where(ofAccount(logins, accountId)),
    db.delete(knownMarks).where(ofAccount(knownMarks, accountId)),
    db.delete(earlySessionEnds).where(ofAccount(earlySessionEnds, accountId)),
  ] as const
}
