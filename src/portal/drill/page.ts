// The pages of the test alert: in the portal how it went, and behind its link a lock that locks nothing.

import { html } from 'hono/html'
import type { Account } from '../../account/accounts.ts'
import { HOLD_MS } from '../../lock/hold.ts'
import type { Notice } from '../../notice/notice.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { barePage, phoneWarning, problemNote } from '../layout.ts'

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
    /** Null without a number. */
    readonly phoneState: Account['phoneState'] | null
    /** Of alerts: no login is told of, whatever the test shows. */
    readonly isOff: boolean
    readonly problem: string | null
  },
): Markup {
  const { drill: words } = language.portal
  return html`${problemNote(state.problem)}<p>${words.intro}</p>
    ${state.isOff ? offNote(language) : ''}
    ${resultNote(language, state.result)}${drillForm(language, state.phoneState)}`
}

/** Who has replied STOP gets no test either: it would go out against their word, and prove nothing of the alerts. */
export function takesDrill(phoneState: Account['phoneState'] | null): boolean {
  return phoneState !== null && phoneState !== 'opted_out'
}

function drillForm(language: Language, phoneState: Account['phoneState'] | null): Markup {
  const { drill: words } = language.portal
  if (phoneState === null) return html`<p class="warn">${words.needsNumber}</p>`
  const warning = phoneWarning(language, phoneState)
  const form = html`<form method="post"><button class="calm" type="submit">${words.button}</button></form>`
  return html`${warning === null ? '' : html`<p class="warn">${warning}</p>`}
    ${takesDrill(phoneState) ? form : ''}`
}

function offNote({ portal: { settings: words } }: Language): Markup {
  return html`<p class="warn">${words.alerts}: <a href="${paths.portalSettings}">${words.off}</a>. ${words.offText}</p>`
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
