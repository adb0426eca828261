// The pages at the door: the one behind an entry link, and those for whoever has no visit.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations } from '../../page/words.ts'
import { barePage } from '../layout.ts'
import { ENTRY_LIFETIME_MS } from './entry-link.ts'

/**
 * A button, since only a press starts the visit: a preview of the link must not use it up, and a cookie that
 * is SameSite=Strict would not be sent along a redirect that began at the exchange.
 */
export function entryPage(page: PageBasics): Markup {
  const words = page.language.portal.entry
  return barePage(
    page,
    words.heading,
    html`<p>${fill(words.intro, { exchange: page.exchange })}</p>
      <form method="post"><button class="calm" type="submit">${words.button}</button></form>`,
  )
}

/** Used, expired and forged links look the same. */
export function invalidEntryPage(page: PageBasics): Markup {
  const words = page.language.portal.entry
  const { exchange, language } = page
  const text = fillDurations(language, words.invalid, { life: ENTRY_LIFETIME_MS }, { exchange })
  return barePage(page, words.invalidHeading, html`<p>${text}</p>`)
}

export function visitEndedPage(page: PageBasics): Markup {
  const words = page.language.portal.entry
  const text = fill(words.ended, { exchange: page.exchange })
  return barePage(page, words.endedHeading, html`<p>${text}</p>`)
}

export function leftPage(page: PageBasics): Markup {
  const words = page.language.portal.entry
  return barePage(page, words.leftHeading, html`<p>${words.left}</p>`)
}

/** The database does not answer. */
export function latePage(page: PageBasics): Markup {
  const { title, unavailable } = page.language.portal.common
  return barePage(page, title, html`<p role="alert">${unavailable}</p>`)
}
