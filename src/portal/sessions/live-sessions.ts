// The account's live sessions, without a walk through its history: the newest login carries which sessions
// were live then (see insert-login.ts), and each is read by key.

import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm'
import type { Db } from '../../lib/db.ts'
import { DAY_MS } from '../../lib/time.ts'
import type { Login } from '../../login/login.ts'
import { isLiveAt, oncePerSession } from '../../login/logins.ts'
import { logins } from '../../login/tables.ts'

/** As many as a login carries. */
const RECENT_ROWS = 20

/** Newest first; a session that logged in twice shows once. Reads 41 rows at most. */
export async function findLiveSessions(
  db: Db,
  accountId: string,
  now: number,
): Promise<readonly Login[]> {
  const [newest] = await newestLogins(db, accountId, 1)
  if (!newest || newest.liveSeqs.length === 0) return []
  const live = await db
    .select()
    .from(logins)
    .where(
      and(
        eq(logins.accountId, accountId),
        inArray(logins.seq, [...newest.liveSeqs]),
        isLiveAt(now),
      ),
    )
    .orderBy(desc(logins.seq))
  return oncePerSession(live)
}

/** Among the newest logins, sessions revoked within a day: whose end the owner may be waiting for. */
export async function findRevokedSessions(
  db: Db,
  accountId: string,
  now: number,
): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(
      and(
        eq(logins.accountId, accountId),
        sql`${logins.seq} > (SELECT max(seq) FROM logins WHERE account_id = ${accountId}) - ${RECENT_ROWS}`,
        eq(logins.sessionEnd, 'revoked'),
        gte(logins.sessionEndedAt, now - DAY_MS),
      ),
    )
    .orderBy(desc(logins.seq))
}

function newestLogins(db: Db, accountId: string, limit: number) {
  return db
    .select()
    .from(logins)
    .where(eq(logins.accountId, accountId))
    .orderBy(desc(logins.seq))
    .limit(limit)
}
