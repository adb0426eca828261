// Stores a login, its session and its alert in one statement. Written as SQL, since that is what it is, and as one
// constant text: it runs for every login of every account. It alone reads other rooms' rows (the account and its lock),
// since all that it decides has to be decided at once; what it stores is listed in login-fields.ts.

import { nameParameters, type SqlParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText } from '../lib/slot.ts'
import { type RawRow, readStoredRow } from '../lib/stored-row.ts'
import { DAY_MS, MINUTE_MS } from '../lib/time.ts'
import { COOLING_OFF_UNTIL } from './cooling-off.ts'
import { onlyDroppedMarks } from './count-marks.ts'
import { KNOWS, KNOWS_PARAMETERS, lastLoginJoin, MARKS_BEFORE } from './known-marks.ts'
import {
  LIVE_CARRIED_MAX,
  LOCK_ENDS_UNTIL,
  type Login,
  MORE_LIVE,
  SESSION_DEFAULT_LIFETIME_MS,
} from './login.ts'
import type { LoginFacts } from './login-facts.ts'
import { LOGIN_COLUMNS, LOGIN_PARAMETERS, LOGIN_SOURCES } from './login-fields.ts'
import { logins } from './tables.ts'

/** A login to be stored, and by whom: `claim` is a token of his own. */
export type LoginToInsert = LoginFacts & {
  readonly claim: string
  /**
   * Until when whoever stores it has it to himself, where it is to be sent at once: it is then stored as `sending`.
   * Null leaves it `queued`, for anybody.
   */
  readonly sendUntil: number | null
  readonly alertsPerWindow: number
  /** The account's budget: SMS of one login alone in a day, from midnight UTC. */
  readonly alertsPerDay: number
  /** The fewest alerts that may be chosen: who has chosen fewer gets these. */
  readonly alertsLeast: 'off' | 'unusual' | 'all'
  /** How long it holds withdrawals if it is not recognised; 0 where none does. */
  readonly coolingOffMs: number
  /** Of DATA_SECRETS, as marks have them. */
  readonly keyNames: readonly string[]
  /** Under what it is remembered that an account of this id was erased; empty where no login holds. */
  readonly erasedScopes: readonly string[]
}

/**
 * Stores a login once: a second insert of the same alert id changes nothing and returns no row. The login
 * gets the account's next sequence and, if an SMS is to go out, its next alert number; two logins at
 * the same instant cannot get one. A login that happened before a lock, by the exchange's own clock, and is stored after it (D1 was
 * away, the webhook came late) is stored with its session revoked; one whose end came first, as ended.
 * To be followed in its batch by `noteMarksStatement`.
 */
export function insertLoginStatement(
  database: D1Database,
  login: LoginToInsert,
): D1PreparedStatement {
  return database.prepare(INSERT_LOGIN.text).bind(...INSERT_LOGIN.valuesOf(login))
}

/** What `insertLoginStatement` stored; null where it was there before. */
export function readInsertedLogin(rows: readonly RawRow[]): Login | null {
  const [row] = rows
  return row ? readStoredRow(logins, row) : null
}

/** What providers proved of a number counts for a day; a STOP of the owner's has no end. */
export const PHONE_STATE = `CASE WHEN account.phone_state_until <= :receivedAt THEN 'ok' ELSE account.phone_state END`

export const HAS_FORMER =
  "EXISTS (SELECT 1 FROM json_each(account.former_phones) WHERE value ->> 'until' > :receivedAt)"

/** Why no SMS goes out, or NULL when one does. A former number is told whatever became of the new one, and whatever is set. */
export const suppression = (usual = '') => `CASE
  WHEN :isTooOld THEN 'login_too_old'
  WHEN account.phone_sealed IS NULL AND NOT has_former THEN 'no_number'
  WHEN account.alerts = 'off' AND :alertsLeast = 'off' AND NOT has_former THEN 'alerts_off'
  WHEN account.phone_state = 'invalid' AND NOT has_former THEN 'number_invalid'
  WHEN account.phone_state = 'opted_out' AND NOT has_former THEN 'opted_out'
  ${usual}
END`

const SUPPRESSION = suppression(
  "WHEN account.alerts <> 'all' AND :alertsLeast <> 'all' AND knows_device AND knows_country AND knows_network AND NOT has_former THEN 'usual'",
)

/** Logins that come faster than they are to be told one by one are gathered for this long. */
export const BURST_WINDOW_MS = 10 * MINUTE_MS

/** Logins without an SMS of their own may lie between those that are counted. Beyond these a few may go out too many. */
const SILENT_ROWS_MAX = 20

const IS_OTHER_LIVE = `other.session_id <> :sessionId AND other.session_ended_at IS NULL
  AND coalesce(other.session_expires_at, other.occurred_at + ${SESSION_DEFAULT_LIFETIME_MS}) > :receivedAt`

/** Newest first, one more than is carried. */
const listed = (rows: string) => `(
  SELECT json_group_array(CASE WHEN place > ${LIVE_CARRIED_MAX} THEN ${MORE_LIVE} ELSE seq END) FROM (
    SELECT seq, row_number() OVER (ORDER BY seq DESC) AS place FROM (
      SELECT other.seq ${rows} ORDER BY other.seq DESC LIMIT ${LIVE_CARRIED_MAX + 1})))`

/**
 * Other sessions that are live, by their sequences: of those that were at the last login, whichever still are. Whoever
 * logs in often must not make the owner's own be forgotten: where not all could be carried, all rows of the account are
 * looked at, until no more than can be carried are live. CROSS JOIN keeps SQLite from walking the account's logins and
 * looking each up in the short list.
 */
const OTHER_LIVE = `CASE WHEN EXISTS (SELECT 1 FROM json_each(last.live_seqs) WHERE value = ${MORE_LIVE})
  THEN ${listed(`FROM logins AS other WHERE ${ofAccountText('other')} AND ${IS_OTHER_LIVE}`)}
  ELSE ${listed(`FROM json_each(last.live_seqs) AS carried
    CROSS JOIN logins AS other ON ${ofAccountText('other')} AND other.seq = carried.value
    WHERE ${IS_OTHER_LIVE}`)} END`

// SMS of one login alone in the last ten minutes. Counted by the rows, as many as the setting asks for, only where the day's
// count, which comes with the last login, lets there be so many; after midnight it says nothing of those before.
const RECENT_ALERTS = `CASE WHEN last.received_at > :receivedAt - ${BURST_WINDOW_MS}
  AND (last.alerts_today >= :alertsPerWindow OR :receivedAt - ${BURST_WINDOW_MS} < :dayAt) THEN (
  SELECT count(*) FROM logins AS recent WHERE ${ofAccountText('recent')}
    AND recent.seq > last.seq - :alertsPerWindow - ${SILENT_ROWS_MAX}
    AND recent.received_at > :receivedAt - ${BURST_WINDOW_MS}
    AND recent.alert_number IS NOT NULL AND recent.merged_into IS NULL AND recent.activity IS NULL) ELSE 0 END`

// The login whose SMS is still gathering others, if there is one. Nobody has touched its row: once claimed, its text may
// have left, also where it is `queued` again for a retry.
const CARRIER = `(
  SELECT carrier.seq FROM logins AS carrier
  WHERE ${ofAccountText('carrier')} AND carrier.seq = last.carrier_seq
    AND carrier.version = 0 AND carrier.state = 'queued' AND carrier.lease_until > :receivedAt)`

/** Beyond the budget, alerts a day of countries that the account was never seen in. */
export const NEW_COUNTRIES_PER_DAY = 5

/**
 * Whether the day has no SMS left for this login alone. Known devices may spend three quarters of the budget: whoever logs in all
 * day long must not use up what would tell at once of a stranger.
 */
const OVER_BUDGET = `spent >= CASE
  WHEN familiar THEN :alertsPerDay * 0.75
  WHEN knows_country THEN :alertsPerDay
  ELSE :alertsPerDay + ${NEW_COUNTRIES_PER_DAY} END`

/** When the exchange ended another login of this session id, if that end is this one's as well: it was used up when it came. */
const ENDED_BEFORE = `(
  SELECT max(same.session_ended_at) FROM logins AS same INDEXED BY logins_by_session
  WHERE same.session_id = :sessionId AND ${ofAccountText('same')}
    AND same.session_end = 'ended' AND same.session_ended_at >= :occurredAt)`

// Only a login that is not recognised asks: evaluated where the rule comes to it. By logins the account may be older than its
// import: a thief who has a number imported for it must not begin its first day; nor by having it erased before.
const IS_IN_FIRST_DAY = `(created_at IS NOT NULL AND unseen = 0 AND created_at > :receivedAt - ${DAY_MS}
  AND coalesce((SELECT oldest.received_at FROM logins AS oldest WHERE ${ofAccountText('oldest')}
    ORDER BY oldest.seq LIMIT 1), :receivedAt) > :receivedAt - ${DAY_MS}
  AND NOT EXISTS (SELECT 1 FROM attempt_limits WHERE scope IN (SELECT value FROM json_each(:erasedScopes))))`

/**
 * The end of the hold that an earlier login began, while it runs. Not of one whose lift waits to be due: whoever asked for that
 * did not know of this login.
 */
const RUNNING_UNTIL = `(
  SELECT max(holds.until) FROM holds WHERE ${ofAccountText('holds')}
    AND holds.reason = 'cooling_off' AND holds.lifted_at IS NULL AND holds.until > :receivedAt
    AND NOT EXISTS (SELECT 1 FROM hold_lifts AS lift WHERE ${ofAccountText('lift')}
      AND lift.hold_id = holds.hold_id AND lift.ended IS NULL))`

// `last` (a login or an activity), `last_login`, `account`, `kept` and `early` are one row each at most, read by key; `lock` is one over the account's locks,
// since one that did not raise the hold, or was lifted since, has ended sessions too. What is counted and live is
// carried from login to login: an account's logins are never scanned, its row never written.
const TEXT = `
INSERT INTO logins (${LOGIN_COLUMNS})
WITH found AS MATERIALIZED (
  SELECT coalesce(last.seq, 0) AS last_seq,
    coalesce(last.alert_count, 0) AS last_alert_count, ${OTHER_LIVE} AS others,
    lock.locked_at AS locked_at, coalesce(early.ended_at, ${ENDED_BEFORE}) AS ended_at,
    account.phone_sealed, account.alerts, account.created_at, account.unseen, ${PHONE_STATE} AS phone_state,
    ${HAS_FORMER} AS has_former,
    ${MARKS_BEFORE} AS marks, ${RECENT_ALERTS} AS recent_alerts, ${CARRIER} AS carrier,
    last.carrier_seq AS last_carrier,
    CASE WHEN last.received_at >= :dayAt THEN last.alerts_today ELSE 0 END AS spent,
    CASE WHEN last.received_at >= :dayAt THEN last.activities_today END AS activities_today,
    last_login.seq IS NOT NULL AS has_login
  FROM (SELECT 1)
  LEFT JOIN accounts AS account ON ${ofAccountText('account')}
  LEFT JOIN known_marks AS kept ON ${ofAccountText('kept')}
  CROSS JOIN (
    SELECT max(locked_at) AS locked_at FROM locks
    WHERE ${ofAccountText('locks')} AND ${LOCK_ENDS_UNTIL} >= :occurredAt
  ) AS lock
  LEFT JOIN early_session_ends AS early ON ${ofAccountText('early')} AND early.session_id = :sessionId
    AND early.ended_at >= :occurredAt
  LEFT JOIN (
    SELECT seq, alert_count, live_seqs, received_at, alerts_today, carrier_seq, activity, login_seq, activities_today
    FROM logins WHERE ${ofAccountText('logins')} ORDER BY seq DESC LIMIT 1
  ) AS last
  ${lastLoginJoin('last')}
), known AS MATERIALIZED (
  SELECT *, ${KNOWS} FROM found
), facts AS MATERIALIZED (
  SELECT *, ${SUPPRESSION} AS reason, knows_device AND knows_country AND knows_network AS familiar
  FROM known AS account
), decided AS MATERIALIZED (
  SELECT *, :receivedAt + ${BURST_WINDOW_MS} AS gathered_until, CASE
    WHEN reason IS NOT NULL THEN 'suppressed'
    WHEN carrier IS NOT NULL AND (familiar OR is_over) THEN 'merged'
    WHEN is_over OR familiar AND recent_alerts >= :alertsPerWindow THEN 'gathering'
    ELSE 'due' END AS way
  FROM (SELECT *, ${OVER_BUDGET} AS is_over FROM facts)
), held AS MATERIALIZED (
  SELECT *, CASE WHEN familiar OR :coolingOffMs = 0 THEN NULL ELSE (
    SELECT ${COOLING_OFF_UNTIL} FROM (SELECT decided.knows_device, decided.knows_country, decided.knows_network,
      :coolingOffMs = 0 AS is_cooling_off_off,
      ${IS_IN_FIRST_DAY} AS is_in_first_day, ${onlyDroppedMarks(':keyNames')} AS is_of_dropped_key,
      ${RUNNING_UNTIL} AS running_until)) END AS hold_until
  FROM decided
)
SELECT
  ${LOGIN_SOURCES}
FROM held WHERE true
ON CONFLICT (alert_id) DO NOTHING RETURNING *`

/** Beside the stored fields: what the statement decides with. */
const DECIDING: SqlParameters<LoginToInsert> = {
  ...KNOWS_PARAMETERS,
  ...ACCOUNT_PARAMETERS,
  isTooOld: (login) => (login.receivedAt - login.occurredAt > DAY_MS ? 1 : 0),
  // What says nothing of itself is no device: each of its logins would be told as a new one.
  isDeviceMarked: (login) => (login.deviceMark === null ? 0 : 1),
  claim: (login) => login.claim,
  sendUntil: (login) => login.sendUntil,
  alertsPerWindow: (login) => login.alertsPerWindow,
  alertsPerDay: (login) => login.alertsPerDay,
  alertsLeast: (login) => login.alertsLeast,
  coolingOffMs: (login) => login.coolingOffMs,
  keyNames: (login) => JSON.stringify(login.keyNames),
  erasedScopes: (login) => JSON.stringify(login.erasedScopes),
  dayAt: (login) => login.receivedAt - (login.receivedAt % DAY_MS),
}

const INSERT_LOGIN = nameParameters<LoginToInsert>(TEXT, { ...LOGIN_PARAMETERS, ...DECIDING })
