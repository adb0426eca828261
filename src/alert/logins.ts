// The SQL of logins: insert, read, move on. Every statement names one account or one alert; only
// `findOpenLogins` crosses accounts, through the partial index of what is still open.

import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../db.ts'
import type { LoginFacts, SessionEndFacts } from '../jobs.ts'
import { DAY_MS } from '../lib/time.ts'
import { logins } from '../schema.ts'
import { type Login, SESSION_DEFAULT_LIFETIME_MS } from './login.ts'

/** Live sessions carried from login to login; more at once is no longer a person. */
const LIVE_CARRIED_MAX = 20
/** Session ids are the exchange's; should it use one for many logins, the newest tell. */
const SAME_SESSION_MAX = 20

/**
 * Stores a login once: a second insert of the same alert id changes nothing. One statement gives it
 * the account's next sequence and alert number, finds a parallel session and decides whether an SMS
 * is to go out: two logins at the same instant cannot get one number. A login that happened before a
 * lock and is stored after it (D1 was away, the webhook came late) is stored with its session revoked.
 * Null when the login was there already.
 */
export async function insertLogin(db: Db, login: LoginFacts): Promise<InsertedLogin | null> {
  const rows = await db.all<{ state: InsertedLogin['state']; session_end: string | null }>(
    insertLoginSql(login),
  )
  const [row] = rows
  return row ? { state: row.state, isRevoked: row.session_end !== null } : null
}

export type InsertedLogin = {
  readonly state: 'queued' | 'suppressed'
  /** A lock ended the session before it was stored: the lock's callback could not name it. */
  readonly isRevoked: boolean
}

function insertLoginSql(login: LoginFacts) {
  // `last` and `account` are one row each, read by key. What is counted and which sessions are live is
  // carried from login to login, so an account's logins are never scanned and its row never written.
  return sql`
    INSERT INTO logins (
      account_id, seq, alert_id, session_id, occurred_at, received_at, country, city, hosting,
      reserved, ip_tail, browser, os, device_name, locale, is_parallel, session_expires_at,
      session_ended_at, session_end, live_seqs, alert_number, alert_count, state, suppression_reason, is_open, attempts)
    WITH facts AS MATERIALIZED (
      SELECT ${suppressionSql(login)} AS reason, coalesce(last.seq, 0) AS last_seq,
        coalesce(last.alert_count, 0) AS last_alert_count, ${otherLiveSql(login)} AS others,
        lock.locked_at AS locked_at
      FROM (SELECT 1)
      LEFT JOIN accounts AS account ON account.account_id = ${login.accountId}
      LEFT JOIN locks AS lock ON lock.account_id = ${login.accountId}
        AND lock.lock_id = account.hold_lock_id AND lock.lifted_at IS NULL
        AND lock.locked_at >= ${login.occurredAt}
      LEFT JOIN (
        SELECT seq, alert_count, live_seqs FROM logins WHERE account_id = ${login.accountId}
        ORDER BY seq DESC LIMIT 1
      ) AS last
    )
    SELECT
      ${login.accountId}, last_seq + 1, ${login.alertId}, ${login.sessionId},
      ${login.occurredAt}, ${login.receivedAt}, ${login.country}, ${login.city}, ${login.hosting},
      ${login.reserved}, ${login.ipTail}, ${login.browser}, ${login.os}, ${login.deviceName},
      ${login.locale}, others <> '[]', ${login.sessionExpiresAt},
      locked_at, CASE WHEN locked_at IS NOT NULL THEN 'revoked' END,
      CASE WHEN locked_at IS NULL THEN json_insert(others, '$[#]', last_seq + 1) ELSE others END,
      CASE WHEN reason IS NULL THEN last_alert_count + 1 END,
      last_alert_count + (reason IS NULL),
      CASE WHEN reason IS NULL THEN 'queued' ELSE 'suppressed' END,
      reason, reason IS NULL, '[]'
    FROM facts WHERE true
    ON CONFLICT (alert_id) DO NOTHING RETURNING state, session_end`
}

/** Why no SMS goes out, or NULL when one does. */
function suppressionSql(login: LoginFacts) {
  const isTooOld = login.receivedAt - login.occurredAt > DAY_MS ? 1 : 0
  return sql`CASE
    WHEN ${isTooOld} THEN 'login_too_old'
    WHEN account.phone_sealed IS NULL THEN 'no_number'
    WHEN account.alerts = 'off' THEN 'alerts_off'
    WHEN account.phone_state = 'invalid' THEN 'number_invalid'
    WHEN account.phone_state = 'opted_out' THEN 'opted_out'
  END`
}

/**
 * Of the sessions that were live at the last login, those that still are, by their sequences. CROSS JOIN
 * keeps SQLite from walking the account's logins and looking each up in the short list.
 */
function otherLiveSql(login: LoginFacts) {
  return sql`(
    SELECT json_group_array(seq) FROM (
      SELECT other.seq FROM json_each(last.live_seqs) AS carried
      CROSS JOIN logins AS other ON other.account_id = ${login.accountId} AND other.seq = carried.value
      WHERE other.session_id <> ${login.sessionId} AND other.session_ended_at IS NULL
        AND coalesce(other.session_expires_at, other.occurred_at + ${SESSION_DEFAULT_LIFETIME_MS})
          > ${login.receivedAt}
      ORDER BY other.seq DESC LIMIT ${LIVE_CARRIED_MAX}))`
}

/** Marks a session as ended by the exchange; false when it was not live or is not known. */
export async function endSession(db: Db, session: SessionEndFacts): Promise<boolean> {
  const result = await db
    .update(logins)
    .set({ sessionEndedAt: session.endedAt, sessionEnd: 'ended' })
    .where(
      and(
        eq(logins.sessionId, session.sessionId),
        eq(logins.accountId, session.accountId),
        isNull(logins.sessionEndedAt),
      ),
    )
  return result.meta.changes > 0
}

export async function findLogin(
  db: Db,
  key: { readonly accountId: string; readonly seq: number },
): Promise<Login | null> {
  const [login] = await db
    .select()
    .from(logins)
    .where(and(eq(logins.accountId, key.accountId), eq(logins.seq, key.seq)))
  return login ?? null
}

export async function findLoginByAlert(db: Db, alertId: string): Promise<Login | null> {
  const [login] = await db.select().from(logins).where(eq(logins.alertId, alertId))
  return login ?? null
}

export async function findLoginsBySession(db: Db, sessionId: string): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(eq(logins.sessionId, sessionId))
    .orderBy(desc(logins.receivedAt))
    .limit(SAME_SESSION_MAX)
}

/** Live sessions of the account, newest first; a session that logged in twice shows once. */
export async function listLiveSessions(
  db: Db,
  accountId: string,
  now: number,
  limit: number,
): Promise<readonly Login[]> {
  const live = await db
    .select()
    .from(logins)
    .where(
      and(
        eq(logins.accountId, accountId),
        isNull(logins.sessionEndedAt),
        sql`coalesce(${logins.sessionExpiresAt}, ${logins.occurredAt} + ${SESSION_DEFAULT_LIFETIME_MS})
          > ${now}`,
      ),
    )
    .orderBy(desc(logins.seq))
    .limit(limit)
  return live.filter(
    (login, index) => live.findIndex((other) => other.sessionId === login.sessionId) === index,
  )
}

/** Newest first; `before` is the cursor: the sequence of the last login already seen. */
export async function listLogins(
  db: Db,
  accountId: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(
      page.before === null
        ? eq(logins.accountId, accountId)
        : and(eq(logins.accountId, accountId), lt(logins.seq, page.before)),
    )
    .orderBy(desc(logins.seq))
    .limit(page.limit)
}

/** What may change after the insert. */
export type LoginChange = Partial<
  Pick<Login, 'state' | 'suppressionReason' | 'isOpen' | 'leaseUntil' | 'wave' | 'attempts'>
>

/**
 * The statement that moves a login on, if nobody did since `login` was read; the version is what
 * makes a receipt and a consumer, writing at once, take turns.
 */
export function changeLoginStatement(db: Db, login: Login, change: LoginChange) {
  const { isOpen, ...rest } = change
  return db
    .update(logins)
    .set({
      ...rest,
      // Naming the column rewrites its index entry, one more row billed, even if nothing changes.
      ...(isOpen === undefined || isOpen === login.isOpen ? {} : { isOpen }),
      version: login.version + 1,
    })
    .where(
      and(
        eq(logins.accountId, login.accountId),
        eq(logins.seq, login.seq),
        eq(logins.version, login.version),
      ),
    )
}

/** Alerts the sweep must look at, oldest first; `after` is the cursor of the page before. */
export async function findOpenLogins(
  db: Db,
  after: Pick<Login, 'receivedAt' | 'accountId' | 'seq'> | null,
  limit: number,
): Promise<readonly Login[]> {
  const { receivedAt, accountId, seq } = after ?? { receivedAt: 0, accountId: '', seq: 0 }
  const position = sql`(${receivedAt}, ${accountId}, ${seq})`
  return db
    .select()
    .from(logins)
    .where(
      and(
        // A literal 1: with a bound value SQLite may not use the partial index.
        sql`${logins.isOpen} = 1`,
        sql`(${logins.receivedAt}, ${logins.accountId}, ${logins.seq}) > ${position}`,
      ),
    )
    .orderBy(logins.receivedAt, logins.accountId, logins.seq)
    .limit(limit)
}
