// What the row of an activity says of the hold that it began.

import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import type { ActivityFacts } from './activity-facts.ts'
import { countedActivities, logins } from './tables.ts'

type Stored = Pick<ActivityFacts, 'accountId' | 'alertId'>

/** Neither stored with a row of its own nor counted: to be asked in the batch that stores it, before it does. */
export function isUnstoredSql({ accountId, alertId }: Stored): SQL {
  return sql`(NOT EXISTS (SELECT 1 FROM ${logins} WHERE ${ofAccount(logins, accountId)} AND alert_id = ${alertId})
    AND NOT EXISTS (SELECT 1 FROM ${countedActivities} WHERE ${ofAccount(countedActivities, accountId)}
      AND alert_id = ${alertId}))`
}

/** For the batch that begins the hold, if `when` is true there. */
export function noteHoldEndStatement(
  db: Db,
  { accountId, alertId }: Stored,
  holdUntil: number,
  when: SQL,
) {
  return db
    .update(logins)
    .set({ holdUntil })
    .where(and(eq(logins.alertId, alertId), ofAccount(logins, accountId), when))
}
