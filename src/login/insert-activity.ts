// Stores an activity, and decides in the same statement whether it is told alone, with others of its kind, or only counted.
// What the kinds have used up of the day is carried from row to row, as the logins' own budget is, and apart from it: no
// number of activities takes an SMS from a login. Like the statement that stores a login it reads the account's row,
// since all that it decides has to be decided at once.

import { nameParameters, type SqlParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText, SLOT } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import {
  ACTIVITIES,
  EAGER_SMS_PER_DAY,
  GATHERED_LATER_MS,
  GATHERED_MS,
  ROWS_PER_SMS,
  STRANGERS_SMS_PER_DAY,
} from './activity.ts'
import type { ActivityFacts } from './activity-facts.ts'
import { ACTIVITY_COLUMNS, ACTIVITY_PARAMETERS, ACTIVITY_SOURCES } from './activity-fields.ts'
import { HAS_FORMER, type LoginToInsert, PHONE_STATE, suppression } from './insert-login.ts'
import { newestLoginSeq } from './known-marks.ts'

/** An activity to be stored, and by whom. */
export type ActivityToInsert = ActivityFacts &
  Pick<LoginToInsert, 'claim' | 'sendUntil' | 'alertsLeast'>

// `today` has of each kind: its SMS so far, the rows of the last one (or that were told to nobody), when that one went or
// is to go, the row that gathers for it, and the day's newest lock at the last one that was told at once.
const ofKind = (index: number) => `json_extract(today, :kindPath || '[${index}]')`

/** Untouched, as with logins: once it was claimed, its text may have left. */
const CARRIER = `(SELECT carrier.seq FROM logins AS carrier
  WHERE ${ofAccountText('carrier')} AND carrier.seq = ${ofKind(3)}
    AND carrier.version = 0 AND carrier.state = 'queued' AND carrier.lease_until > :receivedAt)`

/**
 * Of today: yesterday's need none, since the first of each kind of a day is told at once. Who locked believes that the thief is out: the
 * first of a kind that comes all the same waits for nothing.
 */
const NEWEST_LOCK = `(SELECT max(locked_at) FROM locks
  WHERE ${ofAccountText('locks')} AND locked_at BETWEEN :dayAt AND :receivedAt)`

const IS_FIRST_SINCE_LOCK = `(reason IS NULL AND NOT :isStrangers AND newest_lock > coalesce(${ofKind(4)}, 0))`

const IS_LATER = `(NOT :isStrangers AND sms >= ${EAGER_SMS_PER_DAY})`

const TEXT = `
INSERT INTO logins (${ACTIVITY_COLUMNS})
WITH found AS MATERIALIZED (
  SELECT coalesce(last.seq, 0) AS last_seq, coalesce(last.alert_count, 0) AS last_alert_count,
    coalesce(last.live_seqs, '[]') AS live_seqs, ${newestLoginSeq('last')} AS newest_login,
    last.carrier_seq AS last_carrier,
    CASE WHEN last.received_at >= :dayAt THEN last.alerts_today ELSE 0 END AS spent,
    coalesce(CASE WHEN last.received_at >= :dayAt THEN last.activities_today END, '{}') AS today,
    account.phone_sealed, account.alerts, ${PHONE_STATE} AS phone_state, ${HAS_FORMER} AS has_former,
    CAST(:receivedAt AS INTEGER) AS received
  FROM (SELECT 1)
  LEFT JOIN accounts AS account ON ${ofAccountText('account')}
  LEFT JOIN (
    SELECT seq, alert_count, live_seqs, received_at, alerts_today, carrier_seq, activity, login_seq, activities_today
    FROM logins WHERE ${ofAccountText('logins')} ORDER BY seq DESC LIMIT 1
  ) AS last
), facts AS MATERIALIZED (
  SELECT *, ${suppression()} AS reason, coalesce(${ofKind(0)}, 0) AS sms, coalesce(${ofKind(1)}, 0) AS row_count,
    coalesce(${ofKind(2)}, 0) AS told_at, ${CARRIER} AS carrier,
    ${NEWEST_LOCK} AS newest_lock
  FROM found AS account
), decided AS MATERIALIZED (
  SELECT *, received + CASE WHEN ${IS_LATER} THEN ${GATHERED_LATER_MS} ELSE ${GATHERED_MS} END AS gathered_until, CASE
    WHEN ${IS_FIRST_SINCE_LOCK} THEN 'due'
    WHEN (reason IS NOT NULL OR carrier IS NOT NULL) AND row_count >= ${ROWS_PER_SMS} THEN 'counted'
    WHEN reason IS NOT NULL THEN 'suppressed'
    WHEN carrier IS NOT NULL THEN 'merged'
    WHEN :isStrangers AND sms >= ${STRANGERS_SMS_PER_DAY} THEN 'counted'
    WHEN sms > 0 AND (${IS_LATER} OR received < told_at + ${GATHERED_MS}) THEN 'gathering'
    ELSE 'due' END AS way
  FROM facts
)
SELECT
  ${ACTIVITY_SOURCES}
FROM decided WHERE way <> 'counted' AND NOT EXISTS (
  SELECT 1 FROM counted_activities AS counted WHERE ${ofAccountText('counted')} AND counted.alert_id = :alertId)
ON CONFLICT (alert_id) DO NOTHING RETURNING *`

const flag = (is: boolean) => (is ? 1 : 0)

const INSERT_ACTIVITY = nameParameters<ActivityToInsert>(TEXT, {
  ...ACTIVITY_PARAMETERS,
  ...ACCOUNT_PARAMETERS,
  isTooOld: ({ receivedAt, occurredAt }) => flag(receivedAt - occurredAt > DAY_MS),
  kindPath: ({ activity }) => `$.${activity}`,
  isStrangers: ({ activity }) => flag(ACTIVITIES[activity].isStrangers),
  claim: ({ claim }) => claim,
  sendUntil: ({ sendUntil }) => sendUntil,
  alertsLeast: ({ alertsLeast }) => alertsLeast,
  dayAt: ({ receivedAt }) => receivedAt - (receivedAt % DAY_MS),
})

/**
 * Stores an activity once, and returns its row: it has the account's next sequence and, if it is told, its next alert number.
 * No row where its id was there before, or where it is only counted, by `countActivityStatement` after it in its batch.
 */
export function insertActivityStatement(
  database: D1Database,
  activity: ActivityToInsert,
): D1PreparedStatement {
  return database.prepare(INSERT_ACTIVITY.text).bind(...INSERT_ACTIVITY.valuesOf(activity))
}

const COUNT: SqlParameters<ActivityFacts> = {
  ...ACCOUNT_PARAMETERS,
  alertId: ({ alertId }) => alertId,
  activity: ({ activity }) => activity,
  receivedAt: ({ receivedAt }) => receivedAt,
}

const COUNT_ACTIVITY = nameParameters<ActivityFacts>(
  `INSERT INTO counted_activities (slot, account_id, alert_id, activity, received_at)
SELECT ${SLOT}, :accountId, :alertId, :activity, :receivedAt
WHERE NOT EXISTS (SELECT 1 FROM logins WHERE alert_id = :alertId)
ON CONFLICT (slot, account_id, alert_id) DO NOTHING`,
  COUNT,
)

/** Counts it where it has no row of its own; changes nothing where it was counted before. */
export function countActivityStatement(
  database: D1Database,
  activity: ActivityFacts,
): D1PreparedStatement {
  return database.prepare(COUNT_ACTIVITY.text).bind(...COUNT_ACTIVITY.valuesOf(activity))
}
