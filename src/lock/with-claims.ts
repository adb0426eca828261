// The first thing on every page behind a lock link: is the link genuine? If not, one page for all causes. One of ours that
// has expired does nothing, and leads to the lock that it may have made.

import type { Context as HonoContext } from 'hono'
import { logInfo } from '../lib/log.ts'
import { isPlainPath } from '../lib/plain-path.ts'
import { err } from '../lib/result.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import type { PageBasics } from '../page/markup.ts'
import { pageBasics, show } from '../page/respond.ts'
import { lockStatusPath, type paths } from '../paths.ts'
import { type LinkRefusal, verifyLockToken } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import type { LockContext } from './lock-context.ts'
import { invalidLinkPage } from './page.ts'

type LinkPath = typeof paths.lock | typeof paths.lockStatus | typeof paths.lockConfirm

type Handle = (claims: LockClaims, page: PageBasics, token: string) => Promise<Response>

/** Needs nothing but the link and our keys: no storage is asked. */
export async function withClaims(
  c: HonoContext<RouteEnv<LockContext>, LinkPath>,
  handle: Handle,
  handleExpired: Handle = (_claims, page, token) => refuseExpired(c, page, token),
): Promise<Response> {
  const { config, now } = c.env.context
  const token = c.req.param('token')
  const page = pageBasics(c)
  const claims = isPlainPath(c.req.url)
    ? await verifyLockToken(config.linkKeys, token, now())
    : err({ reason: 'forged' } as const)
  if (claims.ok) return handle(claims.value, page, token)
  if (claims.error.reason === 'expired') return handleExpired(claims.error.claims, page, token)
  logRefusal(c, 'forged')
  return show(invalidLinkPage(page), 404)
}

/** `token` where its lock may still be looked at. */
export function refuseExpired(
  c: HonoContext<RouteEnv<LockContext>, LinkPath>,
  page: PageBasics,
  token: string | null,
): Promise<Response> {
  logRefusal(c, 'expired')
  return show(invalidLinkPage(page, token === null ? null : lockStatusPath(token)), 410)
}

function logRefusal(
  c: HonoContext<RouteEnv<LockContext>, LinkPath>,
  reason: LinkRefusal['reason'],
): void {
  logInfo('link.refused', { kind: 'lock', reason, method: c.req.method })
}
