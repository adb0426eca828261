// What the row of an activity says of the hold that it began.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import type { ActivityFacts } from './activity-facts.ts'
import { countedActivities, logins } from './tables.ts'

type Received = Pick<ActivityFacts, 'accountId' | 'alertId' | 'receivedAt'>

/** Stored as it came this time, with a row of its own or only counted: one that comes again was received later. */
export function isStoredSql({ accountId, alertId, receivedAt }: Received): SQL {
  return sql`(EXISTS (SELECT 1 FROM ${logins} WHERE ${ofAccount(logins, accountId)}
      AND alert_id = ${alertId} AND received_at = ${receivedAt})
    OR EXISTS (SELECT 1 FROM ${countedActivities} WHERE ${ofAccount(countedActivities, accountId)}
      AND alert_id = ${alertId} AND received_at = ${receivedAt}))`
}

/** For the batch that begins the hold, if `when` is true there. */
export function noteHoldStatement(
  db: Db,
  { accountId, alertId }: Received,
  holdUntil: number,
  when: SQL,
) {
  return db
    .update(logins)
    .set({ holdUntil })
    .where(and(eq(logins.alertId, alertId), ofAccount(logins, accountId), when))
}
