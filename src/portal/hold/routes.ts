// /portal/hold: the hold in force, why, and the signed receipt of a lock; and the form by which the owner plans one. What may
// end one early stands in lifting.ts, and on the page behind a link (lock/release).

import { Hono } from 'hono'
import { html } from 'hono/html'
import type { RouteEnv } from '../../lib/route-env.ts'
import { DAY_MS } from '../../lib/time.ts'
import { mergeHolds } from '../../lock/hold-reason.ts'
import { findHoldState } from '../../lock/hold-state.ts'
import { stopLifts } from '../../lock/lift/stop-lifts.ts'
import type { LockContext } from '../../lock/lock-context.ts'
import { receiptJwks, signLockReceipt } from '../../lock/lock-receipt.ts'
import { findLockState, type LockState } from '../../lock/lock-state.ts'
import { findReleasePath } from '../../lock/release/release-path.ts'
import { paths } from '../../paths.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { COMMON_HEADERS, type PageStatus, respond, seeOther } from '../respond.ts'
import { logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import type { LiftPress } from './lift-part.ts'
import { changeRule, liftBySigning, readLifting } from './lifting.ts'
import { otherHoldBody, planForm, planSure } from './other-holds.ts'
import { holdBody, holdHeading, isAllConfirmed, isHoldConfirmed } from './page.ts'
import { planHold, readPlannedDays } from './plan-hold.ts'

const UNCONFIRMED_REFRESH_SECONDS = 3
/** The countdown shows minutes. */
const REFRESH_SECONDS = 60

export const holdPageRoutes = new Hono<VisitEnv>()

holdPageRoutes.get(paths.portalHold, (c) => showHold(c))

holdPageRoutes.post(paths.portalHoldStop, async (c) => {
  const isKept = await stopLifts(c.env.context, c.var.account.accountId, { by: 'portal' })
  return seeOther(paths.portalHold, isKept ? 'saved' : undefined)
})

holdPageRoutes.post(paths.portalHoldLift, (c) => liftBySigning(c, showHold))

holdPageRoutes.post(paths.portalHoldRule, (c) => changeRule(c, showHold))

async function showHold(
  c: VisitContext,
  press: LiftPress | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { now } = c.env.context
  const { account, db, language } = c.var
  const words = language.portal.hold
  const at = now()
  const basics = visitBasics(c)
  const running = await findHoldState(db, account.accountId, at)
  const { hold, lock, stored } = running
  const isPlanned = stored.some(({ reason }) => reason === 'planned')
  const lifting = await readLifting(c, running, press)
  const { hasScript } = lifting
  const options = { hasScript }
  // The script of the page "it was me", which asks for a passkey too.
  const script = hasScript ? { script: paths.lockConfirmScript } : {}
  const after = html`${lifting.markup}${isPlanned ? '' : planForm(basics)}`
  if (!hold) {
    const body = html`${lifting.stop}<p>${words.none}</p>${after}`
    return respond(portalPage(c, { heading: words.noneHeading, body, ...script }), status, options)
  }
  if (!lock) {
    const releasePath = await findReleasePath(db, c.env.context.config, c.var, stored)
    const body = html`${lifting.stop}${otherHoldBody(basics, { ...hold, releasePath }, at)}${after}`
    const refresh = hasScript ? {} : { refreshSeconds: REFRESH_SECONDS }
    const page = { heading: words.heading, body, ...refresh, ...script }
    return respond(portalPage(c, page), status, options)
  }
  const state = await findState(c)
  // Beside a lock: what holds longer than it, or more strongly.
  const other = mergeHolds(null, stored)
  const held = { untilAt: lock.until, state, endedBy: lifting.endedBy }
  const body = html`${lifting.stop}${holdBody(basics, held, at)}${other ? otherHoldBody(basics, { ...other, releasePath: null }, at) : ''}${after}`
  const isAll = isAllConfirmed({ state })
  const refreshSeconds = isAll ? REFRESH_SECONDS : UNCONFIRMED_REFRESH_SECONDS
  // Whoever is asked for a passkey is not interrupted.
  const refresh = hasScript ? {} : { refreshSeconds }
  const heading = holdHeading(language, isHoldConfirmed({ state }))
  return respond(portalPage(c, { heading, body, ...refresh, ...script }), status, options)
}

holdPageRoutes.post(paths.portalHoldPlan, async (c) => {
  const { form, account, language } = c.var
  const days = readPlannedDays(form.get('days'))
  if (days === null) return seeOther(paths.portalHold)
  if (form.get('sure') !== 'yes') {
    const untilAt = c.env.context.now() + days * DAY_MS
    const body = planSure(visitBasics(c), { days, untilAt })
    return respond(portalPage(c, { heading: language.coolingOff.planHeading, body }), 200)
  }
  if (await planHold(c.env.context, account.accountId, days)) {
    await logVisit(c, 'hold.started', { reason: 'planned' })
  }
  return seeOther(paths.portalHold)
})

holdPageRoutes.get(paths.portalHoldReceipt, async (c) => {
  const { config } = c.env.context
  const state = await findState(c)
  if (!state) {
    const words = c.var.language.portal.hold
    const body = html`<p>${words.none}</p>`
    return respond(portalPage(c, { heading: words.noneHeading, body }), 404)
  }
  const receipt = await signLockReceipt(config.linkKeys, config.publicOrigin, state)
  const headers = {
    ...COMMON_HEADERS,
    'content-type': 'application/jwt',
    'content-disposition': `attachment; filename="${state.lock.lockId}.jwt"`,
  }
  return new Response(receipt, { headers })
})

async function findState(c: VisitContext): Promise<LockState | null> {
  const { accountId, holdLockId } = c.var.account
  return holdLockId === null ? null : findLockState(c.var.db, accountId, holdLockId)
}

const JWKS_MAX_AGE_SECONDS = 3_600

/** For whoever checks a receipt; needs no visit. */
export const receiptKeyRoutes = new Hono<RouteEnv<LockContext>>()

receiptKeyRoutes.get(paths.receiptKeys, async (c) => {
  c.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  return c.json(await receiptJwks(c.env.context.config.linkKeys))
})
