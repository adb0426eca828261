// The pages of "it was me", beside the lock: each has the way back to it. Markup only; the one script of ours
// comes with the page that has the button.

import { html } from 'hono/html'
import { PROVES_AFTER_MS } from '../account/owner-proofs.ts'
import type { Login } from '../login/login.ts'
import type { Markup, PageBasics } from '../page/markup.ts'
import { fill, fillDurations, formatPageTime } from '../page/words.ts'
import { lockPath, paths } from '../paths.ts'
import { countryName } from '../words/country-name.ts'
import { apart } from '../words/direction.ts'
import type { Language } from '../words/language.ts'
import { layout } from './page.ts'

/** A page and the link it stands beside. */
export type ConfirmPage = PageBasics & { readonly token: string; readonly alertNumber: number }

export type ConfirmOffer = {
  /** What the browser is asked, as JSON. */
  readonly options: string
  readonly sealedChallenge: string
  /** What went wrong with the answer before. */
  readonly problem: string | null
  /** Of withdrawals, which this does not end. */
  readonly waitsUntil: number | null
}

/** The button, for whoever has a passkey and lets our script run. */
export function confirmPage(page: ConfirmPage, login: Login, offer: ConfirmOffer): Markup {
  const { confirm: words, common, passkey } = page.language.portal
  return frame(
    page,
    words.heading,
    html`${intro(page)}
      <p>${loginFacts(login, page.language)}</p>
      ${offer.waitsUntil === null ? '' : html`<p>${waitsText(page, offer.waitsUntil)}</p>`}
      ${offer.problem === null ? '' : html`<p role="alert">${offer.problem}</p>`}
      <form method="post" data-options="${offer.options}">
        <input type="hidden" name="challenge" value="${offer.sealedChallenge}" />
        <input type="hidden" name="credential" value="" autocomplete="off" />
        <div data-offer hidden><button class="calm" type="submit">${words.button}</button></div>
        <p role="alert" data-failed hidden>${words.failed}</p>
        <p role="alert" data-unsupported hidden>${passkey.unsupported}</p>
        <noscript><p>${common.needsScript}</p></noscript>
      </form>
      <script src="${paths.lockConfirmScript}" defer></script>`,
  )
}

/** Why there is no button. */
export function noConfirmPage(page: ConfirmPage, text: string): Markup {
  const body = html`${intro(page)}<p role="alert">${text}</p>`
  return frame(page, page.language.portal.confirm.heading, body)
}

export function confirmedPage(page: ConfirmPage): Markup {
  const { confirm: words } = page.language.portal
  const text = fill(words.done, { exchange: page.exchange })
  return frame(page, words.doneHeading, html`${intro(page)}<p role="status">${text}</p>`)
}

/** Why nothing of the account's ends it. */
export function waitsText({ language }: PageBasics, until: number): string {
  const time = formatPageTime(until, language)
  return fillDurations(language, language.release.waits, { age: PROVES_AFTER_MS }, { time })
}

export function frame(page: ConfirmPage, heading: string, body: Markup): Markup {
  const words = page.language.portal.confirm
  const lockInstead = html`<p><a class="button" href="${lockPath(page.token)}">${words.lockInstead}</a></p>`
  return layout(page, heading, html`${body}${lockInstead}`)
}

export function intro({ language, alertNumber, exchange }: ConfirmPage): Markup {
  const { intro: text } = language.portal.confirm
  return html`<p>${fill(text, { number: alertNumber, exchange })}</p>`
}

/** What the alert has told of it: somebody who confirms must see what. */
export function loginFacts(login: Login, language: Language): string {
  const { country, city, browser, os, occurredAt } = login
  const land = country === null ? null : countryName(country, language.intl)
  return [formatPageTime(occurredAt, language), city, land, browser, os]
    .filter((fact) => fact !== null)
    .map(apart)
    .join(' · ')
}
