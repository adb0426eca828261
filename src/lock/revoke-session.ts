// Revokes sessions, one or all of an account: a small lock, without a hold. The exchange is told of each by a callback of its own.

import { nudgeCallbacks } from '../exchange/nudge.ts'
import { insertCallbacksStatement } from '../exchange/outbox.ts'
import { sessionRevokedCallback } from '../exchange/session-revoked.ts'
import type { Login } from '../login/login.ts'
import { findSession, listLiveSessions, revokeSessionsOfStatement } from '../login/sessions.ts'
import type { ActContext } from './lock-context.ts'

/** `unknown`: the account never had such a session. Revoking one that is `over` changes nothing. */
export type Revoked = 'revoked' | 'over' | 'unknown'

export async function revokeSession(
  context: ActContext,
  accountId: string,
  sessionId: string,
): Promise<Revoked> {
  const session = await findSession(context.dbOf(accountId), { accountId, sessionId })
  if (!session) return 'unknown'
  if (session.sessionEndedAt !== null) return 'over'
  await revoke(context, accountId, [session], context.now())
  return 'revoked'
}

/** Two batches of this size fit easily into one request; each is two statements, however many sessions. */
const SESSIONS_AT_ONCE = 500

/** As many as one request can end. What is left is listed still, and ended by asking again. */
const SESSIONS_MAX = 10_000

/** Every live one, however old; how many there were. */
export async function revokeAllSessions(context: ActContext, accountId: string): Promise<number> {
  const now = context.now()
  let count = 0
  while (count < SESSIONS_MAX) {
    const page = { before: null, limit: SESSIONS_AT_ONCE }
    const live = await listLiveSessions(context.dbOf(accountId), accountId, now, page)
    if (live.length > 0) await revoke(context, accountId, live, now)
    count += live.length
    if (live.length < SESSIONS_AT_ONCE) break
  }
  return count
}

async function revoke(
  context: ActContext,
  accountId: string,
  sessions: readonly Login[],
  now: number,
): Promise<void> {
  const db = context.dbOf(accountId)
  const ids = sessions.map(({ sessionId }) => sessionId)
  const callbacks = await Promise.all(sessions.map((login) => sessionRevokedCallback(login, now)))
  await db.batch([
    revokeSessionsOfStatement(db, accountId, ids, now),
    insertCallbacksStatement(db, callbacks, now),
  ])
  await nudgeCallbacks(context, callbacks)
}
