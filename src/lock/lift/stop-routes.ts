// /s/{token}: somebody has asked to end a hold early, and here it is stopped. GET shows one button and asks nobody, unless its
// time has come: then it reads what became of it. POST stops, without script. It ends no hold and begins none.

import { Hono, type Context as HonoContext } from 'hono'
import { within } from '../../lib/deadline.ts'
import { errorFields, logError, logInfo } from '../../lib/log.ts'
import { isPlainPath } from '../../lib/plain-path.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { SECOND_MS } from '../../lib/time.ts'
import type { PageBasics } from '../../page/markup.ts'
import { LOCK_DEADLINE_MS, pageBasics, show } from '../../page/respond.ts'
import { paths } from '../../paths.ts'
import type { LockContext } from '../lock-context.ts'
import { invalidLinkPage, unavailableText } from '../page.ts'
import { readRequest, stopLifts } from './stop-lifts.ts'
import { stopPage, stoppedPage, tooLatePage } from './stop-page.ts'
import { readStopToken, type StopClaims } from './stop-token.ts'

type StopHono = HonoContext<RouteEnv<LockContext>, typeof paths.liftStop>

export const liftStopRoutes = new Hono<RouteEnv<LockContext>>()

liftStopRoutes.get(paths.liftStop, (c) =>
  withClaims(c, async (claims, page) => {
    const { context } = c.env
    const dueAt = claims.dueAtSeconds * SECOND_MS
    if (dueAt > context.now()) return show(stopPage(page, dueAt), 200)
    switch (await readDue(context, claims)) {
      case 'open':
        return show(stopPage(page, dueAt), 200)
      case 'stopped':
        return show(stoppedPage(page), 200)
      case 'over':
        return show(tooLatePage(page), 410)
    }
  }),
)

liftStopRoutes.post(paths.liftStop, (c) =>
  withClaims(c, async ({ accountId, requestNumber, dueAtSeconds }, page) => {
    const { context } = c.env
    try {
      const stopping = stopLifts(context, accountId, { requestNumber, by: 'link' })
      const isKept = await within(context.after, LOCK_DEADLINE_MS, stopping)
      return isKept ? show(stoppedPage(page), 200) : show(tooLatePage(page), 410)
    } catch (error) {
      logError('request.failed', errorFields(error))
      const failed = stopPage(page, dueAtSeconds * SECOND_MS, unavailableText(page, true))
      return show(failed, 503, { 'retry-after': '2' })
    }
  }),
)

/** Where nobody can say, the button is worth a press. */
async function readDue(context: LockContext, { accountId, requestNumber }: StopClaims) {
  try {
    const reading = readRequest(context, accountId, requestNumber)
    return await within(context.after, LOCK_DEADLINE_MS, reading)
  } catch (error) {
    logError('request.failed', errorFields(error))
    return 'open' as const
  }
}

/** Needs nothing but the link and our keys. Whether there is something left to stop, a press asks where it is stored. */
async function withClaims(
  c: StopHono,
  handle: (claims: StopClaims, page: PageBasics) => Promise<Response>,
): Promise<Response> {
  const page = pageBasics(c)
  const { config } = c.env.context
  const claims = isPlainPath(c.req.url)
    ? await readStopToken(config.linkKeys, c.req.param('token'))
    : null
  if (claims) return handle(claims, page)
  logInfo('link.refused', { kind: 'stop', reason: 'forged', method: c.req.method })
  return show(invalidLinkPage(page), 404)
}
