// The frame of every page of the owner's: no asset, nothing of another origin, the same places on each. What
// varies is escaped by the template.

import { html } from 'hono/html'
import type { Account } from '../account/accounts.ts'
import { TOTP_STEP_MS } from '../account/totp.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { frame } from '../page/frame.ts'
import type { Markup, PageBasics } from '../page/markup.ts'
import { fill, fillDurations, fillWait } from '../page/words.ts'
import { paths } from '../paths.ts'
import type { Language } from '../words/language.ts'
import { OWNERS_PAGES } from './pages.ts'
import { PORTAL_CSS } from './portal-css.ts'
import type { VisitContext } from './visit/visit-env.ts'

export type PortalPage = {
  readonly heading: string
  readonly body: Markup
  /** The page in the navigation, one of `paths`. */
  readonly current?: string
  /** Of our own origin; the page has to work, or say why not, without it. */
  readonly script?: string
  /** For a page that waits for something. */
  readonly refreshSeconds?: number
}

/** Whom the page speaks for, and in which language. */
export function visitBasics(c: VisitContext): PageBasics {
  return { language: c.var.language, exchange: c.env.context.config.exchangeName }
}

/** A page within a visit: with navigation, and with what was just done. */
export function portalPage(c: VisitContext, page: PortalPage): Markup {
  const basics = visitBasics(c)
  const done = doneText(basics, c.req.query('done'))
  const note = done === null ? '' : html`<p role="status" class="done-note">${done}</p>`
  return portalFrame(basics, {
    ...page,
    body: html`${navigation(basics.language, page.current)}<h1>${page.heading}</h1>${note}${page.body}
      <form method="post" action="${paths.portalLeave}"><button class="plain" type="submit">${basics.language.portal.common.leave}</button></form>`,
  })
}

/** A page outside a visit. */
export function barePage(basics: PageBasics, heading: string, body: Markup): Markup {
  return portalFrame(basics, { heading, body: html`<h1>${heading}</h1>${body}` })
}

function portalFrame(basics: PageBasics, page: PortalPage): Markup {
  const { refreshSeconds, script } = page
  return frame(basics, {
    heading: page.heading,
    title: basics.language.portal.common.title,
    css: PORTAL_CSS,
    head: html`${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
      ${script === undefined ? '' : html`<script src="${script}" defer></script>`}`,
    body: page.body,
  })
}

function navigation(language: Language, current: string | undefined): Markup {
  const words = language.portal
  const items = OWNERS_PAGES.filter(({ isInNavigation }) => isInNavigation).map(
    ({ path, heading }) =>
      html`<li><a href="${path}" ${path === current ? html`aria-current="page"` : ''}>${heading(words, language)}</a></li>`,
  )
  return html`<nav aria-label="${words.common.navigation}"><ul>${items}</ul></nav>`
}

function doneText(
  { language: { portal: words, lift }, exchange }: PageBasics,
  done: string | undefined,
): string | null {
  switch (done) {
    case 'saved':
      return words.common.saved
    case 'bound':
      return words.number.boundDone
    case 'removed':
      return words.number.removedDone
    case 'set_up':
      return words.authenticator.done
    case 'passkey_added':
      return words.passkey.added
    case 'passkey_removed':
      return words.passkey.removed
    case 'push_on':
      return words.push.enabled
    case 'lifted':
      return fill(lift.signed, { exchange })
    case 'test_sent':
      return words.push.testSent
    default:
      return null
  }
}

/** What went wrong with a form, above it. */
export function problemNote(text: string | null): Markup | '' {
  return text === null ? '' : html`<p role="alert">${text}</p>`
}

/** Why no alert goes to a number, and how to undo it; null where nothing speaks against it. */
export function phoneWarning({ portal }: Language, state: Account['phoneState']): string | null {
  const { invalid, optedOut } = portal.number
  return { ok: null, invalid, opted_out: optedOut }[state]
}

/** The field for a TOTP code, as every form has it that needs one; its name is `totp`. */
export function totpField(language: Language): Markup {
  const { common: words } = language.portal
  return html`<label for="totp">${words.totpLabel}</label>
    <input id="totp" name="totp" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
      required maxlength="20" aria-describedby="totp-hint" />
    <small id="totp-hint">${fillTotpStep(language, words.totpHint)}</small>`
}

/** A sentence with `{step}`: how often the authenticator app changes its code. */
export function fillTotpStep(language: Language, template: string): string {
  return fillDurations(language, template, { step: TOTP_STEP_MS })
}

export function tooManyTries(language: Language, retryAfterMs: number): string {
  return fillWait(language, language.portal.common.tooManyTries, retryAfterMs, MINUTE_MS)
}
