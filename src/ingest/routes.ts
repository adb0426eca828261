// POST /v1/events: cap the size, verify the raw bytes, parse, accept, 202. Says nothing about which
// check failed; the log does, since an event that is refused is a login nobody is told of.

import { Hono, type MiddlewareHandler } from 'hono'
import { asUtf8 } from '../lib/base64.ts'
import { parseJson } from '../lib/json.ts'
import { logError, logInfo } from '../lib/log.ts'
import { type FieldError, type ProblemCode, problem } from '../lib/problem.ts'
import { limitBody, refuseMediaType } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECURITY_HEADERS } from '../lib/security-headers.ts'
import { readTraceparent } from '../lib/trace.ts'
import { paths } from '../paths.ts'
import { acceptEvent } from './accept.ts'
import { parseEvent } from './event.ts'
import type { IngestContext } from './ingest-context.ts'
import { verifyWebhook } from './signature.ts'
import type { AcceptedAnswer } from './spec.ts'

const BODY_MAX_KIB = 64
const RETRY_AFTER_SECONDS = '5'

export const ingestRoutes = new Hono<RouteEnv<IngestContext>>()

const noteTooLarge: MiddlewareHandler = async (c, next) => {
  await next()
  if (c.res.status === 413) noteRefusal('body_too_large')
}

ingestRoutes.post(paths.events, noteTooLarge, limitBody(BODY_MAX_KIB), async (c) => {
  const context = c.env.context
  const refusal = refuseMediaType(c.req.header('content-type'), 'application/json')
  if (refusal) {
    noteRefusal('unsupported_media_type')
    return refusal
  }

  const body = new Uint8Array(await c.req.arrayBuffer())
  const headers = {
    id: c.req.header('webhook-id'),
    timestamp: c.req.header('webhook-timestamp'),
    signature: c.req.header('webhook-signature'),
  }
  const verified = await verifyWebhook(context.config.webhookSecrets, headers, body, context.now())
  if (!verified.ok) {
    logInfo('signature.refused', { reason: verified.error.reason })
    return problem('invalid_signature')
  }

  const json = parseJson(asUtf8(body))
  if (json === undefined) {
    noteRefusal('malformed_json')
    return problem('malformed_json')
  }
  const event = parseEvent(json, context.now())
  if (!event.ok) {
    noteRefusal('invalid_event', event.error)
    return problem('invalid_event', { errors: event.error })
  }

  const { webhookId } = verified.value
  const origin = { webhookId, trace: readTraceparent(c.req.header('traceparent')) }
  const accepted = await acceptEvent(context, event.value, origin, (work) =>
    c.executionCtx.waitUntil(work),
  )
  if (!accepted.ok) {
    return problem('unavailable', { headers: { 'retry-after': RETRY_AFTER_SECONDS } })
  }
  const { alertId, duplicate } = accepted.value
  const answer: AcceptedAnswer = { alert_id: alertId, duplicate }
  // Headers and all in one: set one by one on an answer that is there, they cost more than the answer.
  return Response.json(answer, { status: 202, headers: SECURITY_HEADERS })
})

/** Pointers name fields of ours; what stood there is not for the log. */
function noteRefusal(reason: ProblemCode, errors: readonly FieldError[] = []): void {
  logError('event.refused', { reason, pointers: errors.map(({ pointer }) => pointer).join(' ') })
}
