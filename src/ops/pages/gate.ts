// The one door of the operator's pages. Where neither Access nor a local token is set there is nothing behind it, and
// whoever may not pass is told the same: that there is nothing here.

import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { logError, logInfo } from '../../lib/log.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { SECOND_MS } from '../../lib/time.ts'
import { paths } from '../../paths.ts'
import { hasOpsPages, type Operator, verifyAssertion } from '../access.ts'
import { COOKIE_MS, isLocalCookie, isLocalToken, localCookie } from '../local-token.ts'
import type { OpsContext } from '../ops-context.ts'
import { unverifiablePage } from './unavailable-page.ts'

export type OpsEnv = RouteEnv<OpsContext> & { Variables: { readonly operator: Operator } }
export type OpsRequest = HonoContext<OpsEnv>

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i

export const opsGate: MiddlewareHandler<OpsEnv> = async (c, next) => {
  const { context } = c.env
  if (!hasOpsPages(context)) return c.notFound()
  const given = c.req.query('token')
  if (c.req.method === 'GET' && given !== undefined && (await isLocalToken(context, given))) {
    const cookie = await localCookie(given, context.now() + COOKIE_MS)
    setCookie(c, cookieName(c), cookie, { ...cookieOptions(c), maxAge: COOKIE_MS / SECOND_MS })
    // Out of the address, the history and the screen.
    return c.redirect(paths.ops, 303)
  }
  const operator = await findOperator(c)
  if (operator === 'unverifiable') {
    logError('request.failed', { kind: 'access' })
    return unverifiablePage(context.config.exchangeName, context.now())
  }
  if (!operator) {
    logInfo('ops.refused', { path: paths.ops })
    return c.notFound()
  }
  c.set('operator', operator)
  await next()
}

async function findOperator(c: OpsRequest): Promise<Operator | 'unverifiable' | null> {
  const { context } = c.env
  const assertion = c.req.header('cf-access-jwt-assertion')
  if (assertion !== undefined) return verifyAssertion(context, assertion)
  const cookie = getCookie(c, cookieName(c))
  if (cookie !== undefined && (await isLocalCookie(context, cookie, context.now()))) {
    return { by: 'token' }
  }
  const bearer = BEARER.exec(c.req.header('authorization') ?? '')?.[1]
  return bearer !== undefined && (await isLocalToken(context, bearer)) ? { by: 'token' } : null
}

export function leaveOps(c: OpsRequest): void {
  deleteCookie(c, cookieName(c), cookieOptions(c))
}

/** Who it was, for the record of what was looked at and done. */
export function operatorName(operator: Operator): string {
  return operator.by === 'token' ? 'token' : operator.name
}

function isSecure(c: OpsRequest): boolean {
  return c.env.context.config.publicOrigin.startsWith('https:')
}

function cookieName(c: OpsRequest): string {
  return isSecure(c) ? '__Host-lockline-ops' : 'lockline-ops'
}

function cookieOptions(c: OpsRequest) {
  return { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c) } as const
}
