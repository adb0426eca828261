// What a page answers to a lock that came by no alert: where it can be seen, that the owner is asked first, or that the request
// is kept and not looked at yet.

import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { RouteEnv } from '../lib/route-env.ts'
import type { Markup, PageBasics } from '../page/markup.ts'
import { pageBasics, seeOther, show } from '../page/respond.ts'
import { fill } from '../page/words.ts'
import { lockWayStatusPath } from '../paths.ts'
import type { LockContext } from './lock-context.ts'
import type { LockOrAsked } from './lock-or-ask.ts'
import { layout, REFRESH_SECONDS, refreshNote } from './page.ts'
import { type StatusRef, sealStatusRef } from './status-ref.ts'

export async function showLockOrAsked<E extends RouteEnv<LockContext>>(
  c: HonoContext<E>,
  outcome: LockOrAsked,
): Promise<Response> {
  return outcome.kind === 'locked'
    ? seeOther(await statusPathOf(c, outcome.lock))
    : show(askedPage(pageBasics(c)), 202)
}

/** D1 is away: whether card, passkey or number may lock is not known yet. `lock`: what it will be called then. */
export async function showKept<E extends RouteEnv<LockContext>>(
  c: HonoContext<E>,
  lock: StatusRef | null,
): Promise<Response> {
  const page = pageBasics(c)
  const words = page.language.lock
  const statusPath = lock && (await statusPathOf(c, lock))
  const body = html`<p role="status">${page.language.ways.kept}</p>
      ${statusPath === null ? '' : refreshNote(words, statusPath)}`
  const refresh = statusPath === null ? null : { path: statusPath, seconds: REFRESH_SECONDS }
  return show(layout(page, words.acceptedHeading, body, refresh), 202)
}

async function statusPathOf<E extends RouteEnv<LockContext>>(
  c: HonoContext<E>,
  lock: StatusRef,
): Promise<string> {
  const { config, randomBytes, now } = c.env.context
  return lockWayStatusPath(await sealStatusRef(randomBytes, config.dataKeys, lock, now()))
}

/** A lock of this way was lifted a short while ago: nothing is locked until the owner confirms. */
export function askedPage(page: PageBasics): Markup {
  const { ways, lock } = page.language
  const contact = fill(lock.nextContact, { exchange: page.exchange })
  return layout(
    page,
    ways.askedHeading,
    html`<p role="status">${ways.asked}</p>
      <ul><li>${contact}</li></ul>`,
  )
}
