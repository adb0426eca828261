// /portal/push: registers this browser for push notifications, shows and removes devices, sends a test.

import { Hono } from 'hono'
import { countTry, limitScope } from '../../guard/limits.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { pushToOwner } from '../../push/push-owner.ts'
import { readSubscription } from '../../push/subscription.ts'
import {
  listSubscriptions,
  removeSubscription,
  saveSubscription,
} from '../../push/subscriptions.ts'
import { deviceName } from '../device-name.ts'
import { portalPage, tooManyTries } from '../layout.ts'
import { type PageStatus, respond, scriptResponse, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { pushBody } from './page.ts'
import { PUSH_SCRIPT } from './script.ts'

const TESTS_PER_HOUR = 10

export const pushRoutes = new Hono<VisitEnv>()

pushRoutes.get(paths.portalPush, (c) => show(c))
pushRoutes.get(paths.portalPushScript, () => scriptResponse(PUSH_SCRIPT))

pushRoutes.post(paths.portalPush, async (c) => {
  const context = c.env.context
  const { config, now } = context
  const { account, form, language } = c.var
  if (!config.push) return show(c, null, 404)
  const subscription = readSubscription(config.push, form.get('subscription') ?? '')
  if (!subscription) return show(c, language.portal.push.unsupported, 422)
  const name = deviceName(c.req.header('user-agent'))
  const { accountId } = account
  const isSaved = await saveSubscription(
    context,
    config.dataKeys,
    { accountId, name, subscription },
    now(),
  )
  return isSaved
    ? seeOther(paths.portalPush, 'push_on')
    : show(c, language.portal.common.unavailable, 409)
})

pushRoutes.post(paths.portalPushRemove, async (c) => {
  const { accountId } = c.var.account
  const subscriptionId = c.var.form.get('subscription_id') ?? ''
  await removeSubscription(c.env.context.db, { accountId, subscriptionId })
  return seeOther(paths.portalPush, 'saved')
})

pushRoutes.post(paths.portalPushTest, async (c) => {
  const context = c.env.context
  const { accountId } = c.var.account
  const { push: words } = c.var.language.portal
  const scope = await limitScope(context.config.dataKeys, 'push-test', accountId)
  const limit = { scope, max: TESTS_PER_HOUR, windowMs: HOUR_MS }
  const counted = await countTry(context.db, [limit], context.now())
  if (!counted.isAllowed) return show(c, tooManyTries(c.var.language, counted.retryAfterMs), 429)
  const notes = await pushToOwner(context, accountId, {
    title: fill(words.testTitle, { exchange: context.config.exchangeName }),
    body: words.testBody,
    url: null,
    action: null,
    tag: 'test',
  })
  const isSent = notes.some(({ result }) => result === 'accepted')
  return isSent ? seeOther(paths.portalPush, 'test_sent') : show(c, words.testFailed, 422)
})

async function show(
  c: VisitContext,
  problem: string | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { db, config } = c.env.context
  const { account, language } = c.var
  const devices = await listSubscriptions(db, account.accountId)
  const publicKey = config.push?.vapid.publicKey ?? null
  const page = {
    heading: language.portal.push.heading,
    current: paths.portalPush,
    body: pushBody(language, { devices, publicKey, problem }),
    ...(publicKey === null ? {} : { script: paths.portalPushScript }),
  }
  return respond(portalPage(c, page), status, { hasScript: publicKey !== null })
}
