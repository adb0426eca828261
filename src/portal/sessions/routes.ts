// /portal/sessions: what is signed in, and ending one or all. "Ended" is shown once the exchange has confirmed.

import { Hono } from 'hono'
import { revokeAllSessions, revokeSession } from '../../lock/revoke-session.ts'
import { paths } from '../../paths.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import { logVisit, readBefore, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { endOtherVisits } from '../visit/visits.ts'
import { sessionsBody } from './page.ts'
import { readSessions } from './read-sessions.ts'

const REFRESH_SECONDS = 3

export const sessionsRoutes = new Hono<VisitEnv>()

sessionsRoutes.get(paths.portalSessions, (c) => show(c))

sessionsRoutes.post(paths.portalSessionsRevoke, async (c) => {
  const sessionId = c.var.form.get('session_id') ?? ''
  const revoked = await revokeSession(c.env.context, c.var.account.accountId, sessionId)
  if (revoked === 'unknown') return show(c, c.var.language.portal.sessions.noSuch, 404)
  if (revoked === 'revoked') await logVisit(c, 'session.revoked', { count: 1 })
  return seeOther(paths.portalSessions)
})

sessionsRoutes.post(paths.portalSessionsRevokeAll, async (c) => {
  const context = c.env.context
  const { accountId } = c.var.account
  // First: whoever else is in these pages came by one of these sessions.
  await endOtherVisits(c.var.db, c.var.visit, context.now())
  const count = await revokeAllSessions(context, accountId)
  await logVisit(c, 'session.revoked', { count })
  return seeOther(paths.portalSessions)
})

async function show(
  c: VisitContext,
  problem: string | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { now } = c.env.context
  const { db, account, language } = c.var
  const sessions = await readSessions(db, account.accountId, now(), readBefore(c))
  const body = sessionsBody(visitBasics(c), { ...sessions, problem })
  const isWaiting = sessions.revoked.some(({ end }) => end === 'requested')
  const page = { heading: language.portal.sessions.heading, current: paths.portalSessions, body }
  return respond(
    portalPage(c, { ...page, ...(isWaiting ? { refreshSeconds: REFRESH_SECONDS } : {}) }),
    status,
  )
}
