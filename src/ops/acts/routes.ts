// /v1/ops/acts: what operators do by hand, for scripts; the operators' page has forms for the same.

import { Hono } from 'hono'
import type { ActRequest } from '../../api/act-requests.ts'
import { ActSchema } from '../../api/act-requests.ts'
import type { ActDoneAnswer, ActListAnswer } from '../../api/act-spec.ts'
import type { ApiContext } from '../../api/api-context.ts'
import { keyName } from '../../api/api-key.ts'
import { readJson } from '../../api/requests.ts'
import { problem } from '../../lib/problem.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { formatInstant } from '../../lib/time.ts'
import { paths } from '../../paths.ts'
import type { Act, ActRefusal } from './act.ts'
import { type ActContext, performAct } from './perform.ts'
import { listActs } from './record.ts'

const LISTED = 100

export const actRoutes = new Hono<RouteEnv<ApiContext & ActContext>>()

actRoutes.post(paths.opsActs, async (c) => {
  const { context } = c.env
  const body = await readJson(c, ActSchema)
  if (!body.ok) return body.error
  const who = `key:${await keyName(c)}`
  const done = await performAct(context, toAct(body.value), who, context.now())
  if (!done.ok) return refuse(done.error)
  const { actId, count, untilAt, next } = done.value
  const answer: ActDoneAnswer = { act_id: actId, count, until: formatInstant(untilAt), next }
  return c.json(answer)
})

actRoutes.get(paths.opsActs, async (c) => {
  const acts = await listActs(c.env.context.db, LISTED)
  const answer: ActListAnswer = {
    acts: acts.map(({ actId, actedAt, untilAt, ...act }) => ({
      act_id: actId,
      at: formatInstant(actedAt),
      ...act,
      until: formatInstant(untilAt),
    })),
  }
  return c.json(answer)
})

function refuse(refusal: ActRefusal): Response {
  switch (refusal.kind) {
    case 'invalid': {
      const { pointer, detail } = refusal
      return problem('invalid_request', { errors: [{ pointer, detail }] })
    }
    case 'not_found':
      return problem('not_found')
    case 'not_possible':
      return problem('not_possible', { detail: refusal.detail })
  }
}

/** The field names of the wire → ours. */
function toAct(request: ActRequest): Act {
  switch (request.act) {
    case 'order_provider':
    case 'trust_provider':
      return { ...request, country: request.country ?? null }
    case 'redrive_callback': {
      const { act, account_id: accountId, callback_id: callbackId, reason } = request
      return { act, accountId, callbackId, reason }
    }
    case 'redrive_callbacks': {
      const { act, since: sinceAt, from = null, reason } = request
      return { act, sinceAt, from, reason }
    }
    case 'redrive_dead_letters': {
      const { act, message_ids: messageIds = null, from = null, reason } = request
      return { act, messageIds, from, reason }
    }
    case 'resend_alert': {
      const { act, alert_id: alertId, reason } = request
      return { act, alertId, reason }
    }
    case 'undo_phone_mark': {
      const { act, account_id: accountId, reason } = request
      return { act, accountId, reason }
    }
    case 'stop_codes':
    case 'allow_codes':
      return request
  }
}
