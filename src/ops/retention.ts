// Forgets what is no longer needed, a slice of accounts each minute. Logins have no index by time (it
// would cost a row per login), so accounts are walked in key order and only their oldest rows read.

import { and, eq, lt, ne, sql } from 'drizzle-orm'
import { accounts, phoneBindings } from '../account/tables.ts'
import { callbacks } from '../exchange/tables.ts'
import { deleteOldCodeCapsStatement, deleteOldCodeCountsStatement } from '../guard/code-counts.ts'
import { deleteOldLimitsStatement } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time.ts'
import { earlySessionEnds, logins } from '../login/tables.ts'
import { notices } from '../notice/tables.ts'
import { portalVisits } from '../portal/visit/tables.ts'
import { deadLetters, retentionCursor } from './tables.ts'

export const LOGINS_KEPT_MS = 90 * DAY_MS
export const CALLBACKS_KEPT_MS = 30 * DAY_MS
export const NOTICES_KEPT_MS = 30 * DAY_MS
export const DEAD_LETTERS_KEPT_MS = 30 * DAY_MS
/** Longer than a webhook is repeated. */
export const EARLY_ENDS_KEPT_MS = 7 * DAY_MS

const ACCOUNTS_PER_RUN = 100
const LOGINS_PER_ACCOUNT = 100
const CURSOR = 'accounts'

/**
 * Deletes expired rows of the next accounts and moves the cursor; returns the number of rows deleted.
 * An account's newest login stays however old it is: it carries the account's numbering.
 */
export async function deleteExpired(db: Db, now: number): Promise<number> {
  const [cursor] = await db.select().from(retentionCursor).where(eq(retentionCursor.name, CURSOR))
  const accountIds = await nextAccountIds(db, cursor?.accountId ?? '')
  const last = accountIds.at(-1)
  if (last === undefined && !cursor) return 0

  const results = await db.batch([
    // At the end of the walk the cursor goes, and the next run starts over.
    last === undefined
      ? db.delete(retentionCursor).where(eq(retentionCursor.name, CURSOR))
      : db
          .insert(retentionCursor)
          .values({ name: CURSOR, accountId: last })
          .onConflictDoUpdate({ target: retentionCursor.name, set: { accountId: last } }),
    db.delete(earlySessionEnds).where(lt(earlySessionEnds.endedAt, now - EARLY_ENDS_KEPT_MS)),
    deleteOldLimitsStatement(db, now),
    // Has no index by time and is read as a whole: in one minute of the hour.
    ...(now % HOUR_MS < MINUTE_MS
      ? [deleteOldCodeCountsStatement(db, now), deleteOldCodeCapsStatement(db, now)]
      : []),
    db.delete(deadLetters).where(lt(deadLetters.diedAt, now - DEAD_LETTERS_KEPT_MS)),
    ...accountIds.flatMap((accountId) => [
      deleteLoginsStatement(db, accountId, now - LOGINS_KEPT_MS),
      deleteCallbacksStatement(db, accountId, now - CALLBACKS_KEPT_MS),
      deleteNoticesStatement(db, accountId, now - NOTICES_KEPT_MS),
      ...deleteEndedStatements(db, accountId, now),
    ]),
  ])
  return results.slice(1).reduce((total, result) => total + result.meta.changes, 0)
}

/** Skips from account to account: one row read each, however many logins lie between. */
async function nextAccountIds(db: Db, after: string): Promise<readonly string[]> {
  const rows = await db.all<{ id: string | null }>(sql`
    WITH RECURSIVE walk(id) AS (
      SELECT min(account_id) FROM logins WHERE account_id > ${after}
      UNION ALL
      SELECT (SELECT min(account_id) FROM logins WHERE account_id > walk.id)
      FROM walk WHERE walk.id IS NOT NULL
    ) SELECT id FROM walk LIMIT ${ACCOUNTS_PER_RUN}`)
  return rows.flatMap((row) => (row.id === null ? [] : [row.id]))
}

function deleteLoginsStatement(db: Db, accountId: string, before: number) {
  return db.delete(logins).where(
    and(
      eq(logins.accountId, accountId),
      lt(logins.receivedAt, before),
      sql`seq IN (SELECT seq FROM logins WHERE account_id = ${accountId}
        ORDER BY seq LIMIT ${LOGINS_PER_ACCOUNT})`,
      sql`seq < (SELECT max(seq) FROM logins WHERE account_id = ${accountId})`,
    ),
  )
}

function deleteCallbacksStatement(db: Db, accountId: string, before: number) {
  return db
    .delete(callbacks)
    .where(
      and(
        eq(callbacks.accountId, accountId),
        lt(callbacks.createdAt, before),
        ne(callbacks.state, 'open'),
      ),
    )
}

/** Visits that are over, numbers whose code was never typed, and former ones that are told no more. */
function deleteEndedStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(portalVisits)
      .where(and(eq(portalVisits.accountId, accountId), lt(portalVisits.expiresAt, now))),
    db
      .delete(phoneBindings)
      .where(and(eq(phoneBindings.accountId, accountId), lt(phoneBindings.expiresAt, now))),
    db
      .update(accounts)
      .set({ formerPhoneSealed: null, formerPhoneUntil: null })
      .where(and(eq(accounts.accountId, accountId), lt(accounts.formerPhoneUntil, now))),
  ]
}

function deleteNoticesStatement(db: Db, accountId: string, before: number) {
  return db
    .delete(notices)
    .where(
      and(
        eq(notices.accountId, accountId),
        lt(notices.createdAt, before),
        ne(notices.state, 'open'),
      ),
    )
}
