// /portal/hold: the hold in force and its signed receipt. Lifting is the exchange's alone; nothing here can.

import { Hono } from 'hono'
import { html } from 'hono/html'
import type { RouteEnv } from '../../lib/route-env.ts'
import type { LockContext } from '../../lock/lock-context.ts'
import { receiptJwks, signLockReceipt } from '../../lock/lock-receipt.ts'
import { findLockState, type LockState } from '../../lock/lock-state.ts'
import { paths } from '../../paths.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { COMMON_HEADERS, respond } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { holdBody, holdHeading, isAllConfirmed, isHoldConfirmed } from './page.ts'

const UNCONFIRMED_REFRESH_SECONDS = 3
/** The countdown shows minutes. */
const REFRESH_SECONDS = 60

export const holdPageRoutes = new Hono<VisitEnv>()

holdPageRoutes.get(paths.portalHold, async (c) => {
  const { now } = c.env.context
  const { account, language } = c.var
  const words = language.portal.hold
  const at = now()
  if (account.holdUntil === null || account.holdUntil <= at) {
    const body = html`<p>${words.none}</p>`
    return respond(portalPage(c, { heading: words.noneHeading, body }), 200)
  }
  const state = await findState(c)
  const body = holdBody(visitBasics(c), { untilAt: account.holdUntil, state }, at)
  const isAll = isAllConfirmed({ state })
  const refreshSeconds = isAll ? REFRESH_SECONDS : UNCONFIRMED_REFRESH_SECONDS
  const heading = holdHeading(language, isHoldConfirmed({ state }))
  return respond(portalPage(c, { heading, body, refreshSeconds }), 200)
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
