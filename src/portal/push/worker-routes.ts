// What the service worker gets and says, at the root so that it may serve every page. It acts while nobody is on a page,
// so no visit proves who it is: the subscription it had, its secret included, does.

import { Hono } from 'hono'
import { addressLimits } from '../../guard/address-limits.ts'
import { countTry } from '../../guard/limits.ts'
import { logInfo } from '../../lib/log.ts'
import { problem } from '../../lib/problem.ts'
import { limitBody } from '../../lib/refuse-body.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { HOUR_MS, SECOND_MS } from '../../lib/time.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { paths } from '../../paths.ts'
import { renewDevice } from '../../push/register-device.ts'
import { readSubscription } from '../../push/subscription.ts'
import type { PortalContext } from '../portal-context.ts'
import { scriptResponse } from '../respond.ts'
import { PUSH_WORKER_SCRIPT } from './script.ts'

/** Browsers do it a few times a year. */
const RENEWALS_PER_ADDRESS = { max: 20, windowMs: HOUR_MS }
const BODY_MAX_KIB = 8

export const pushWorkerRoutes = new Hono<RouteEnv<PortalContext>>()

pushWorkerRoutes.get(paths.pushWorker, () => scriptResponse(PUSH_WORKER_SCRIPT))

pushWorkerRoutes.post(paths.pushRenewal, limitBody(BODY_MAX_KIB), async (c) => {
  const context = c.env.context
  const { config, db, now } = context
  if (!isSameOrigin(c)) return problem('forbidden')
  const form = new URLSearchParams(await c.req.text())
  const former = config.push && readSubscription(config.push, form.get('former') ?? '')
  const subscription = config.push && readSubscription(config.push, form.get('subscription') ?? '')
  if (!former || !subscription) return problem('not_found')
  const ip = c.req.header('cf-connecting-ip') ?? 'unknown'
  const limits = await addressLimits(config.dataKeys, 'push-renewal', ip, RENEWALS_PER_ADDRESS)
  const counted = await countTry(db, limits, now())
  if (!counted.isAllowed) {
    const seconds = Math.ceil(counted.retryAfterMs / SECOND_MS)
    return c.body(null, 429, { 'retry-after': String(seconds) })
  }
  const isRenewed = await renewDevice(context, config.dataKeys, { former, subscription })
  logInfo('push.renewed', { is_known: isRenewed })
  return isRenewed ? c.body(null, 204) : problem('not_found')
})
