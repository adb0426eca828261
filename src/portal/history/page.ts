// The page of the history: each login, and beside it what became of its alert. Markup only; every state shown is
// one that is stored.

import { html } from 'hono/html'
import type { Attempt } from '../../login/attempt.ts'
import type { Login } from '../../login/login.ts'
import type { Markup } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { activityOnPages } from '../../words/activity-on-pages.ts'
import { fromLeft } from '../../words/direction.ts'
import type { Language } from '../../words/language.ts'
import { placeAndDevice, quoted } from '../login-words.ts'
import { isProblem, readInbox } from './rows.ts'

export type HistoryState = {
  readonly logins: readonly Login[]
  readonly isFiltered: boolean
  /** Sequence that the page began before; null on the first. */
  readonly before: number | null
  /** Of the last login that was looked at, when there are older ones. */
  readonly next: number | null
}

export function historyBody(language: Language, state: HistoryState): Markup {
  const { history: words } = language.portal
  const { logins, isFiltered, before, next } = state
  const empty = isFiltered || before !== null ? words.noneShown : words.none
  return html`${inboxNote(language, state)}
    <p>${isFiltered ? html`<a href="${paths.portalLogins}">${words.showAll}</a>` : html`<a href="${historyPath(null, true)}">${words.showProblems}</a>`}
      · <a href="${paths.portalLoginsCsv}" download>${words.download}</a></p>
    ${logins.length === 0 ? html`<p>${empty}</p>` : html`<ul class="cards">${logins.map((login) => loginCard(language, login))}</ul>`}
    <p>${before === null ? '' : html`<a href="${historyPath(null, isFiltered)}">${words.newest}</a> `}
      ${next === null ? '' : html`<a href="${historyPath(next, isFiltered)}">${words.older}</a>`}</p>`
}

function historyPath(before: number | null, isFiltered: boolean): string {
  const query = new URLSearchParams()
  if (before !== null) query.set('before', String(before))
  if (isFiltered) query.set('show', 'problems')
  return query.size === 0 ? paths.portalLogins : `${paths.portalLogins}?${query}`
}

function inboxNote(language: Language, { logins, isFiltered }: HistoryState): Markup | '' {
  const { history: words } = language.portal
  if (isFiltered) return ''
  const { range, missing } = readInbox(logins)
  const numbers = missing
    .map((number) => fromLeft(`#${number}`))
    .join(language.alert.detailSeparator)
  // One alert needs no range: it stands below.
  return html`${range === null || range.first === range.last ? '' : html`<p>${fill(words.compare, range)}</p>`}
    ${missing.length === 0 ? '' : html`<p class="warn">${fill(words.gaps, { numbers })}</p>`}`
}

function loginCard(language: Language, login: Login): Markup {
  const { history: words } = language.portal
  const number = login.alertNumber === null ? '' : html`<strong>#${login.alertNumber}</strong> · `
  return html`<li class="${isProblem(login) ? 'bad' : ''}">
    ${number}${formatPageTime(login.occurredAt, language)}<br />
    ${activityLine(login, language)}${placeAndDevice(login, language)}
    ${login.isParallel ? html`<br /><span class="muted">${words.parallel}</span>` : ''}
    ${login.confirmedAt === null ? '' : html`<br /><strong>${words.confirmedByYou}</strong>`}
    <br />${words.alert}: <strong>${stateText(language, login)}</strong>
    ${login.attempts.length === 0 ? '' : html`<ul class="muted">${login.attempts.map((attempt) => attemptItem(language, attempt))}</ul>`}
    ${pushNote(language, login)}</li>`
}

/** What the exchange says of it beside, somebody else may have chosen: it stands in quotation marks of its own. */
function activityLine({ activity, detail }: Login, language: Language): Markup | '' {
  if (activity === null) return ''
  const said = detail === null ? '' : html` <bdi>${quoted(detail)}</bdi>`
  return html`<strong>${activityOnPages(activity, language)}</strong>${said}<br />`
}

function stateText({ portal }: Language, { state, suppressionReason }: Login): string {
  const { history: words } = portal
  if (suppressionReason === null) return words.states[state]
  return `${words.states[state]}: ${words.reasons[suppressionReason]}`
}

function attemptItem(language: Language, attempt: Attempt): Markup {
  const { history: words } = language.portal
  const instants: readonly (readonly [string, number | undefined])[] = [
    [words.sent, attempt.sentAt],
    [words.delivered, attempt.deliveredAt],
    [words.failed, attempt.failedAt],
  ]
  const { detailSeparator } = language.alert
  const provider = fromLeft(attempt.provider)
  const state = fill(words.attempt, { provider, state: words[attempt.state] })
  // Neither is torn over two lines.
  const clock = (at: number) => `${new Date(at).toISOString().slice(11, 19)}\u00a0UTC`
  return html`<li>${state}${detailSeparator}${clock(attempt.startedAt)}${detailSeparator}<bdi dir="ltr">${attempt.durationMs}\u00a0ms</bdi>
    ${instants.map(([word, at]) => (at === undefined ? '' : html`<br />${word} ${clock(at)}`))}
    ${attempt.segments > 0 ? html`<br />${fill(words.segments, { count: attempt.segments })}` : ''}
    ${attempt.code === undefined ? '' : html`<br /><code dir="ltr">${attempt.code}</code>`}</li>`
}

function pushNote({ portal }: Language, { pushes }: Login): Markup | '' {
  if (pushes.length === 0) return ''
  const sent = pushes.filter(({ result }) => result === 'accepted').length
  return html`<span class="muted">${fill(portal.history.pushes, { sent, count: pushes.length })}</span>`
}
