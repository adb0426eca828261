// The test alert: sent over the real route, measured, and its link practised. Locks nothing, whoever opens it.

import { Hono } from 'hono'
import { phoneStateAt } from '../../account/account-phone.ts'
import { openPhone } from '../../account/open-phone.ts'
import { alertsFor } from '../../country/profile-rules.ts'
import { countTry, limitScope } from '../../guard/limits.ts'
import { randomId } from '../../lib/ids.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { findNewestNotice } from '../../notice/notices.ts'
import { postNotice } from '../../notice/post-notice.ts'
import type { PageContext } from '../../page/page-context.ts'
import { pageBasics } from '../../page/respond.ts'
import { paths } from '../../paths.ts'
import { portalPage, tooManyTries } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { drillBody, drillResult, practicePage, practisedPage, takesDrill } from './page.ts'

/** A test costs as much as an alert. */
const DRILLS_PER_HOUR = 5
/** A receipt that has not come by then will not be waited for on the page. */
const WATCHED_MS = 120_000
const REFRESH_SECONDS = 2

export const drillRoutes = new Hono<VisitEnv>()

drillRoutes.get(paths.portalDrill, (c) => show(c))

drillRoutes.post(paths.portalDrill, async (c) => {
  const context = c.env.context
  const { account } = c.var
  const { accountId } = account
  if (!takesDrill(phoneStateAt(account, context.now()))) return show(c, null, 409)
  const scope = await limitScope(context.config.dataKeys, 'drill', accountId)
  const limit = { scope, max: DRILLS_PER_HOUR, windowMs: HOUR_MS }
  const counted = await countTry(c.var.db, [limit], context.now())
  if (!counted.isAllowed) {
    return show(c, tooManyTries(c.var.language, counted.retryAfterMs), 429)
  }
  const noticeId = randomId(context.randomBytes, 'ntc')
  const notice = { accountId, noticeId, kind: 'drill', untilAt: null, provider: null } as const
  await postNotice(context, notice)
  return seeOther(paths.portalDrill)
})

async function show(
  c: VisitContext,
  problemText: string | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { config, now } = c.env.context
  const { db, account, language } = c.var
  const phone = await openPhone(config.dataKeys, account)
  const newest = await findNewestNotice(db, account.accountId, 'drill')
  const isRecent = newest !== null && now() - newest.createdAt < WATCHED_MS
  const result = drillResult(newest)
  const isWaiting = isRecent && (result.kind === 'waiting' || result.kind === 'accepted')
  const page = {
    heading: language.portal.drill.heading,
    current: paths.portalDrill,
    body: drillBody(language, {
      result,
      phoneState: phone && phoneStateAt(account, now()),
      isOff: alertsFor(account.alerts, config.profile) === 'off',
      problem: problemText,
    }),
    ...(isWaiting ? { refreshSeconds: REFRESH_SECONDS } : {}),
  }
  return respond(portalPage(c, page), status)
}

/** Behind the link: needs no visit and no storage. */
export const practiceRoutes = new Hono<RouteEnv<PageContext>>()

practiceRoutes.get(paths.drill, (c) => respond(practicePage(pageBasics(c)), 200))
practiceRoutes.post(paths.drill, (c) => respond(practisedPage(pageBasics(c)), 200))
