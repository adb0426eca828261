// /l/{token}: GET shows and never acts, POST locks, every other method is refused. Works without
// script, without D1 for the GET, and without D1 for the POST too: then the queue carries the lock.

import { Hono, type Context as HonoContext } from 'hono'
import type { AppEnv } from '../app-env.ts'
import type { Context } from '../context.ts'
import { toBase64Url } from '../lib/base64.ts'
import { errorFields, logError } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { lockPath, lockStatusPath, paths } from '../paths.ts'
import { type LinkRefusal, type LockClaims, verifyLockToken } from './link.ts'
import { linkLockId, lockAccount } from './lock-account.ts'
import { findLockState } from './lock-state.ts'
import {
  invalidLinkPage,
  lockAcceptedPage,
  lockFailedPage,
  lockPage,
  lockStatePage,
  lockUnrecordedPage,
  type PageBasics,
} from './page.ts'
import { lockWordsFor } from './words.ts'

type LockRequestContext = HonoContext<AppEnv, typeof paths.lock | typeof paths.lockStatus>
type Markup = ReturnType<typeof lockPage>

export const lockRoutes = new Hono<AppEnv>()

lockRoutes.get(paths.lock, (c) =>
  withClaims(c, async (claims, page, token) =>
    show(c, page, lockPage(page, claims.alertNumber, lockPath(token)), 200),
  ),
)

lockRoutes.post(paths.lock, (c) =>
  withClaims(c, async (claims, page, token) => {
    const context = c.get('context')
    const { accountId, alertNumber } = claims
    const lockedAt = context.now()
    try {
      const lockId = await linkLockId(accountId, alertNumber)
      const lock = await lockAccount(context, {
        accountId,
        lockId,
        via: 'link',
        alertNumber,
        lockedAt,
      })
      // A second tap finds the lock it made; the status page says whether it is confirmed by now.
      return show(
        c,
        page,
        lockStatePage(page, { lock, confirmedAt: null }, lockStatusPath(token)),
        200,
      )
    } catch (error) {
      logError('lock.deferred', errorFields(error))
    }
    return deferLock(c, context, page, token, { accountId, alertNumber, lockedAt })
  }),
)

lockRoutes.get(paths.lockStatus, (c) =>
  withClaims(c, async (claims, page, token) => {
    const statusPath = lockStatusPath(token)
    const lockId = await linkLockId(claims.accountId, claims.alertNumber)
    const state = await readState(c.get('context'), claims.accountId, lockId)
    const markup = state
      ? lockStatePage(page, state, statusPath)
      : lockUnrecordedPage(page, lockPath(token), statusPath)
    return show(c, page, markup, 200)
  }),
)

for (const path of [paths.lock, paths.lockStatus]) {
  const allow = path === paths.lock ? 'GET, HEAD, POST' : 'GET, HEAD'
  lockRoutes.all(path, () => problem('method_not_allowed', { headers: { allow } }))
}

async function deferLock(
  c: LockRequestContext,
  context: Context,
  page: PageBasics,
  token: string,
  tap: { accountId: string; alertNumber: number; lockedAt: number },
): Promise<Response> {
  try {
    await context.callbacks.send({ kind: 'lock', ...tap })
    return show(c, page, lockAcceptedPage(page, lockStatusPath(token)), 202)
  } catch (error) {
    logError('request.failed', errorFields(error))
    c.header('retry-after', '2')
    return show(c, page, lockFailedPage(page, lockPath(token)), 503)
  }
}

/** D1 may be away while the reader waits: then nothing is known, which is what the page says. */
async function readState(context: Context, accountId: string, lockId: string) {
  try {
    return await findLockState(context.db, accountId, lockId)
  } catch (error) {
    logError('request.failed', errorFields(error))
    return null
  }
}

const REFUSAL_STATUS: Readonly<Record<LinkRefusal['reason'], 404 | 410>> = {
  forged: 404,
  expired: 410,
}

async function withClaims(
  c: LockRequestContext,
  handle: (claims: LockClaims, page: PageBasics, token: string) => Promise<Response>,
): Promise<Response> {
  const { config, now } = c.get('context')
  const token = c.req.param('token')
  const page: PageBasics = {
    words: lockWordsFor(c.req.header('accept-language')),
    exchange: config.exchangeName,
    styleNonce: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
  }
  const claims = await verifyLockToken(config.linkKeys, token, now())
  if (!claims.ok) return show(c, page, invalidLinkPage(page), REFUSAL_STATUS[claims.error.reason])
  return handle(claims.value, page, token)
}

/** No script, no frame, no referrer, no cache: the address itself is the secret. */
function show(
  c: LockRequestContext,
  page: PageBasics,
  markup: Markup,
  status: 200 | 202 | 404 | 410 | 503,
): Response | Promise<Response> {
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'nonce-${page.styleNonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  c.header('cache-control', 'no-store')
  c.header('x-robots-tag', 'noindex, nofollow')
  return c.html(markup, status)
}
