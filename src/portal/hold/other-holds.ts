// What the page of a hold says of one that no lock made, and the form by which the owner plans one. Markup only.

import { html } from 'hono/html'
import { waitsText } from '../../lock/confirm-page.ts'
import type { Hold } from '../../lock/hold-reason.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { holdLeft } from './page.ts'
import { PLANNED_DAYS_MAX } from './plan-hold.ts'

/** Where the owner ends it, with what is his; null where he cannot. */
type ToRelease = { readonly releasePath: string | null }

/** Of the strongest reason that runs, which is no lock's. */
export function otherHoldBody(
  page: PageBasics,
  { reason, until, releasePath }: Pick<Hold, 'reason' | 'until'> & ToRelease,
  now: number,
): Markup {
  const { language, exchange } = page
  const { coolingOff: words } = language
  const why = {
    planned: fill(words.whyPlanned, { exchange }),
    activity: words.whyActivity,
    cooling_off: words.whyLogin,
    lock: '',
  }[reason]
  return html`${holdLeft(language, until, now)}
    <p>${why}</p>
    ${reason === 'planned' ? '' : releasePath === null ? html`<p>${waitsText(page, until)}</p>` : releaseLink(language, releasePath)}`
}

function releaseLink({ portal }: Language, path: string): Markup {
  return html`<p><a href="${path}">${portal.confirm.link}</a></p>`
}

export function planForm({ language, exchange }: PageBasics): Markup {
  const { coolingOff: words, portal } = language
  const days = Array.from({ length: PLANNED_DAYS_MAX }, (_, index) => index + 1)
  return html`<h2>${words.planHeading}</h2>
    <p>${fill(words.planText, { exchange })}</p>
    <form method="post" action="${paths.portalHoldPlan}">
      <label for="days">${words.planDays}</label>
      <select id="days" name="days">${days.map((count) => html`<option value="${count}">${count}</option>`)}</select>
      <button type="submit">${portal.entry.button}</button>
    </form>`
}

/** Asked once more: it cannot be taken back. */
export function planSure(
  { language, exchange }: PageBasics,
  { days, untilAt }: { readonly days: number; readonly untilAt: number },
): Markup {
  const { coolingOff: words, portal } = language
  return html`<p><strong>${fill(words.planSure, { time: formatPageTime(untilAt, language) })}</strong></p>
    <p>${fill(words.planText, { exchange })}</p>
    <form method="post" action="${paths.portalHoldPlan}">
      <input type="hidden" name="days" value="${days}" />
      <input type="hidden" name="sure" value="yes" />
      <button type="submit">${words.planConfirm}</button>
    </form>
    <p><a href="${paths.portalHold}">${portal.common.back}</a></p>`
}
