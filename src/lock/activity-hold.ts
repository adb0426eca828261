// The hold that an activity begins: a change that only somebody inside the account can have made stops withdrawals for a while
// by itself, before anybody reads of it. Written in the batch that stores the activity, told or only counted. Ends nothing.

import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ACTIVITIES } from '../login/activity.ts'
import type { ActivityFacts } from '../login/activity-facts.ts'
import { isUnstoredSql, noteHoldEndStatement } from '../login/activity-hold.ts'
import type { HoldTerms } from './hold-terms.ts'
import { hasHoldSql, holdCallbackId, holdIdOf, startHoldStatements } from './holds.ts'

type Occurred = Pick<ActivityFacts, 'accountId' | 'alertId' | 'activity' | 'receivedAt'>

/**
 * Null where it begins none: a stranger can cause it, or nothing is held by itself. However late it was reported, as with a login: a
 * thief's key of the day before yesterday takes the money today. It holds from when it was received.
 */
export async function activityHold(activity: Occurred, { coolingOffMs, erasedScopes }: HoldTerms) {
  const { accountId, alertId, receivedAt } = activity
  const { startsHold } = ACTIVITIES[activity.activity]
  if (!startsHold || coolingOffMs === 0) return null
  const hold = { accountId, holdId: await holdIdOf(alertId) }
  const callbackId = await holdCallbackId('hold.started', hold)
  const until = receivedAt + coolingOffMs
  return { ...hold, callbackId, until, cause: activity.activity, activity, erasedScopes }
}
export type ActivityHold = NonNullable<Awaited<ReturnType<typeof activityHold>>>

/**
 * Before the statements that store it: brought by the queue once more, it begins none, though what held then was lifted since. The
 * first changes a row if a hold has begun.
 */
export function activityHoldStatements(db: Db, { activity, callbackId, ...hold }: ActivityHold) {
  const { alertId, receivedAt: startedAt } = activity
  const when = isUnstoredSql(activity)
  const reason = 'activity' as const
  return startHoldStatements(db, { ...hold, reason, startedAt, alertId, callbackId, when })
}

/** After them: the row of the activity says that it holds. */
export function noteActivityHoldStatement(db: Db, { activity, ...hold }: ActivityHold) {
  return noteHoldEndStatement(db, activity, hold.until, sql`${hasHoldSql(hold)}`)
}
