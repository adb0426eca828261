// A login's place and device in the reader's words. What somebody else may have written stands in <bdi>, so
// that its direction does not spill over.

import { html } from 'hono/html'
import { namedNetwork, reservedWord } from '../alert/network-words.ts'
import type { Login } from '../login/login.ts'
import type { Markup } from '../page/markup.ts'
import { countryName } from '../words/country-name.ts'
import type { Language } from '../words/language.ts'

/** Each part in its own direction: a Latin name of a city or network must not order the words around it. */
function placeMarkup(login: Login, language: Language): Markup {
  const words = { ...language.alert, ...language.placesOnPages }
  const { intl } = language
  if (login.reserved !== null) return html`${reservedWord(login.reserved, words)}`
  const country =
    login.country === null ? null : (countryName(login.country, intl) ?? login.country)
  const parts = [login.city, country].filter((part) => part !== null)
  const named =
    parts.length === 0
      ? html`${words.unknownPlace}`
      : html`${parts.map((part, index) => html`${index === 0 ? '' : words.detailSeparator}<bdi>${part}</bdi>`)}`
  if (login.hosting === null) return named
  return html`${named} (<bdi>${namedNetwork(login.hosting, login.hosting, words)}</bdi>)`
}

export function deviceOf(login: Login): string {
  const software = [login.browser, login.os].filter((part) => part !== null).join(' · ')
  const named = login.deviceName === null ? '' : quoted(login.deviceName)
  return [software, named].filter((part) => part !== '').join(' ') || '?'
}

/** Whoever logged in may have chosen it: it cannot end its own quotation and go on as if we spoke. */
export function quoted(name: string): string {
  return `“${name.replace(/["“”„‟«»‹›「」『』〝〞＂]/g, "'")}”`
}

export function placeAndDevice(login: Login, language: Language): Markup {
  const { detailSeparator } = language.alert
  return html`<bdi>${deviceOf(login)}</bdi><br />${placeMarkup(login, language)}${detailSeparator}<bdi dir="ltr">IP …${login.ipTail}</bdi>`
}
