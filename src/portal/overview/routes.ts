// /portal: how things stand, and the button of the lock.

import { Hono } from 'hono'
import { html } from 'hono/html'
import { phoneStateAt } from '../../account/account-phone.ts'
import { openPhone } from '../../account/open-phone.ts'
import { PROVES_AFTER_MS } from '../../account/owner-proofs.ts'
import { alertsFor } from '../../country/profile-rules.ts'
import { effectList } from '../../lock/action-list.ts'
import { coolingOffMs } from '../../lock/hold-settings.ts'
import { findHoldState } from '../../lock/hold-state.ts'
import { findLockState } from '../../lock/lock-state.ts'
import { findNewestLogin } from '../../login/newest-login.ts'
import type { Markup } from '../../page/markup.ts'
import { fill, fillDurations, formatPageTime, shownPhone } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { authenticatorLink } from '../authenticator/page.ts'
import { holdHeading, isHoldConfirmed } from '../hold/page.ts'
import { phoneWarning, portalPage, visitBasics } from '../layout.ts'
import { respond } from '../respond.ts'
import { readSessions, type Sessions } from '../sessions/read-sessions.ts'
import type { VisitEnv } from '../visit/visit-env.ts'

export const overviewRoutes = new Hono<VisitEnv>()

overviewRoutes.get(paths.portal, async (c) => {
  const { config, now } = c.env.context
  const { db, account, passkeys, language } = c.var
  const words = language.portal
  const at = now()
  const [phone, sessions, last, { hold, lock }] = await Promise.all([
    openPhone(config.dataKeys, account),
    readSessions(db, account.accountId, at),
    findNewestLogin(db, account.accountId),
    findHoldState(db, account.accountId, at),
  ])
  const lockId = lock ? account.holdLockId : null
  const state = lockId === null ? null : await findLockState(db, account.accountId, lockId)
  // What no lock made is held by our own answer: there is nothing to confirm.
  const isConfirmed = lock === null || isHoldConfirmed({ state })
  const alerts = alertsFor(account.alerts, config.profile)
  const isOff = alerts === 'off'
  const warning = phone && phoneWarning(language, phoneStateAt(account, at))
  const masked = phone && shownPhone(phone.e164)
  // Where nothing is sent, nothing "goes to" it.
  const number =
    masked === null
      ? words.overview.noNumber
      : warning === null && !isOff
        ? fill(words.overview.number, { number: masked })
        : masked
  const body = html`
    ${hold ? html`<p class="warn"><a href="${paths.portalHold}">${holdHeading(language, isConfirmed)}</a></p>` : ''}
    <ul class="cards">
      <li class="${phone && warning === null ? '' : 'bad'}"><a href="${paths.portalNumber}">${number}</a>
        ${warning === null ? '' : html`<br />${warning}`}</li>
      <li><a href="${paths.portalSessions}">${sessionCounts(language, sessions)}</a></li>
      <li><a href="${paths.portalLogins}">${words.overview.lastLogin}</a>:
        ${last ? formatPageTime(last.occurredAt, language) : words.common.never}</li>
      <li class="${isOff ? 'bad' : ''}">${words.settings.alerts}: <a href="${paths.portalSettings}">${words.settings[alerts]}</a></li>
      <li><a href="${paths.portalHold}">${language.coolingOff.planHeading}</a></li>
      <li>${authenticatorLink(language, account.totpSealed !== null)}</li>
      ${waitAhead(language, coolingOffMs(config), account.totpSealed !== null || passkeys.length > 0)}
    </ul>
    <h2>${words.overview.lockHeading}</h2>
    ${effectList(visitBasics(c), config.lockActions)}
    <form method="post" action="${paths.portalLock}"><button type="submit">${language.lock.lockButton}</button></form>`
  return respond(portalPage(c, { heading: words.common.title, current: paths.portal, body }), 200)
})

/** What will wait, and who can end that: before it is needed, since no proof counts that was set up too late. */
function waitAhead(language: Language, holdMs: number, hasProof: boolean): Markup | '' {
  if (holdMs === 0) return ''
  const { release: words, portal } = language
  const text = fillDurations(language, words.ahead, { hold: holdMs, age: PROVES_AFTER_MS })
  return html`<li class="${hasProof ? '' : 'bad'}">${text} ${hasProof ? '' : words.aheadNone}
        <a href="${paths.portalPasskeys}">${portal.passkey.heading}</a></li>`
}

/** Those whose end is only asked for are counted apart: the exchange may have them open still. */
function sessionCounts({ portal: { overview: words } }: Language, sessions: Sessions): Markup {
  const ending = sessions.revoked.filter(({ end }) => end !== 'confirmed').length
  const open = fill(words.sessions, { count: sessions.liveCount })
  if (ending === 0) return html`${open}`
  const ended = fill(words.sessionsEnding, { count: ending })
  return sessions.liveCount === 0 ? html`${ended}` : html`${open}<br />${ended}`
}
