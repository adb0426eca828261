// POST /ops/acts/{act}: a form of the operator's pages, read into the same act that the API takes, and done by the same
// function. Afterwards the page it came from says what was done; reloading that repeats nothing.

import { html } from 'hono/html'
import * as v from 'valibot'
import { ActSchema } from '../../api/act-requests.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { paths } from '../../paths.ts'
import type { ActRefusal } from '../acts/act.ts'
import { performAct } from '../acts/perform.ts'
import { toAct } from '../acts/to-act.ts'
import { type OpsRequest, operatorName } from './gate.ts'
import { opsPage, respondOps } from './layout.ts'

/** Where a form of ours may lead back to. */
const BACK = /^\/ops(\/(accounts|alerts)\/[A-Za-z0-9_.:/-]{1,90})?$/
const HOURS_MAX = 720

export async function postAct(c: OpsRequest): Promise<Response> {
  if (!isSameOrigin(c)) return c.notFound()
  const { context } = c.env
  const form = new URLSearchParams(await c.req.text())
  const back = BACK.test(form.get('back') ?? '') ? (form.get('back') ?? '') : paths.ops
  const request = v.safeParse(ActSchema, readForm(form, c.req.param('act') ?? '', context.now()))
  if (!request.success) {
    const [issue] = request.issues
    const field = issue.path?.map(({ key }) => String(key)).join(' ') ?? 'the form'
    return refused(c, back, `${field}: ${issue.message}.`)
  }
  const who = operatorName(c.var.operator)
  const act = toAct(request.output)
  const done = await performAct(context, act, who, context.now())
  if (!done.ok) return refused(c, back, refusalWords(done.error))
  const { count, next } = done.value
  const query = new URLSearchParams({ done: act.act, count: String(count) })
  if (next !== null) {
    query.set('next', next)
    if (act.act === 'redrive_callbacks') query.set('since', new Date(act.sinceAt).toISOString())
  }
  return c.redirect(`${back}?${query}`, 303)
}

/** Text fields that were left empty are not given; how long ago becomes an instant. */
function readForm(form: URLSearchParams, act: string, now: number): Record<string, unknown> {
  const { back: _back, hours, ...fields } = Object.fromEntries(form)
  const given = Object.entries(fields)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '')
  const hoursAgo = Math.min(HOURS_MAX, Math.max(1, Number(hours) || 1))
  const since =
    hours === undefined ? {} : { since: new Date(now - hoursAgo * HOUR_MS).toISOString() }
  return { ...Object.fromEntries(given), ...since, act }
}

function refusalWords(refusal: ActRefusal): string {
  switch (refusal.kind) {
    case 'invalid':
      return `${refusal.pointer.slice(1)} ${refusal.detail}.`
    case 'not_found':
      return 'There is no such thing any more.'
    case 'not_possible':
      return refusal.detail
  }
}

function refused(c: OpsRequest, back: string, why: string): Promise<Response> {
  const { context } = c.env
  const body = html`<p role="alert">Nothing was done. ${why}</p><p><a href="${back}">Back</a></p>`
  return respondOps(
    opsPage({
      exchange: context.config.exchangeName,
      heading: 'Not done',
      body,
      readAt: context.now(),
      canLeave: c.var.operator.by === 'token',
    }),
    422,
  )
}
