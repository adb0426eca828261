// /c/{token}: the lock card. GET shows a button and asks nobody; POST locks, without script, and without D1 by the queue. A
// card that was revoked says so to whoever presses it.

import { Hono, type Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { isPlainPath } from '../../lib/plain-path.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { pageBasics, show } from '../../page/respond.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { effectList } from '../action-list.ts'
import type { LockAction } from '../lock-actions.ts'
import type { LockContext } from '../lock-context.ts'
import { invalidLinkPage, layout, lockFailedPage, lockForm } from '../page.ts'
import { takeLock } from '../take-lock.ts'
import { showKept, showLockOrAsked } from '../way-answer.ts'
import { type CardClaims, readCardToken } from './card-token.ts'
import { lockByCard } from './lock-by-card.ts'

type CardHono = HonoContext<RouteEnv<LockContext>, typeof paths.lockCard>

export const cardRoutes = new Hono<RouteEnv<LockContext>>()

cardRoutes.get(paths.lockCard, (c) =>
  withCard(c, async (_claims, page) => show(cardPage(page, c.env.context.config.lockActions), 200)),
)

cardRoutes.post(paths.lockCard, (c) =>
  withCard(c, async (claims, page) => {
    const { context } = c.env
    const lockId = randomId(context.randomBytes, 'lck')
    const press = { ...claims, lockId, lockedAt: context.now() }
    const job = { kind: 'lock_by_card', ...press } as const
    const taken = await takeLock(context, () => lockByCard(context, press), job)
    switch (taken.kind) {
      case 'done':
        return taken.value.kind === 'revoked'
          ? show(revokedPage(page), 410)
          : showLockOrAsked(c, taken.value)
      case 'kept':
        return showKept(c, press)
      case 'lost':
        return show(lockFailedPage(page), 503, { 'retry-after': '2' })
    }
  }),
)

/** Needs nothing but the link and our keys. */
async function withCard(
  c: CardHono,
  handle: (claims: CardClaims, page: PageBasics) => Promise<Response>,
): Promise<Response> {
  const page = pageBasics(c)
  const { linkKeys } = c.env.context.config
  const claims = isPlainPath(c.req.url) ? await readCardToken(linkKeys, c.req.param('token')) : null
  if (claims) return handle(claims, page)
  logInfo('link.refused', { kind: 'card', reason: 'forged', method: c.req.method })
  return show(invalidLinkPage(page), 404)
}

function cardPage(page: PageBasics, actions: readonly LockAction[]): Markup {
  const { lock, ways } = page.language
  return layout(
    page,
    lock.lockHeading,
    html`<p>${fill(ways.cardIntro, { exchange: page.exchange })}</p>
      ${effectList(page, actions)}
      ${lockForm(lock.lockButton)}`,
  )
}

function revokedPage(page: PageBasics): Markup {
  const { ways, lock } = page.language
  const contact = fill(lock.nextContact, { exchange: page.exchange })
  return layout(
    page,
    ways.revokedHeading,
    html`<p role="alert">${ways.revoked}</p>
      <ul><li>${contact}</li></ul>
      <p><a href="${paths.lockByCode}">${lock.useCode}</a></p>`,
  )
}
