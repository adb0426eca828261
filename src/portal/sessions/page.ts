// The page of sessions. Markup only.

import { html } from 'hono/html'
import type { Login } from '../../login/login.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { problemNote } from '../layout.ts'
import { placeAndDevice } from '../login-words.ts'
import type { RevokedSession, Sessions } from './read-sessions.ts'

export type SessionsState = Sessions & { readonly problem: string | null }

export function sessionsBody(page: PageBasics, state: SessionsState): Markup {
  const { language } = page
  const { sessions: words, history } = language.portal
  const { live, liveCount, before, next, revoked } = state
  // While an end is only asked for, nobody knows that there is none.
  const isNoneOpen = revoked.every(({ end }) => end === 'confirmed')
  const none = isNoneOpen ? html`<p>${words.none}</p>` : ''
  return html`${problemNote(state.problem)}
    ${liveCount === 0 ? none : html`<ul class="cards">${live.map((login) => liveCard(language, login))}</ul>`}
    ${liveCount > 1 ? html`<form method="post" action="${paths.portalSessionsRevokeAll}"><button type="submit">${words.revokeAll}</button></form>` : ''}
    <p>${before === null ? '' : html`<a href="${paths.portalSessions}">${history.newest}</a> `}
      ${next === null ? '' : html`<a href="${paths.portalSessions}?before=${next}">${history.older}</a>`}</p>
    ${revoked.length === 0 ? '' : html`<ul class="cards">${revoked.map((one) => revokedCard(page, one))}</ul>`}`
}

function liveCard(language: Language, login: Login): Markup {
  const { sessions: words, common } = language.portal
  const time = formatPageTime(login.occurredAt, language)
  return html`<li>${placeAndDevice(login, language)}<br />
    <span class="muted">${fill(common.since, { time })}</span>
    <form method="post" action="${paths.portalSessionsRevoke}">
      <input type="hidden" name="session_id" value="${login.sessionId}" />
      <button class="plain" type="submit">${words.revoke}</button>
    </form></li>`
}

function revokedCard({ language, exchange }: PageBasics, { login, end }: RevokedSession): Markup {
  const { sessions: words } = language.portal
  const texts = {
    requested: words.requested,
    confirmed: words.confirmed,
    not_confirmed: `${words.requested}. ${fill(words.notConfirmed, { exchange })}`,
  }
  return html`<li>${placeAndDevice(login, language)}<br />
    <strong role="status">${texts[end]}</strong></li>`
}
