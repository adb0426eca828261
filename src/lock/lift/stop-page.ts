// The pages behind the link that stops a lift. Markup only.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { layout, lockForm } from '../page.ts'

/** `problem`: why a press came to nothing. The button is the same: it stops, and locks nothing. */
export function stopPage(page: PageBasics, dueAt: number, problem: string | null = null): Markup {
  const { language, exchange } = page
  const { lift } = language
  const time = formatPageTime(dueAt, language)
  return layout(
    page,
    lift.heading,
    html`<p>${fill(lift.asked, { exchange, time })}</p>
      ${problem === null ? '' : html`<p role="alert">${problem}</p>`}
      ${lockForm(lift.stopButton)}`,
  )
}

export function stoppedPage(page: PageBasics): Markup {
  const { lift } = page.language
  const text = fill(lift.stopped, { exchange: page.exchange })
  return layout(page, lift.heading, html`<p role="status">${text}</p>`)
}

/** It was made, or there was none: whoever did not want it can lock. */
export function tooLatePage(page: PageBasics): Markup {
  const { lift, lock } = page.language
  return layout(
    page,
    lift.heading,
    html`<p role="alert">${lift.tooLate}</p>
      <ul><li>${fill(lock.nextContact, { exchange: page.exchange })}</li></ul>
      <p><a href="${paths.lockByCode}">${lock.useCode}</a></p>`,
  )
}
