// Bearer keys of the exchange's services (RFC 6750). Both sides are hashed before they are compared, so
// that neither length nor prefix of a key shows in the time it takes.

import type { Context as HonoContext } from 'hono'
import { createMiddleware } from 'hono/factory'
import { FRONT_LIMIT_SECONDS, mayGoOn } from '../guard/front-limit.ts'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { shortHash } from '../lib/short-hash.ts'
import type { ApiContext } from './api-context.ts'

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i

/** By which key a request behind `apiKeyAuth` came, as a log line may say it. */
export function keyName(c: HonoContext<RouteEnv<ApiContext>>): Promise<string> {
  return shortHash(BEARER.exec(c.req.header('authorization') ?? '')?.[1] ?? '')
}

export const apiKeyAuth = createMiddleware<RouteEnv<ApiContext>>(
  async function apiKeyAuth(c, next) {
    const match = BEARER.exec(c.req.header('authorization') ?? '')
    if (!match?.[1] || !(await isKnownKey(c.env.context.config.apiKeys, match[1]))) {
      const reason = match?.[1] ? 'unknown_key' : 'no_key'
      logInfo('api.refused', { reason, key: match?.[1] && (await shortHash(match[1])) })
      // Counted only now: no stranger's guesses ever refuse the right key.
      if (!(await mayGoOn(c, 'api'))) {
        return problem('rate_limited', { headers: { 'retry-after': String(FRONT_LIMIT_SECONDS) } })
      }
      return problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
    }
    return next()
  },
)

async function isKnownKey(keys: readonly string[], presented: string): Promise<boolean> {
  const digest = await sha256(presented)
  let isKnown = false
  // Every key is compared, whichever fits: the time tells nothing of the list either.
  for (const key of keys) isKnown = timingSafeEqual(digest, await sha256(key)) || isKnown
  return isKnown
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}
