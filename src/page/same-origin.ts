// Whether a POST comes from a page of ours. The cookie is SameSite=Strict already; this is the second lock
// on the same door, and the only one where there is no cookie.

import type { Context as HonoContext } from 'hono'
import { routePath } from 'hono/route'
import { logInfo } from '../lib/log.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import type { PageContext } from './page-context.ts'

/** `Sec-Fetch-Site` (Fetch Metadata) where the browser sends it, else `Origin` (RFC 6454 §7). */
export function isSameOrigin<E extends RouteEnv<PageContext>>(c: HonoContext<E>): boolean {
  const site = c.req.header('sec-fetch-site')
  const isSame =
    site === undefined
      ? c.req.header('origin') === c.env.context.config.publicOrigin
      : site === 'same-origin'
  // The pattern of the path: the path itself may hold a token.
  if (!isSame) logInfo('request.cross_site', { route: routePath(c) })
  return isSame
}
