// The pages of the test alert: in the portal how it went, and behind its link a lock that locks nothing.

import { html } from 'hono/html'
import { HOLD_MS } from '../../lock/hold.ts'
import type { Notice } from '../../notice/notice.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'
import { barePage, problemNote } from '../layout.ts'

/** What is known of a test alert; times are measured from the press of the button. */
export type DrillResult =
  | { readonly kind: 'none' | 'waiting' | 'failed' }
  | {
      readonly kind: 'accepted' | 'delivered'
      readonly afterMs: number
      readonly acceptedMs: number
    }

/** From evidence only: our own clock for what a provider accepted, its receipt for what was delivered. */
export function drillResult(
  notice: Pick<Notice, 'state' | 'attempts' | 'createdAt'> | null,
): DrillResult {
  if (!notice) return { kind: 'none' }
  const taken = notice.attempts.filter(({ state }) => state !== 'failed' && state !== 'unknown')
  const [first] = taken
  if (!first) return { kind: notice.state === 'open' ? 'waiting' : 'failed' }
  const acceptedMs = first.startedAt + first.durationMs - notice.createdAt
  const delivered = taken.flatMap(({ deliveredAt }) =>
    deliveredAt === undefined ? [] : [deliveredAt],
  )
  if (delivered.length === 0) return { kind: 'accepted', afterMs: acceptedMs, acceptedMs }
  // A provider's clock may be behind ours.
  const afterMs = Math.max(acceptedMs, Math.min(...delivered) - notice.createdAt)
  return { kind: 'delivered', afterMs, acceptedMs }
}

export function drillBody(
  language: Language,
  state: {
    readonly result: DrillResult
    readonly hasNumber: boolean
    readonly problem: string | null
  },
): Markup {
  const { drill: words } = language.portal
  const form = state.hasNumber
    ? html`<form method="post"><button class="calm" type="submit">${words.button}</button></form>`
    : html`<p class="warn">${words.needsNumber}</p>`
  return html`${problemNote(state.problem)}<p>${words.intro}</p>${resultNote(language, state.result)}${form}`
}

function resultNote({ portal, intl }: Language, result: DrillResult): Markup | '' {
  const { drill: words } = portal
  const tenths = new Intl.NumberFormat(intl, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const seconds = (ms: number) => ({ seconds: tenths.format(ms / 1_000) })
  switch (result.kind) {
    case 'none':
      return ''
    case 'waiting':
      return html`<p role="status">${portal.history.states.sending}</p>`
    case 'failed':
      return html`<p role="alert">${words.failed}</p>`
    case 'accepted':
      return html`<p role="status">${fill(words.accepted, seconds(result.afterMs))} ${words.waiting}</p>`
    case 'delivered':
      return html`<p role="status">${fill(words.accepted, seconds(result.acceptedMs))}
        ${fill(words.delivered, seconds(result.afterMs))}</p>`
  }
}

/** Behind the link of a test alert: the same press as in earnest. */
export function practicePage(page: PageBasics): Markup {
  const words = page.language.portal.drill
  return barePage(
    page,
    words.pageHeading,
    html`<p>${words.pageText}</p>
      <form method="post"><button type="submit">${words.practise}</button></form>`,
  )
}

export function practisedPage(page: PageBasics): Markup {
  const words = page.language.portal.drill
  const text = fillDurations(page.language, words.done, { hold: HOLD_MS })
  return barePage(page, words.doneHeading, html`<p role="status">${text}</p>`)
}
