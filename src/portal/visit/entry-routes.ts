// /enter/{token}: GET shows a button and uses nothing up; POST starts the visit, once.

import { Hono, type Context as HonoContext } from 'hono'
import { erasedScopes } from '../../guard/erased-scope.ts'
import { FRONT_LIMIT_SECONDS, frontLimit } from '../../guard/front-limit.ts'
import { logInfo } from '../../lib/log.ts'
import { isPlainPath } from '../../lib/plain-path.ts'
import { problem } from '../../lib/problem.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { shortHash } from '../../lib/short-hash.ts'
import { pageBasics } from '../../page/respond.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { paths } from '../../paths.ts'
import type { PortalContext } from '../portal-context.ts'
import { COMMON_HEADERS, respond } from '../respond.ts'
import { type Entry, readEntryToken } from './entry-link.ts'
import { entryPage, invalidEntryPage, latePage } from './entry-page.ts'
import { newVisitSecret, setVisitCookie, visitSecretTags } from './visit-cookie.ts'
import { startVisit } from './visits.ts'

export const entryRoutes = new Hono<RouteEnv<PortalContext>>()

entryRoutes.get(paths.entry, async (c) => {
  const entry = await readEntry(c)
  const page = pageBasics(c)
  if (!entry) logInfo('link.refused', { kind: 'entry', reason: 'invalid' })
  return entry ? respond(entryPage(page), 200) : respond(invalidEntryPage(page), 410)
})

entryRoutes.post(paths.entry, frontLimit('enter', busy), async (c) => {
  if (!isSameOrigin(c)) return problem('forbidden')
  const { dbOf, config, now, randomBytes } = c.env.context
  const entry = await readEntry(c)
  const { dataKeys } = config
  const refuse = (reason: 'invalid' | 'used') => {
    logInfo('link.refused', { kind: 'entry', reason })
    return respond(invalidEntryPage(pageBasics(c)), 410)
  }
  if (!entry) return refuse('invalid')
  const secret = await newVisitSecret(randomBytes, dataKeys, entry)
  const [secretTag] = await visitSecretTags(dataKeys, secret)
  const tags = { secretTag, erasedScopes: await erasedScopes(dataKeys, entry.accountId) }
  if (!(await startVisit(dbOf(entry.accountId), entry, tags, now()))) return refuse('used')
  const { accountId, visitId, hasOtp } = entry
  const visit = await shortHash(visitId)
  logInfo('visit.started', { account_id: accountId, visit, has_otp: hasOtp })
  setVisitCookie(c, entry, secret)
  for (const [name, value] of Object.entries(COMMON_HEADERS)) c.header(name, value)
  return c.redirect(paths.portal, 303)
})

async function readEntry(
  c: HonoContext<RouteEnv<PortalContext>, typeof paths.entry>,
): Promise<Entry | null> {
  const { config, now } = c.env.context
  if (!isPlainPath(c.req.url)) return null
  return readEntryToken(config.linkKeys, config.publicOrigin, c.req.param('token'), now())
}

/** The link is not used up. */
function busy(c: HonoContext<RouteEnv<PortalContext>>): Promise<Response> {
  const headers = { 'retry-after': String(FRONT_LIMIT_SECONDS) }
  return respond(latePage(pageBasics(c)), 429, { headers })
}
