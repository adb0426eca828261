// The page of sessions. Markup only.

import { html } from 'hono/html'
import type { Login } from '../../login/login.ts'
import type { Markup } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { problemNote } from '../layout.ts'
import { placeAndDevice } from '../login-words.ts'

export type RevokedSession = { readonly login: Login; readonly isConfirmed: boolean }

export type SessionsState = {
  readonly live: readonly Login[]
  readonly revoked: readonly RevokedSession[]
  readonly problem: string | null
}

export function sessionsBody(language: Language, state: SessionsState): Markup {
  const { sessions: words } = language.portal
  const { live, revoked } = state
  return html`${problemNote(state.problem)}
    ${live.length === 0 ? html`<p>${words.none}</p>` : html`<ul class="cards">${live.map((login) => liveCard(language, login))}</ul>`}
    ${live.length > 1 ? html`<form method="post" action="${paths.portalSessionsRevokeAll}"><button type="submit">${words.revokeAll}</button></form>` : ''}
    ${revoked.length === 0 ? '' : html`<ul class="cards">${revoked.map((one) => revokedCard(language, one))}</ul>`}`
}

function liveCard(language: Language, login: Login): Markup {
  const { sessions: words, common } = language.portal
  const time = formatPageTime(login.occurredAt, language.intl)
  return html`<li>${placeAndDevice(login, language)}<br />
    <span class="muted">${fill(common.since, { time })}</span>
    <form method="post" action="${paths.portalSessionsRevoke}">
      <input type="hidden" name="session_id" value="${login.sessionId}" />
      <button class="plain" type="submit">${words.revoke}</button>
    </form></li>`
}

function revokedCard(language: Language, { login, isConfirmed }: RevokedSession): Markup {
  const { sessions: words } = language.portal
  return html`<li>${placeAndDevice(login, language)}<br />
    <strong role="status">${isConfirmed ? words.confirmed : words.requested}</strong></li>`
}
