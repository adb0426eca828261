// The operator's pages behind their door. All of them read; what an operator does is posted to /ops/acts/….

import { Hono } from 'hono'
import { html } from 'hono/html'
import * as v from 'valibot'
import { within } from '../../lib/deadline.ts'
import { AccountIdSchema } from '../../lib/fields.ts'
import { errorFields, logError, logInfo } from '../../lib/log.ts'
import { limitBody } from '../../lib/refuse-body.ts'
import { SECOND_MS } from '../../lib/time.ts'
import type { Markup } from '../../page/markup.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { paths } from '../../paths.ts'
import { findAlertByNumber, readAccountStory } from '../account-story.ts'
import { readHistoryStatement } from '../incidents.ts'
import { METRICS_TYPE, metricsText } from '../metrics.ts'
import { readOverview } from '../overview.ts'
import { accountBody, nobodyBody } from './account-page.ts'
import { doneNote, unfinishedOf } from './act-forms.ts'
import { alertBody } from './alert-page.ts'
import { leaveOps, type OpsEnv, type OpsRequest, operatorName, opsGate } from './gate.ts'
import { incidentsBody } from './incidents-page.ts'
import { opsPage, respondOps } from './layout.ts'
import { accountPath, alertPath, nowBody } from './now-page.ts'
import { postAct } from './post-act.ts'
import { unavailableBody } from './unavailable-page.ts'

/** Somebody looks because something is wrong: better "it does not answer" than silence. */
const READ_DEADLINE_MS = 5 * SECOND_MS
const INCIDENTS_SHOWN = 50
const FORM_MAX_KIB = 16

export const opsRoutes = new Hono<OpsEnv>()
// Hono's `/*` is the path itself too.
opsRoutes.use(`${paths.ops}/*`, opsGate)
opsRoutes.use(paths.metrics, opsGate)

opsRoutes.get(paths.ops, (c) =>
  page(c, { heading: 'Now', current: paths.ops }, async ({ context }) =>
    nowBody(await readOverview(context), unfinishedOf(c.req.query())),
  ),
)

opsRoutes.get(paths.opsIncidents, (c) =>
  page(c, { heading: 'Incidents', current: paths.opsIncidents }, async ({ context }) => {
    const now = context.now()
    const before = Number(c.req.query('before') ?? Number.NaN)
    const beforeAt = Number.isSafeInteger(before) ? before : now + 1
    const found = await readHistoryStatement(context.db, beforeAt, INCIDENTS_SHOWN)
    const last = found.length < INCIDENTS_SHOWN ? undefined : found.at(-1)
    return incidentsBody(found, last?.openedAt ?? null, now)
  }),
)

opsRoutes.get(paths.opsAccount, (c) => {
  const accountId = c.req.param('accountId')
  return page(c, { heading: `Account ${shown(accountId)}` }, async ({ context }) => {
    const story = isAccountId(accountId) ? await readAccountStory(context, accountId) : null
    if (!story) return nobodyBody(shown(accountId))
    logInfo('ops.viewed', { account_id: accountId, by: operatorName(c.var.operator) })
    return accountBody(story, context.now())
  })
})

opsRoutes.get(paths.opsAlert, (c) => {
  const { accountId, alertNumber } = c.req.param()
  return page(c, { heading: `Alert #${Number(alertNumber) || '?'}` }, async ({ context }) => {
    const login =
      isAccountId(accountId) && /^\d{1,9}$/.test(alertNumber)
        ? await findAlertByNumber(context, accountId, Number(alertNumber))
        : null
    if (!login) return nobodyBody(shown(accountId))
    logInfo('ops.viewed', { account_id: accountId, by: operatorName(c.var.operator) })
    return alertBody(login)
  })
})

opsRoutes.get(paths.opsFind, async (c) => {
  const accountId = (c.req.query('account') ?? '').trim()
  const number = (c.req.query('alert') ?? '').trim().replace(/^#/, '')
  if (!isAccountId(accountId)) {
    return page(c, { heading: 'Look up an account' }, async () => nobodyBody(''))
  }
  const isNumber = /^\d{1,9}$/.test(number)
  return c.redirect(isNumber ? alertPath(accountId, Number(number)) : accountPath(accountId), 303)
})

opsRoutes.post(paths.opsActForm, limitBody(FORM_MAX_KIB), postAct)

opsRoutes.post(paths.opsLeave, (c) => {
  if (!isSameOrigin(c)) return c.notFound()
  leaveOps(c)
  return c.redirect(paths.ops, 303)
})

opsRoutes.get(paths.metrics, async (c) => {
  const { context } = c.env
  const overview = await within(context.after, READ_DEADLINE_MS, readOverview(context))
  return c.body(metricsText(overview), 200, { 'content-type': METRICS_TYPE })
})

type Head = { readonly heading: string; readonly current?: string }

/** D1 away is what such a page is for: it says so. */
async function page(
  c: OpsRequest,
  head: Head,
  read: (env: OpsEnv['Bindings']) => Promise<Markup>,
): Promise<Response> {
  const { context } = c.env
  const basics = {
    ...head,
    exchange: context.config.exchangeName,
    readAt: context.now(),
    canLeave: c.var.operator.by === 'token',
  }
  try {
    const note = doneNote(c.req.query())
    const found = await within(context.after, READ_DEADLINE_MS, read(c.env))
    return await respondOps(opsPage({ ...basics, body: html`${note}${found}` }))
  } catch (error) {
    logError('request.failed', { kind: 'ops', ...errorFields(error) })
    return respondOps(opsPage({ ...basics, body: unavailableBody() }), 503)
  }
}

function isAccountId(text: string): boolean {
  return v.is(AccountIdSchema, text)
}

/** Typed by somebody: bounded, whatever it is. */
function shown(text: string): string {
  return text.slice(0, 64)
}
