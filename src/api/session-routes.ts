// Live sessions, revoking one, and the question a gateway asks before it lets a session do anything
// (RFC 7662).

import { Hono } from 'hono'
import * as v from 'valibot'
import { SessionIdSchema } from '../lib/fields.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { refuseMediaType } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { askAll } from '../lib/shards.ts'
import { SECOND_MS } from '../lib/time.ts'
import { revokeSession } from '../lock/revoke-session.ts'
import type { Login } from '../login/login.ts'
import { readSessionState, type SessionState } from '../login/session-state.ts'
import { findLoginsBySession, listLiveSessions, SAME_SESSION_MAX } from '../login/sessions.ts'
import { paths } from '../paths.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import { IntrospectSchema, readAccountId, readInput, SessionsQuerySchema } from './requests.ts'
import type { IntrospectionAnswer, SessionListAnswer } from './session-spec.ts'
import { sessionView } from './views.ts'

export const sessionRoutes = new Hono<RouteEnv<ApiContext>>()

sessionRoutes.get(paths.accountSessions, async (c) => {
  const { dbOf, now } = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const query = readInput(SessionsQuerySchema, c.req.query())
  if (!query.ok) return query.error
  const { cursor, limit } = query.value
  // One more than shown tells whether there is a next page.
  const page = { before: cursor ?? null, limit: limit + 1 }
  const sessions = await listLiveSessions(dbOf(accountId.value), accountId.value, now(), page)
  const answer: SessionListAnswer = {
    sessions: sessions.slice(0, limit).map(sessionView),
    next_cursor: sessions.length > limit ? String(sessions[limit - 1]?.seq) : null,
  }
  return c.json(answer)
})

sessionRoutes.delete(paths.accountSession, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const sessionId = v.safeParse(SessionIdSchema, c.req.param('sessionId'))
  if (!sessionId.success) return problem('not_found')
  const revoked = await revokeSession(c.env.context, accountId.value, sessionId.output)
  if (revoked === 'unknown') return problem('not_found')
  if (revoked === 'revoked') {
    logInfo('session.revoked', { account_id: accountId.value, key: await keyName(c), count: 1 })
  }
  return c.body(null, 204)
})

// RFC 7662 §2.1: a form with `token`; §2.2: whatever is not active is only ever `{"active":false}`.
sessionRoutes.post(paths.introspect, async (c) => {
  const refusal = refuseMediaType(c.req.header('content-type'), 'application/x-www-form-urlencoded')
  if (refusal) return refusal
  const form = readInput(IntrospectSchema, formFields(await c.req.text()))
  if (!form.ok) return form.error
  const { token, account_id: accountId = null } = form.value
  // What can be no id is none that was reported.
  const isId = (id: string) => v.is(SessionIdSchema, id)
  const isAsked = isId(token) && (accountId === null || isId(accountId))
  const { logins, isAll } = isAsked
    ? await findSessionOfAny(c.env.context, token, accountId)
    : { logins: [], isAll: true }
  return c.json(introspectionAnswer(readSessionState(logins, isAll, c.env.context.now())))
})

/** Without an account every database is asked; what is found in some tells, what is not found only if all answered. */
async function findSessionOfAny(
  { dbOf, shards }: ApiContext,
  token: string,
  accountId: string | null,
): Promise<{ readonly logins: readonly Login[]; readonly isAll: boolean }> {
  if (accountId !== null) {
    const logins = await findLoginsBySession(dbOf(accountId), token, accountId)
    return { logins, isAll: logins.length < SAME_SESSION_MAX }
  }
  const { rows, missing } = await askAll(shards, (db) => findLoginsBySession(db, token, null))
  if (rows.length === 0 && missing !== null) throw missing
  const logins = [...rows].sort((a, b) => b.receivedAt - a.receivedAt).slice(0, SAME_SESSION_MAX)
  return { logins, isAll: missing === null && logins.length < SAME_SESSION_MAX }
}

function introspectionAnswer(state: SessionState): IntrospectionAnswer {
  switch (state.kind) {
    case 'over':
      return { active: false }
    case 'live_in_each':
      return { active: true }
    case 'live': {
      const { accountId, occurredAt, sessionExpiresAt } = state.login
      return {
        active: true,
        sub: accountId,
        iat: Math.floor(occurredAt / SECOND_MS),
        ...(sessionExpiresAt === null ? {} : { exp: Math.floor(sessionExpiresAt / SECOND_MS) }),
      }
    }
  }
}

/** Fields of a form; of one that is there twice, the first (RFC 6749 §3.1 forbids it). */
function formFields(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...new URLSearchParams(text)].reverse())
}
