// The one door of the operator's pages. Where neither Access nor a local token is set there is nothing behind it, and
// whoever may not pass is told the same: that there is nothing here.

import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { logInfo } from '../../lib/log.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { paths } from '../../paths.ts'
import {
  hasOpsPages,
  isLocalCookie,
  isLocalToken,
  type Operator,
  tokenTag,
  verifyAssertion,
} from '../access.ts'
import type { OpsContext } from '../ops-context.ts'

export type OpsEnv = RouteEnv<OpsContext> & { Variables: { readonly operator: Operator } }
export type OpsRequest = HonoContext<OpsEnv>

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i
const MAX_AGE_SECONDS = 7 * 24 * 3_600

export const opsGate: MiddlewareHandler<OpsEnv> = async (c, next) => {
  const { context } = c.env
  if (!hasOpsPages(context)) return c.notFound()
  const given = c.req.query('token')
  if (c.req.method === 'GET' && given !== undefined && (await isLocalToken(context, given))) {
    setCookie(c, cookieName(c), await tokenTag(given), {
      ...cookieOptions(c),
      maxAge: MAX_AGE_SECONDS,
    })
    // Out of the address, the history and the screen.
    return c.redirect(paths.ops, 303)
  }
  const operator = await findOperator(c)
  if (!operator) {
    logInfo('ops.refused', { path: paths.ops })
    return c.notFound()
  }
  c.set('operator', operator)
  await next()
}

async function findOperator(c: OpsRequest): Promise<Operator | null> {
  const { context } = c.env
  const assertion = c.req.header('cf-access-jwt-assertion')
  if (assertion !== undefined) return verifyAssertion(context, assertion)
  const cookie = getCookie(c, cookieName(c))
  if (cookie !== undefined && (await isLocalCookie(context, cookie))) return { by: 'token' }
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
