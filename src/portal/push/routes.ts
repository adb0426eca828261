// /portal/push: registers this browser for push notifications, shows and removes devices, sends a test.

import { Hono } from 'hono'
import { countTry, limitScope } from '../../guard/limits.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { pushToOwner } from '../../push/push-owner.ts'
import { takeOverElsewhere, takeOverStatement } from '../../push/register-device.ts'
import { readSubscription } from '../../push/subscription.ts'
import {
  addSubscriptionStatement,
  canAddSubscriptionSql,
  deviceIds,
  hasSubscriptionSql,
  listSubscriptions,
  newSubscription,
  removeSubscriptionStatement,
  renewSubscription,
} from '../../push/subscriptions.ts'
import { decideProof } from '../change/changes.ts'
import { makeChange } from '../change/make-change.ts'
import { proofFacts, proveChange } from '../change/prove.ts'
import { answerUnproven, type Unproven } from '../change/unproven.ts'
import { deviceName } from '../device-name.ts'
import { portalPage, tooManyTries, visitBasics } from '../layout.ts'
import { type PageStatus, respond, scriptResponse, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { type PushState, pushBody } from './page.ts'
import { PUSH_SCRIPT } from './script.ts'

const TESTS_PER_HOUR = 10

export const pushRoutes = new Hono<VisitEnv>()

pushRoutes.get(paths.portalPush, (c) => show(c))
pushRoutes.get(paths.portalPushScript, () => scriptResponse(PUSH_SCRIPT))

pushRoutes.post(paths.portalPush, async (c) => {
  const context = c.env.context
  const { config, now } = context
  const { db, account, form, language } = c.var
  if (!config.push) return show(c, {}, 404)
  const subscription = readSubscription(config.push, form.get('subscription') ?? '')
  if (!subscription) return show(c, { problem: language.portal.push.unsupported }, 422)
  const name = deviceName(c.req.header('user-agent'))
  const { accountId } = account
  const device = await newSubscription(context, config.dataKeys, { accountId, name, subscription })
  // The browser renews what it has by itself: nothing is added by that.
  const ids = await deviceIds(config.dataKeys, subscription)
  const takeOver = takeOverStatement(db, accountId, ids)
  if (await renewSubscription(db, device)) {
    await takeOver
    await takeOverElsewhere(context, accountId, ids)
    return seeOther(paths.portalPush, 'push_on')
  }
  const verdict = await proveChange(c, ['push_added'])
  if (verdict.kind !== 'proven') return refuseProof(c, verdict, form.get('subscription') ?? '')
  const isAdded = await makeChange(c, {
    changes: ['push_added'],
    proof: verdict.proof,
    statements: [addSubscriptionStatement(db, device, now()), takeOver],
    when: canAddSubscriptionSql(device),
  })
  if (isAdded) await takeOverElsewhere(context, accountId, ids)
  return isAdded
    ? seeOther(paths.portalPush, 'push_on')
    : show(c, { problem: language.portal.common.unavailable }, 409)
})

pushRoutes.post(paths.portalPushRemove, async (c) => {
  const { db } = c.var
  const { accountId } = c.var.account
  const key = { accountId, subscriptionId: c.var.form.get('subscription_id') ?? '' }
  const verdict = await proveChange(c, ['push_removed'])
  if (verdict.kind !== 'proven') return refuseProof(c, verdict)
  await makeChange(c, {
    changes: ['push_removed'],
    proof: verdict.proof,
    statements: [removeSubscriptionStatement(db, key)],
    when: hasSubscriptionSql(key),
  })
  return seeOther(paths.portalPush, 'saved')
})

function refuseProof(c: VisitContext, verdict: Unproven, kept = ''): Promise<Response> {
  return answerUnproven(c, verdict, ({ problem, asked, status }) =>
    show(c, { problem, ...(asked && { proof: asked, kept }) }, status),
  )
}

pushRoutes.post(paths.portalPushTest, async (c) => {
  const context = c.env.context
  const { accountId } = c.var.account
  const { push: words } = c.var.language.portal
  const scope = await limitScope(context.config.dataKeys, 'push-test', accountId)
  const limit = { scope, max: TESTS_PER_HOUR, windowMs: HOUR_MS }
  const counted = await countTry(c.var.db, [limit], context.now())
  if (!counted.isAllowed) {
    const problem = tooManyTries(c.var.language, counted.retryAfterMs)
    return show(c, { problem }, 429)
  }
  const notes = await pushToOwner(context, accountId, {
    title: fill(words.testTitle, { exchange: context.config.exchangeName }),
    body: words.testBody,
    url: null,
    action: null,
    tag: 'test',
  })
  const isSent = notes.some(({ result }) => result === 'accepted')
  return isSent
    ? seeOther(paths.portalPush, 'test_sent')
    : show(c, { problem: words.testFailed }, 422)
})

async function show(
  c: VisitContext,
  shown: Partial<Pick<PushState, 'problem' | 'proof' | 'kept'>> = {},
  status: PageStatus = 200,
): Promise<Response> {
  const { config } = c.env.context
  const { db, account, language } = c.var
  const isAppAsked = decideProof('push_removed', proofFacts(c)) === 'totp'
  const proof = isAppAsked ? { field: { kind: 'totp', isWeakening: false } as const } : null
  const devices = await listSubscriptions(db, account.accountId)
  const publicKey = config.push?.vapid.publicKey ?? null
  const page = {
    heading: language.portal.push.heading,
    current: paths.portalPush,
    body: pushBody(visitBasics(c), {
      devices,
      publicKey,
      problem: null,
      proof,
      kept: '',
      ...shown,
    }),
    ...(publicKey === null ? {} : { script: paths.portalPushScript }),
  }
  return respond(portalPage(c, page), status, { hasScript: publicKey !== null })
}
