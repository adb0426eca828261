// How long logins are kept, and what is erased with an account. Logins have no index by time (it would cost a row per
// login), so accounts are walked in key order.

import { and, gte, lt, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import type { Attempt } from './attempt.ts'
import { newestLoginSeq } from './known-marks.ts'
import { countedActivities, earlySessionEnds, knownMarks, logins } from './tables.ts'

export const LOGINS_KEPT_MS = 90 * DAY_MS
/** Longer than a webhook is repeated. */
export const EARLY_ENDS_KEPT_MS = 7 * DAY_MS
/** The same. */
export const COUNTED_KEPT_MS = 7 * DAY_MS

/** Of one account at once: an account that nobody but a machine logs into must not be too much for one statement. */
const LOGINS_PER_ACCOUNT = 5_000

export const loginPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, logins, after, rows)

export const earlyEndPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, earlySessionEnds, after, rows)

export const countedPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, countedActivities, after, rows)

const OTHERS = `FROM logins AS other
    WHERE other.slot = logins.slot AND other.account_id = logins.account_id`

/** Over a row: the last one of its account, the newest login of its account, and the first that is neither. */
const LAST = `(SELECT max(other.seq) ${OTHERS})`
const NEWEST_LOGIN = `(SELECT ${newestLoginSeq('other')} ${OTHERS} ORDER BY other.seq DESC LIMIT 1)`
const FIRST = `(SELECT other.seq ${OTHERS} AND other.seq IS NOT ${NEWEST_LOGIN} ORDER BY other.seq LIMIT 1)`

/**
 * Two rows of an account stay however old they are: the last one carries its numbering, and the newest login, which may be
 * another, says since when a lock has made its marks unknown.
 */
export function forgetLoginsStatements(db: Db, whose: Whose, now: number) {
  return [
    db
      .delete(logins)
      .where(
        and(
          whose(logins),
          lt(logins.receivedAt, now - LOGINS_KEPT_MS),
          sql.raw(`logins.seq < ${LAST} AND logins.seq IS NOT ${NEWEST_LOGIN}`),
          sql.raw(`logins.seq < ${FIRST} + ${LOGINS_PER_ACCOUNT}`),
        ),
      ),
    db
      .delete(earlySessionEnds)
      .where(and(whose(earlySessionEnds), lt(earlySessionEnds.endedAt, now - EARLY_ENDS_KEPT_MS))),
    db
      .delete(countedActivities)
      .where(
        and(whose(countedActivities), lt(countedActivities.receivedAt, now - COUNTED_KEPT_MS)),
      ),
  ] as const
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
    db.delete(countedActivities).where(ofAccount(countedActivities, accountId)),
  ] as const
}
