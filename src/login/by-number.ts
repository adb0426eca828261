// Logins by their alert's number: what a link and a code name. An account that was erased and imported anew counts its
// alerts from one again, so the newest of a number is meant; whether it is the one of the link, the caller asks.

import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { logins } from './tables.ts'

export function findLoginByNumberStatement(db: Db, accountId: string, alertNumber: number) {
  return db
    .select()
    .from(logins)
    .where(and(ofAccount(logins, accountId), eq(logins.alertNumber, alertNumber)))
    .orderBy(desc(logins.seq))
    .limit(1)
}

/** The alert's id, or NULL. */
export function alertIdSql(accountId: string, alertNumber: number): SQL {
  return sql`(SELECT alert_id FROM ${logins} WHERE ${ofAccount(logins, accountId)}
    AND alert_number = ${alertNumber} ORDER BY seq DESC LIMIT 1)`
}

/** Not every row has an alert, and where one SMS tells of several, the code in it is the first one's. */
const RECENT_ROWS = 600

/** Their tables are in one place: see lib/slot.ts. */
const SAME_ACCOUNT = sql.raw('login.slot = account.slot AND login.account_id = account.account_id')

export type RecentAlert = {
  readonly accountId: string
  readonly alertNumber: number
  readonly occurredAt: number
}

/** Of one number: a bound on what one try costs, far beyond what a person gets in a day. */
export const RECENT_ALERTS_MAX = 100

/**
 * The newest alerts since `after` of the accounts that `accountIds`, a SELECT of `slot` and `account_id`, finds, 100 at
 * most. One query.
 */
export async function listRecentAlerts(
  db: Db,
  accountIds: SQL,
  after: number,
): Promise<readonly RecentAlert[]> {
  return db.all<RecentAlert>(sql`
    SELECT login.account_id AS accountId, login.alert_number AS alertNumber,
      login.occurred_at AS occurredAt
    FROM (${accountIds}) AS account
    CROSS JOIN logins AS login ON ${SAME_ACCOUNT}
      AND login.seq > (SELECT max(login.seq) FROM logins AS login WHERE ${SAME_ACCOUNT}) - ${RECENT_ROWS}
    WHERE login.alert_number IS NOT NULL AND coalesce(login.merged_into, login.seq) = login.seq
      AND login.occurred_at > ${after}
    ORDER BY login.occurred_at DESC, login.account_id, login.seq DESC LIMIT ${RECENT_ALERTS_MAX}`)
}
