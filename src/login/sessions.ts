// The SQL of sessions, each of which stands in the row of its login: which are live, ended by the exchange, revoked by
// a lock or one by one.

import { and, countDistinct, desc, eq, gte, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { newestLoginSeq } from './known-marks.ts'
import { LIVE_CARRIED_MAX, type Login, MORE_LIVE, SESSION_DEFAULT_LIFETIME_MS } from './login.ts'
import type { SessionEndFacts } from './login-facts.ts'
import { earlySessionEnds, logins } from './tables.ts'

/** An activity may name a session; it is none. */
const isLogin = isNull(logins.activity)

/**
 * Marks a session as ended by the exchange: its logins until then, since the exchange may use one id again. Both instants are
 * of its own clock (decision 033), so what began later goes on. Where the end finds no login to end, it is kept for one that
 * has not come yet. False when this ends nothing and one is kept already.
 */
export async function endSession(db: Db, session: SessionEndFacts): Promise<boolean> {
  const { accountId, sessionId, endedAt } = session
  const isSession = and(eq(logins.sessionId, sessionId), ofAccount(logins, accountId), isLogin)
  const [ended, , kept] = await db.batch([
    db
      .update(logins)
      .set({ sessionEndedAt: endedAt, sessionEnd: 'ended' })
      .where(and(isSession, isNull(logins.sessionEndedAt), lte(logins.occurredAt, endedAt))),
    // The latest of those that are kept: it closes what an earlier one would. The exchange is told nothing new by that.
    db
      .update(earlySessionEnds)
      .set({ endedAt })
      .where(
        and(
          ofAccount(earlySessionEnds, accountId),
          eq(earlySessionEnds.sessionId, sessionId),
          lt(earlySessionEnds.endedAt, endedAt),
        ),
      ),
    insertWhen(
      db,
      earlySessionEnds,
      session,
      // By the first statement, or by the same end when it came first.
      sql`NOT EXISTS (SELECT 1 FROM logins WHERE ${isSession} AND session_ended_at = ${endedAt})`,
    ).onConflictDoNothing(),
  ])
  return ended.meta.changes > 0 || kept.meta.changes > 0
}

/** Session ids are the exchange's; should it use one for many logins, the newest tell. */
export const SAME_SESSION_MAX = 20

/** Newest first; of one account, or, where that is null, of all that have a session of this id. */
export async function findLoginsBySession(
  db: Db,
  sessionId: string,
  accountId: string | null,
): Promise<readonly Login[]> {
  const isAccounts = accountId === null ? undefined : ofAccount(logins, accountId)
  return db
    .select()
    .from(logins)
    .where(and(eq(logins.sessionId, sessionId), isAccounts, isLogin))
    .orderBy(desc(logins.receivedAt))
    .limit(SAME_SESSION_MAX)
}

/** The account's newest login of the session, a live one first: its end is what the exchange is told of. */
export async function findSession(
  db: Db,
  { accountId, sessionId }: Pick<Login, 'accountId' | 'sessionId'>,
): Promise<Login | null> {
  const [login] = await db
    .select()
    .from(logins)
    .where(and(eq(logins.sessionId, sessionId), ofAccount(logins, accountId), isLogin))
    .orderBy(sql`${logins.sessionEndedAt} IS NOT NULL`, desc(logins.seq))
    .limit(1)
  return login ?? null
}

export type SessionPage = {
  /** The cursor: the sequence of the last one already seen. */
  readonly before: number | null
  readonly limit: number
}

/** Rows of the account to look among; `all` reads every one of its own. */
export type Among = readonly number[] | 'all'

/**
 * A page of the account's live sessions, newest first; a session that logged in twice shows once. None is hidden by the
 * logins after it, however many.
 */
export async function listLiveSessions(
  db: Db,
  accountId: string,
  now: number,
  { before, limit, among = 'all' }: SessionPage & { readonly among?: Among },
): Promise<readonly Login[]> {
  const newest = sql`SELECT max(${logins.seq}) AS newest FROM ${logins}
    WHERE ${and(ofAccount(logins, accountId), isAmong(among), isLiveAt(now))} GROUP BY ${logins.sessionId}
    ${before === null ? sql`` : sql`HAVING newest < ${before}`} ORDER BY newest DESC LIMIT ${limit}`
  return db
    .select()
    .from(logins)
    .where(and(ofAccount(logins, accountId), sql`${logins.seq} IN (${newest})`))
    .orderBy(desc(logins.seq))
}

/** How many there are. */
export async function countLiveSessions(
  db: Db,
  accountId: string,
  now: number,
  among: Among,
): Promise<number> {
  const [found] = await db
    .select({ count: countDistinct(logins.sessionId) })
    .from(logins)
    .where(and(ofAccount(logins, accountId), isAmong(among), isLiveAt(now)))
  return found?.count ?? 0
}

/** Looked at beside those that the newest login carries: ended since, or before it came. */
const RECENT_ROWS = 20

/**
 * Where the account's live sessions are, and those that were until a short while ago: the newest row carries which were
 * live then (see insert-login.ts), and none has come since. Where it could not carry all, they are among all rows.
 */
export async function findSessionRows(db: Db, accountId: string): Promise<Among> {
  const [newest] = await db
    .select({
      newestLogin: sql<number | null>`${sql.raw(newestLoginSeq('logins'))}`,
      liveSeqs: logins.liveSeqs,
    })
    .from(logins)
    .where(ofAccount(logins, accountId))
    .orderBy(desc(logins.seq))
    .limit(1)
  if (!newest) return []
  const { newestLogin, liveSeqs: carried } = newest
  if (newestLogin === null) return []
  const recent = Array.from({ length: RECENT_ROWS }, (_, index) => newestLogin - index)
  // As many as there may be: of a row of a former deployment, which did not say that there were more.
  const isWhole = !carried.includes(MORE_LIVE) && carried.length <= LIVE_CARRIED_MAX
  return isWhole ? [...new Set([...recent, ...carried])] : 'all'
}

/**
 * The newest of the sessions that were revoked within a day, whose end the owner may be waiting for: by when they were
 * revoked, since an old session may be the one that matters. Each once.
 */
export async function findRevokedSessions(
  db: Db,
  accountId: string,
  now: number,
  { limit, among }: { readonly limit: number; readonly among: Among },
): Promise<readonly Login[]> {
  const revoked = await db
    .select()
    .from(logins)
    .where(
      and(
        ofAccount(logins, accountId),
        isAmong(among),
        eq(logins.sessionEnd, 'revoked'),
        gte(logins.sessionEndedAt, now - DAY_MS),
      ),
    )
    .orderBy(desc(logins.sessionEndedAt), desc(logins.seq))
    .limit(limit)
  return revoked.filter(
    ({ sessionId }, index) => revoked.findIndex((other) => other.sessionId === sessionId) === index,
  )
}

function isAmong(among: Among): SQL | undefined {
  if (among === 'all') return undefined
  return sql`${logins.seq} IN (SELECT value FROM json_each(${JSON.stringify(among)}))`
}

/** The session has neither ended nor run out. */
function isLiveAt(now: number) {
  return and(
    isLogin,
    isNull(logins.sessionEndedAt),
    sql`coalesce(${logins.sessionExpiresAt}, ${logins.occurredAt} + ${SESSION_DEFAULT_LIFETIME_MS})
      > ${now}`,
  )
}

/** For the batch that tells the exchange of it: any number of sessions of one account, which are one bound value. */
export function revokeSessionsOfStatement(
  db: Db,
  accountId: string,
  sessionIds: readonly string[],
  now: number,
) {
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(sessionIds)}))`
  return db
    .update(logins)
    .set({ sessionEndedAt: now, sessionEnd: 'revoked' })
    .where(
      and(
        ofAccount(logins, accountId),
        isLogin,
        isNull(logins.sessionEndedAt),
        sql`${logins.sessionId} IN ${ids}`,
      ),
    )
}

export type SessionsOfLock = {
  readonly accountId: string
  /** Live at this instant … */
  readonly liveAt: number
  /** … and begun by that one: later sessions are not this lock's. */
  readonly begunUntil: SQL
}

/** For the batch of a lock, after `sessionIdsSql`. */
export function revokeSessionsStatement(db: Db, sessions: SessionsOfLock) {
  return db
    .update(logins)
    .set({ sessionEndedAt: sessions.liveAt, sessionEnd: 'revoked' })
    .where(isOfLock(sessions))
}

/** A JSON list of the ids that `revokeSessionsStatement` will revoke, newest first. */
export function sessionIdsSql(sessions: SessionsOfLock, limit: number): SQL {
  return sql`(SELECT json_group_array(session_id) FROM (
    SELECT DISTINCT session_id FROM logins WHERE ${isOfLock(sessions)}
    ORDER BY seq DESC LIMIT ${limit}))`
}

function isOfLock({ accountId, liveAt, begunUntil }: SessionsOfLock) {
  return and(
    ofAccount(logins, accountId),
    isLiveAt(liveAt),
    sql`${logins.occurredAt} <= ${begunUntil}`,
  )
}
