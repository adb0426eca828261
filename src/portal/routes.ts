// The owner's pages behind their one door. A page is a file of routes beside this one; none is reachable
// without a visit.

import { Hono } from 'hono'
import { FRONT_LIMIT_SECONDS, frontLimit } from '../guard/front-limit.ts'
import { READ_RETRY_AFTER, readDeadline } from '../lib/read-deadline.ts'
import { limitBody } from '../lib/refuse-body.ts'
import { pageBasics } from '../page/respond.ts'
import { paths } from '../paths.ts'
import { authenticatorRoutes } from './authenticator/routes.ts'
import { drillRoutes } from './drill/routes.ts'
import { historyRoutes } from './history/routes.ts'
import { holdPageRoutes } from './hold/routes.ts'
import { visitBasics } from './layout.ts'
import { portalLockRoutes } from './lock/routes.ts'
import { numberRemoveRoutes } from './number/remove-routes.ts'
import { numberRoutes } from './number/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { pushRoutes } from './push/routes.ts'
import { respond } from './respond.ts'
import { sessionsRoutes } from './sessions/routes.ts'
import { settingsRoutes } from './settings/routes.ts'
import { latePage, leftPage } from './visit/entry-page.ts'
import { visitGate } from './visit/gate.ts'
import { clearVisitCookie, parseVisitCookie } from './visit/visit-cookie.ts'
import type { VisitContext, VisitEnv } from './visit/visit-env.ts'
import { leaveVisit } from './visit/visits.ts'
import { cardPageRoutes } from './ways/card-routes.ts'
import { contactRoutes } from './ways/contact-routes.ts'

const FORM_MAX_KIB = 16

export const portalRoutes = new Hono<VisitEnv>()

// Before the door, which cannot open without D1: this one asks for itself.
portalRoutes.route('/', portalLockRoutes)
portalRoutes.use(
  // Hono's `/*` is the path itself too.
  `${paths.portal}/*`,
  limitBody(FORM_MAX_KIB),
  frontLimit('portal', busyForOwner, (c) => parseVisitCookie(c) !== null),
  readDeadline(lateForOwner),
  visitGate,
)
portalRoutes.route('/', overviewRoutes)
portalRoutes.route('/', historyRoutes)
portalRoutes.route('/', sessionsRoutes)
portalRoutes.route('/', numberRoutes)
portalRoutes.route('/', numberRemoveRoutes)
portalRoutes.route('/', authenticatorRoutes)
portalRoutes.route('/', passkeyRoutes)
portalRoutes.route('/', pushRoutes)
portalRoutes.route('/', settingsRoutes)
portalRoutes.route('/', drillRoutes)
portalRoutes.route('/', holdPageRoutes)
portalRoutes.route('/', cardPageRoutes)
portalRoutes.route('/', contactRoutes)

/** The visit was not read yet, so its language is not known either. */
function lateForOwner(c: VisitContext): Promise<Response> {
  return respond(latePage(pageBasics(c)), 503, { headers: { 'retry-after': READ_RETRY_AFTER } })
}

function busyForOwner(c: VisitContext): Promise<Response> {
  const headers = { 'retry-after': String(FRONT_LIMIT_SECONDS) }
  return respond(latePage(pageBasics(c)), 429, { headers })
}

portalRoutes.post(paths.portalLeave, async (c) => {
  await leaveVisit(c.var.db, c.var.visit)
  clearVisitCookie(c)
  return respond(leftPage(visitBasics(c)), 200, {
    headers: { 'set-cookie': c.res.headers.get('set-cookie') ?? '' },
  })
})
