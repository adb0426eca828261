// Stores a login, its session and its alert in one statement. Written as SQL, since that is what it is,
// and as one constant text: it runs for every login of every account.

import type { Db } from '../db.ts'
import type { LoginFacts } from '../jobs.ts'
import { DAY_MS } from '../lib/time.ts'
import { SESSION_DEFAULT_LIFETIME_MS } from './login.ts'

export type InsertedLogin = {
  readonly state: 'queued' | 'suppressed'
  /** A lock ended the session before it was stored: the lock's callback could not name it. */
  readonly isRevoked: boolean
}

/**
 * Stores a login once: a second insert of the same alert id changes nothing and returns null. The login
 * gets the account's next sequence and, if an SMS is to go out, its next alert number; two logins at
 * the same instant cannot get one. A login that happened before a lock and is stored after it (D1 was
 * away, the webhook came late) is stored with its session revoked; one whose end came first, as ended.
 */
export async function insertLogin(db: Db, login: LoginFacts): Promise<InsertedLogin | null> {
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
    )
    .all<{ state: InsertedLogin['state']; session_end: string | null }>()
  const [row] = results
  return row ? { state: row.state, isRevoked: row.session_end === 'revoked' } : null
}

/** Why no SMS goes out, or NULL when one does. */
const SUPPRESSION = `CASE
  WHEN ?16 THEN 'login_too_old'
  WHEN account.phone_sealed IS NULL THEN 'no_number'
  WHEN account.alerts = 'off' THEN 'alerts_off'
  WHEN account.phone_state = 'invalid' THEN 'number_invalid'
  WHEN account.phone_state = 'opted_out' THEN 'opted_out'
END`

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

// `last`, `account`, `lock` and `early` are one row each at most, read by key. What is counted and which sessions are
// live is carried from login to login: an account's logins are never scanned, its row never written.
const INSERT_LOGIN = `
INSERT INTO logins (
  account_id, seq, alert_id, session_id, occurred_at, received_at, country, city, hosting,
  reserved, ip_tail, browser, os, device_name, locale, is_parallel, session_expires_at,
  session_ended_at, session_end, live_seqs,
  alert_number, alert_count, state, suppression_reason, is_open, attempts)
WITH facts AS MATERIALIZED (
  SELECT ${SUPPRESSION} AS reason, coalesce(last.seq, 0) AS last_seq,
    coalesce(last.alert_count, 0) AS last_alert_count, ${OTHER_LIVE} AS others,
    lock.locked_at AS locked_at, early.ended_at AS ended_at
  FROM (SELECT 1)
  LEFT JOIN accounts AS account ON account.account_id = ?1
  LEFT JOIN locks AS lock ON lock.account_id = ?1 AND lock.lock_id = account.hold_lock_id
    AND lock.lifted_at IS NULL AND lock.locked_at >= ?4
  LEFT JOIN early_session_ends AS early ON early.account_id = ?1 AND early.session_id = ?3
    AND early.ended_at >= ?4
  LEFT JOIN (
    SELECT seq, alert_count, live_seqs FROM logins WHERE account_id = ?1 ORDER BY seq DESC LIMIT 1
  ) AS last
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
  CASE WHEN reason IS NULL THEN 'queued' ELSE 'suppressed' END, reason, reason IS NULL, '[]'
FROM facts WHERE true
ON CONFLICT (alert_id) DO NOTHING RETURNING state, session_end`
