// Live sessions, revoking one, and the question a gateway asks before it lets a session do anything
// (RFC 7662).

import { Hono } from 'hono'
import * as v from 'valibot'
import { SessionIdSchema } from '../lib/fields.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { refuseMediaType } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { revokeSession } from '../lock/revoke-session.ts'
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
  const { db, now } = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const query = readInput(SessionsQuerySchema, c.req.query())
  if (!query.ok) return query.error
  const { cursor, limit } = query.value
  // One more than shown tells whether there is a next page.
  const page = { before: cursor ?? null, limit: limit + 1 }
  const sessions = await listLiveSessions(db, accountId.value, now(), page)
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
  const { db, now } = c.env.context
  const refusal = refuseMediaType(c.req.header('content-type'), 'application/x-www-form-urlencoded')
  if (refusal) return refusal
  const form = readInput(IntrospectSchema, formFields(await c.req.text()))
  if (!form.ok) return form.error
  const { token, account_id: accountId = null } = form.value
  // What can be no id is none that was reported.
  const isId = (id: string) => v.is(SessionIdSchema, id)
  const isAsked = isId(token) && (accountId === null || isId(accountId))
  const logins = isAsked ? await findLoginsBySession(db, token, accountId) : []
  const isAll = logins.length < SAME_SESSION_MAX
  return c.json(introspectionAnswer(readSessionState(logins, isAll, now())))
})

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
