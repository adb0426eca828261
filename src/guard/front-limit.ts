// A limit in front of D1, counted by the platform beside the Worker (`[[ratelimits]]`): what one place of the network may
// ask in a minute where a stranger's request would reach D1, or guess a key. Coarse, and only that: what may be
// tried how often is decided by limits.ts. Never for events, locks by link, receipts and replies: those must come through.

import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { placeOf } from './address-limits.ts'

export type FrontLimitContext = {
  /** Null where the deployment has none: then nothing is limited here. */
  readonly strangers: RateLimit | null
}

/** What is counted apart, so that nobody uses up one door at another. */
export type Door = 'lock' | 'portal' | 'enter' | 'api'

/** The platform's window, in seconds, as wrangler.toml has it: after that, anybody may ask again. */
export const FRONT_LIMIT_SECONDS = 60

/** Whether this one may still go on. Counts; a platform that does not count lets everybody through. */
export async function mayGoOn<E extends RouteEnv<FrontLimitContext>>(
  c: HonoContext<E>,
  door: Door,
): Promise<boolean> {
  const { strangers } = c.env.context
  if (strangers === null) return true
  const { place } = placeOf(c.req.header('cf-connecting-ip') ?? '')
  try {
    const { success } = await strangers.limit({ key: `${door} ${place}` })
    if (!success) logInfo('limit.reached', { limit: `front-${door}` })
    return success
  } catch (error) {
    logError('request.failed', errorFields(error))
    return true
  }
}

/** Answers with `refuse` what is beyond the limit. Only requests that `reachesStorage` count. */
export function frontLimit<E extends RouteEnv<FrontLimitContext>>(
  door: Door,
  refuse: (c: HonoContext<E>) => Promise<Response>,
  reachesStorage: (c: HonoContext<E>) => boolean = () => true,
): MiddlewareHandler<E> {
  return async (c, next) => {
    if (!reachesStorage(c) || (await mayGoOn(c, door))) return next()
    return refuse(c)
  }
}
