// The first thing on every page behind a lock link: is the link genuine? If not, one page for all causes.

import type { Context as HonoContext } from 'hono'
import { logInfo } from '../lib/log.ts'
import { isPlainPath } from '../lib/plain-path.ts'
import { err } from '../lib/result.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import type { PageBasics } from '../page/markup.ts'
import { pageBasics, show } from '../page/respond.ts'
import type { paths } from '../paths.ts'
import { type LinkRefusal, verifyLockToken } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import type { LockContext } from './lock-context.ts'
import { invalidLinkPage } from './page.ts'

type LinkPath = typeof paths.lock | typeof paths.lockStatus | typeof paths.lockConfirm

const REFUSAL_STATUS: Readonly<Record<LinkRefusal['reason'], 404 | 410>> = {
  forged: 404,
  expired: 410,
}

/** Needs nothing but the link and our keys: no storage is asked. */
export async function withClaims(
  c: HonoContext<RouteEnv<LockContext>, LinkPath>,
  handle: (claims: LockClaims, page: PageBasics, token: string) => Promise<Response>,
): Promise<Response> {
  const { config, now } = c.env.context
  const token = c.req.param('token')
  const page = pageBasics(c)
  const claims = isPlainPath(c.req.url)
    ? await verifyLockToken(config.linkKeys, token, now())
    : err({ reason: 'forged' } as const)
  if (!claims.ok) {
    const { reason } = claims.error
    logInfo('link.refused', { kind: 'lock', reason, method: c.req.method })
    return show(invalidLinkPage(page), REFUSAL_STATUS[reason])
  }
  return handle(claims.value, page, token)
}
