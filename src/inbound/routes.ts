// POST /v1/inbound/{provider}: texts that people sent to our numbers. Verifies the raw bytes, then acts;
// answers with nothing in it, so that no provider takes our answer for a text to send.

import { Hono } from 'hono'
import { within } from '../lib/deadline.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { paths, providerPart } from '../paths.ts'
import { CALLBACK_BODY_MAX_KIB, readRawCallback, takesMethod } from '../sms/raw-callback.ts'
import { answerRefusedCallback } from '../sms/refused-callback.ts'
import { answerInbound } from './answer.ts'
import type { InboundContext } from './inbound-context.ts'

/** Longer than a lock takes that has to go to the queue; a provider waits for no more than some ten seconds. */
const ANSWER_DEADLINE_MS = 5 * SECOND_MS

export const inboundRoutes = new Hono<RouteEnv<InboundContext>>()

inboundRoutes.on(['GET', 'POST'], paths.inbound, limitBody(CALLBACK_BODY_MAX_KIB), async (c) => {
  const context = c.env.context
  const part = c.req.param('provider')
  const provider = context.config.providers.find(
    (configured) => providerPart(configured.name) === part,
  )
  if (!provider) return problem('not_found')
  if (!takesMethod(provider, c.req.method)) {
    return problem('method_not_allowed', { headers: { allow: 'POST' } })
  }

  const callback = await readRawCallback(c.req.raw, context.config.publicOrigin)
  const messages = await provider.readInbound(callback, context.now())
  if (!messages.ok) {
    logInfo('inbound.refused', { provider: provider.name, reason: messages.error.reason })
    return answerRefusedCallback(messages.error)
  }
  for (const message of messages.value) {
    const answered = answerInbound(context, { provider: provider.name, message })
    await within(context.after, ANSWER_DEADLINE_MS, answered)
  }
  return c.body(null, provider.acknowledgeWith ?? 204)
})
