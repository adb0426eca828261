// /v1/ops/acts: what operators do by hand, for scripts; the operators' page has forms for the same.

import { Hono } from 'hono'
import { ActSchema } from '../../api/act-requests.ts'
import type { ActDoneAnswer, ActListAnswer } from '../../api/act-spec.ts'
import type { ApiContext } from '../../api/api-context.ts'
import { keyName } from '../../api/api-key.ts'
import { readJson } from '../../api/requests.ts'
import { problem } from '../../lib/problem.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { formatInstant } from '../../lib/time.ts'
import { paths } from '../../paths.ts'
import type { ActRefusal } from './act.ts'
import { type ActContext, performAct } from './perform.ts'
import { listActs } from './record.ts'
import { toAct } from './to-act.ts'

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
