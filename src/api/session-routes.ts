// Live sessions, revoking one, and the question a gateway asks before it lets a session do anything
// (RFC 7662).

import { Hono } from 'hono'
import * as v from 'valibot'
import { SessionIdSchema } from '../lib/fields.ts'
import { problem } from '../lib/problem.ts'
import { refuseMediaType } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { revokeSession } from '../lock/revoke-session.ts'
import { readSessionState, type SessionState } from '../login/session-state.ts'
import { findLoginsBySession, listLiveSessions, SAME_SESSION_MAX } from '../login/sessions.ts'
import { paths } from '../paths.ts'
import type { ApiContext } from './api-context.ts'
import { IntrospectSchema, readAccountId, readInput } from './requests.ts'
import type { IntrospectionAnswer, SessionListAnswer } from './session-spec.ts'
import { sessionView } from './views.ts'

const SESSIONS_MAX = 200

export const sessionRoutes = new Hono<RouteEnv<ApiContext>>()

sessionRoutes.get(paths.accountSessions, async (c) => {
  const { db, now } = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const sessions = await listLiveSessions(db, accountId.value, now(), SESSIONS_MAX)
  const answer: SessionListAnswer = { sessions: sessions.map(sessionView) }
  return c.json(answer)
})

sessionRoutes.delete(paths.accountSession, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const sessionId = v.safeParse(SessionIdSchema, c.req.param('sessionId'))
  if (!sessionId.success) return problem('not_found')
  const found = await revokeSession(c.env.context, accountId.value, sessionId.output)
  return found ? c.body(null, 204) : problem('not_found')
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
