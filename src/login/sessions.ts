// The SQL of sessions, each of which stands in the row of its login: which are live, ended by the exchange, revoked by
// a lock or one by one.

import { and, desc, eq, gte, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { type Login, SESSION_DEFAULT_LIFETIME_MS } from './login.ts'
import type { SessionEndFacts } from './login-facts.ts'
import { earlySessionEnds, logins } from './tables.ts'

/**
 * Marks a session as ended by the exchange: its logins until then, since the exchange may use one id again. Both instants are
 * of its own clock (decision 033), so what began later goes on. Where the end finds no login to end, it is kept for one that
 * has not come yet. False when this ends nothing and one is kept already.
 */
export async function endSession(db: Db, session: SessionEndFacts): Promise<boolean> {
  const { accountId, sessionId, endedAt } = session
  const isSession = and(eq(logins.sessionId, sessionId), ofAccount(logins, accountId))
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
    .where(and(eq(logins.sessionId, sessionId), isAccounts))
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
    .where(and(ofAccount(logins, accountId), isLiveAt(now)))
    .orderBy(desc(logins.seq))
    .limit(limit)
  return oncePerSession(live)
}

/** As many as a login carries. */
const RECENT_ROWS = 20

/**
 * The account's live sessions, newest first; a session that logged in twice shows once. The newest login carries
 * which were live then (see insert-login.ts), and each is read by key: 41 rows at most.
 */
export async function findLiveSessions(
  db: Db,
  accountId: string,
  now: number,
): Promise<readonly Login[]> {
  const [newest] = await db
    .select()
    .from(logins)
    .where(ofAccount(logins, accountId))
    .orderBy(desc(logins.seq))
    .limit(1)
  if (!newest || newest.liveSeqs.length === 0) return []
  const live = await db
    .select()
    .from(logins)
    .where(
      and(ofAccount(logins, accountId), inArray(logins.seq, [...newest.liveSeqs]), isLiveAt(now)),
    )
    .orderBy(desc(logins.seq))
  return oncePerSession(live)
}

/** Among the newest logins, sessions revoked within a day, each once: whose end the owner may be waiting for. */
export async function findRevokedSessions(
  db: Db,
  accountId: string,
  now: number,
): Promise<readonly Login[]> {
  const revoked = await db
    .select()
    .from(logins)
    .where(
      and(
        ofAccount(logins, accountId),
        sql`${logins.seq} > (SELECT max(seq) FROM ${logins} WHERE ${ofAccount(logins, accountId)}) - ${RECENT_ROWS}`,
        eq(logins.sessionEnd, 'revoked'),
        gte(logins.sessionEndedAt, now - DAY_MS),
      ),
    )
    .orderBy(desc(logins.seq))
  return oncePerSession(revoked)
}

/** The session has neither ended nor run out. */
function isLiveAt(now: number) {
  return and(
    isNull(logins.sessionEndedAt),
    sql`coalesce(${logins.sessionExpiresAt}, ${logins.occurredAt} + ${SESSION_DEFAULT_LIFETIME_MS})
      > ${now}`,
  )
}

/** The first of each session. */
function oncePerSession(all: readonly Login[]): readonly Login[] {
  return all.filter(
    (login, index) => all.findIndex((other) => other.sessionId === login.sessionId) === index,
  )
}

/** For the batch that tells the exchange of it. */
export function revokeSessionStatement(
  db: Db,
  { accountId, sessionId }: Pick<Login, 'accountId' | 'sessionId'>,
  now: number,
) {
  return db
    .update(logins)
    .set({ sessionEndedAt: now, sessionEnd: 'revoked' })
    .where(
      and(
        eq(logins.sessionId, sessionId),
        ofAccount(logins, accountId),
        isNull(logins.sessionEndedAt),
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
