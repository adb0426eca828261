// Stores a login, its session and its alert in one statement. Written as SQL, since that is what it is,
// and as one constant text: it runs for every login of every account.

import type { Db } from '../lib/db.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from './login.ts'
import type { LoginFacts } from './login-facts.ts'

export type InsertedLogin = {
  readonly state: 'queued' | 'merged' | 'suppressed'
  /** Until it is to be sent: not 0 for an SMS that gathers the logins of a burst. */
  readonly delaySeconds: number
  /** A lock ended the session before it was stored: the lock's callback could not name it. */
  readonly isRevoked: boolean
}

/**
 * Stores a login once: a second insert of the same alert id changes nothing and returns null. The login
 * gets the account's next sequence and, if an SMS is to go out, its next alert number; two logins at
 * the same instant cannot get one. A login that happened before a lock and is stored after it (D1 was
 * away, the webhook came late) is stored with its session revoked; one whose end came first, as ended.
 */
export async function insertLogin(
  db: Db,
  login: LoginFacts,
  alertsPerWindow: number,
): Promise<InsertedLogin | null> {
  const { results } = await db.$client
    .prepare(INSERT_LOGIN)
    .bind(
      login.accountId,
      login.alertId,
      login.sessionId,
      login.occurredAt,
      login.receivedAt,
      login.country,
      login.city,
      login.hosting,
      login.reserved,
      login.ipTail,
      login.browser,
      login.os,
      login.deviceName,
      login.locale,
      login.sessionExpiresAt,
      login.receivedAt - login.occurredAt > DAY_MS ? 1 : 0,
      `$."d:${login.deviceMark ?? login.alertId}"`,
      `$."c:${login.country ?? 'unknown'}"`,
      `$."n:${login.networkMark ?? login.alertId}"`,
      alertsPerWindow,
    )
    .all<{
      state: InsertedLogin['state']
      session_end: string | null
      lease_until: number | null
    }>()
  const [row] = results
  if (!row) return null
  const delayMs = row.lease_until === null ? 0 : row.lease_until - login.receivedAt
  return {
    state: row.state,
    delaySeconds: Math.ceil(delayMs / SECOND_MS),
    isRevoked: row.session_end === 'revoked',
  }
}

/** Why no SMS goes out, or NULL when one does. A former number is told whatever became of the new one. */
const SUPPRESSION = `CASE
  WHEN ?16 THEN 'login_too_old'
  WHEN account.phone_sealed IS NULL AND NOT has_former THEN 'no_number'
  WHEN account.alerts = 'off' THEN 'alerts_off'
  WHEN account.phone_state = 'invalid' AND NOT has_former THEN 'number_invalid'
  WHEN account.phone_state = 'opted_out' AND NOT has_former THEN 'opted_out'
  WHEN account.alerts = 'unusual' AND knows_device AND knows_country THEN 'usual'
END`

/** Logins of known devices that come faster than they are to be told are gathered for this long. */
export const BURST_WINDOW_MS = 10 * MINUTE_MS

/** Rows of a burst that are looked at; the newest of them know of the older ones. */
const BURST_ROWS_MAX = 20

/** Marks kept: the newest of what a person owns and where they go. */
const MARKS_MAX = 40

/** Live sessions carried from login to login; more at once is no longer a person. */
const LIVE_CARRIED_MAX = 20

/**
 * Of the sessions that were live at the last login, those that still are, by their sequences. CROSS JOIN
 * keeps SQLite from walking the account's logins and looking each up in the short list.
 */
const OTHER_LIVE = `(
  SELECT json_group_array(seq) FROM (
    SELECT other.seq FROM json_each(last.live_seqs) AS carried
    CROSS JOIN logins AS other ON other.account_id = ?1 AND other.seq = carried.value
    WHERE other.session_id <> ?3 AND other.session_ended_at IS NULL
      AND coalesce(other.session_expires_at, other.occurred_at + ${SESSION_DEFAULT_LIFETIME_MS}) > ?5
    ORDER BY other.seq DESC LIMIT ${LIVE_CARRIED_MAX}))`

// SMS of the last ten minutes, looked for only when the last login is one of them.
const RECENT_ALERTS = `CASE WHEN last.received_at > ?5 - ${BURST_WINDOW_MS} THEN (
  SELECT count(*) FROM logins AS recent WHERE recent.account_id = ?1
    AND recent.seq > last.seq - ${BURST_ROWS_MAX} AND recent.received_at > ?5 - ${BURST_WINDOW_MS}
    AND recent.alert_number IS NOT NULL AND recent.merged_into IS NULL) ELSE 0 END`

// The login whose SMS is still gathering others, if there is one.
const CARRIER = `CASE WHEN last.received_at > ?5 - ${BURST_WINDOW_MS} THEN (
  SELECT carrier.seq FROM logins AS carrier WHERE carrier.account_id = ?1
    AND carrier.seq = (SELECT max(merged.merged_into) FROM logins AS merged
      WHERE merged.account_id = ?1 AND merged.seq > last.seq - ${BURST_ROWS_MAX})
    AND carrier.state = 'queued' AND carrier.lease_until > ?5) END`

// After a lock nothing is known any more: one of the devices was a thief's.
const MARKS = `CASE WHEN last.known_marks IS NULL OR EXISTS (
    SELECT 1 FROM locks WHERE locks.account_id = ?1 AND locks.lock_id = account.hold_lock_id
      AND locks.locked_at >= last.received_at)
  THEN '{}' ELSE last.known_marks END`

const NEW_MARKS = `(SELECT json_group_object(key, value) FROM (
  SELECT key, value FROM json_each(json_set(marks, ?17, ?5, ?18, ?5, ?19, ?5))
  ORDER BY value DESC LIMIT ${MARKS_MAX}))`

// `last`, `account`, `lock` and `early` are one row each at most, read by key. What is counted, known and
// live is carried from login to login: an account's logins are never scanned, its row never written.
const INSERT_LOGIN = `
INSERT INTO logins (
  account_id, seq, alert_id, session_id, occurred_at, received_at, country, city, hosting,
  reserved, ip_tail, browser, os, device_name, locale, is_parallel, session_expires_at,
  session_ended_at, session_end, live_seqs,
  alert_number, alert_count, state, suppression_reason, is_open, attempts,
  known_marks, is_familiar, merged_into, lease_until)
WITH found AS MATERIALIZED (
  SELECT coalesce(last.seq, 0) AS last_seq,
    coalesce(last.alert_count, 0) AS last_alert_count, ${OTHER_LIVE} AS others,
    lock.locked_at AS locked_at, early.ended_at AS ended_at,
    account.phone_sealed, account.alerts, account.phone_state,
    coalesce(account.former_phone_until, 0) > ?5 AS has_former,
    ${MARKS} AS marks, ${RECENT_ALERTS} AS recent_alerts, ${CARRIER} AS carrier
  FROM (SELECT 1)
  LEFT JOIN accounts AS account ON account.account_id = ?1
  LEFT JOIN locks AS lock ON lock.account_id = ?1 AND lock.lock_id = account.hold_lock_id
    AND lock.lifted_at IS NULL AND lock.locked_at >= ?4
  LEFT JOIN early_session_ends AS early ON early.account_id = ?1 AND early.session_id = ?3
    AND early.ended_at >= ?4
  LEFT JOIN (
    SELECT seq, alert_count, live_seqs, received_at, known_marks FROM logins WHERE account_id = ?1
    ORDER BY seq DESC LIMIT 1
  ) AS last
), known AS MATERIALIZED (
  SELECT *, json_extract(marks, ?17) IS NOT NULL AS knows_device,
    json_extract(marks, ?18) IS NOT NULL AS knows_country,
    json_extract(marks, ?19) IS NOT NULL AS knows_network
  FROM found
), facts AS MATERIALIZED (
  SELECT *, ${SUPPRESSION} AS reason, knows_device AND knows_country AND knows_network AS familiar
  FROM known AS account
), decided AS MATERIALIZED (
  SELECT *, CASE
    WHEN reason IS NOT NULL THEN 'suppressed'
    WHEN familiar AND carrier IS NOT NULL THEN 'merged'
    WHEN familiar AND recent_alerts >= ?20 THEN 'gathering'
    ELSE 'queued' END AS way
  FROM facts
)
SELECT
  ?1, last_seq + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
  ?9, ?10, ?11, ?12, ?13, ?14, others <> '[]', ?15,
  coalesce(locked_at, ended_at),
  CASE WHEN locked_at IS NOT NULL THEN 'revoked' WHEN ended_at IS NOT NULL THEN 'ended' END,
  CASE WHEN coalesce(locked_at, ended_at) IS NULL
    THEN json_insert(others, '$[#]', last_seq + 1) ELSE others END,
  CASE WHEN reason IS NULL THEN last_alert_count + 1 END,
  last_alert_count + (reason IS NULL),
  CASE way WHEN 'gathering' THEN 'queued' ELSE way END, reason, way IN ('queued', 'gathering'), '[]',
  ${NEW_MARKS}, familiar,
  CASE way WHEN 'merged' THEN carrier WHEN 'gathering' THEN last_seq + 1 END,
  CASE way WHEN 'gathering' THEN ?5 + ${BURST_WINDOW_MS} END
FROM decided WHERE true
ON CONFLICT (alert_id) DO NOTHING RETURNING state, session_end, lease_until`
