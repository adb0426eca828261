// Bearer keys of the exchange's services (RFC 6750), and what each may do. Both sides are hashed before they are compared,
// so that neither length nor prefix of a key shows in the time it takes.

import type { Context as HonoContext } from 'hono'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { FRONT_LIMIT_SECONDS, mayGoOn } from '../guard/front-limit.ts'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { shortHash } from '../lib/short-hash.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiKey } from './api-keys.ts'
import { type Scope, scopeOf } from './scopes.ts'

/** Whatever API_KEYS may hold (api-keys.ts). */
const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i

/** By which key a request behind `apiKeyAuth` came, as a log line may say it. */
export function keyName(c: Pick<HonoContext, 'req'>): Promise<string> {
  return shortHash(BEARER.exec(c.req.header('authorization') ?? '')?.[1] ?? '')
}

export const apiKeyAuth = createMiddleware<RouteEnv<ApiContext>>(
  async function apiKeyAuth(c, next) {
    const presented = BEARER.exec(c.req.header('authorization') ?? '')?.[1]
    const known = presented ? await findKey(c.env.context.config.apiKeys, presented) : null
    if (!presented || !known) {
      const reason = presented ? 'unknown_key' : 'no_key'
      logInfo('api.refused', { reason, key: presented && (await shortHash(presented)) })
      // Counted only now: no stranger's guesses ever refuse the right key.
      if (!(await mayGoOn(c, 'api'))) {
        return problem('rate_limited', { headers: { 'retry-after': String(FRONT_LIMIT_SECONDS) } })
      }
      return problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
    }
    const missing = neededScopes(c).find((scope) => !known.scopes.has(scope))
    if (missing === undefined) return next()
    logInfo('api.refused', { reason: 'scope', key: await shortHash(presented), scope: missing })
    return insufficientScope(missing)
  },
)

/** RFC 6750 §3.1: the key is good, and not for this. */
function insufficientScope(scope: Scope): Response {
  return problem('insufficient_scope', {
    detail: `The key has no scope ${scope}.`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  })
}

/**
 * Of whatever is about to answer; nothing where nothing is mounted, or not by this method.
 * @throws where a route behind a key has no scope: it answers nobody rather than everybody.
 */
function neededScopes(c: HonoContext<RouteEnv<ApiContext>>): readonly Scope[] {
  // `ALL` is middleware.
  const routes = matchedRoutes(c).filter(({ method }) => method !== 'ALL')
  return routes.map(({ method, path }) => {
    const scope = scopeOf(method, path)
    if (scope === null) throw new Error(`${method} ${path} names no scope`)
    return scope
  })
}

async function findKey(keys: readonly ApiKey[], presented: string): Promise<ApiKey | null> {
  const digest = await sha256(presented)
  let found: ApiKey | null = null
  // Every key is compared, whichever fits: the time tells nothing of the list either.
  for (const known of keys) {
    const isSame = timingSafeEqual(digest, await sha256(known.key))
    found = isSame ? known : found
  }
  return found
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}
