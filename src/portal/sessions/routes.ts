// /portal/sessions: what is signed in, and ending one or all. "Ended" is shown once the exchange has confirmed.

import { Hono } from 'hono'
import { findConfirmations, findConfirmedLockAt } from '../../exchange/outbox.ts'
import { sessionRevokedCallback } from '../../exchange/session-revoked.ts'
import type { Db } from '../../lib/db.ts'
import { revokeSession } from '../../lock/revoke-session.ts'
import type { Login } from '../../login/login.ts'
import { findLiveSessions, findRevokedSessions } from '../../login/sessions.ts'
import { paths } from '../../paths.ts'
import { portalPage } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { endOtherVisits } from '../visit/visits.ts'
import { type RevokedSession, sessionsBody } from './page.ts'

const REFRESH_SECONDS = 3

export const sessionsRoutes = new Hono<VisitEnv>()

sessionsRoutes.get(paths.portalSessions, (c) => show(c))

sessionsRoutes.post(paths.portalSessionsRevoke, async (c) => {
  const sessionId = c.var.form.get('session_id') ?? ''
  const isKnown = await revokeSession(c.env.context, c.var.account.accountId, sessionId)
  if (isKnown) return seeOther(paths.portalSessions)
  return show(c, c.var.language.portal.sessions.noSuch, 404)
})

sessionsRoutes.post(paths.portalSessionsRevokeAll, async (c) => {
  const context = c.env.context
  const { accountId } = c.var.account
  // First: whoever else is in these pages came by one of these sessions.
  await endOtherVisits(context.db, c.var.visit, context.now())
  for (const { sessionId } of await findLiveSessions(context.db, accountId, context.now())) {
    await revokeSession(context, accountId, sessionId)
  }
  return seeOther(paths.portalSessions)
})

async function show(
  c: VisitContext,
  problem: string | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { db, now } = c.env.context
  const { account, language } = c.var
  const at = now()
  const live = await findLiveSessions(db, account.accountId, at)
  const revoked = await withConfirmation(db, await findRevokedSessions(db, account.accountId, at))
  const body = sessionsBody(language, { live, revoked, problem })
  const isWaiting = revoked.some(({ isConfirmed }) => !isConfirmed)
  const page = { heading: language.portal.sessions.heading, current: paths.portalSessions, body }
  return respond(
    portalPage(c, { ...page, ...(isWaiting ? { refreshSeconds: REFRESH_SECONDS } : {}) }),
    status,
  )
}

/**
 * A session ends by a callback of its own, or by that of a lock: of whichever the exchange has confirmed since its end was
 * asked for, lifted or followed by another or not. What is confirmed stays so.
 */
async function withConfirmation(
  db: Db,
  sessions: readonly Login[],
): Promise<readonly RevokedSession[]> {
  const [first] = sessions
  if (!first) return []
  const { accountId } = first
  const ids = await Promise.all(
    sessions.map(async (login) => (await sessionRevokedCallback(login, 0)).callbackId),
  )
  const confirmedAt = await findConfirmations(db, accountId, ids)
  const lockedAt = await findConfirmedLockAt(db, accountId)
  return sessions.map((login, index) => {
    const isByItself = (confirmedAt.get(ids[index] ?? '') ?? null) !== null
    const { sessionEndedAt } = login
    const isByLock = lockedAt !== null && sessionEndedAt !== null && lockedAt >= sessionEndedAt
    return { login, isConfirmed: isByItself || isByLock }
  })
}
