// One account's story: what is stored of it, masked, the newest first. Markup only.

import { html } from 'hono/html'
import { actionStatuses } from '../../lock/lock-actions.ts'
import { kindNameOf, type Login, sessionOf } from '../../login/login.ts'
import type { Markup } from '../../page/markup.ts'
import type { AccountStory } from '../account-story.ts'
import { agoWords, instantWords } from '../plain-words.ts'
import { redriveCallbackForm, undoMarkForm } from './act-forms.ts'
import { table } from './layout.ts'
import { alertPath, findForm } from './now-page.ts'

export function accountBody(story: AccountStory, now: number): Markup {
  const { accountId } = story
  return html`${accountSection(story, now)}${loginSection(story)}${lockSection(story, now)}${holdSection(story, now)}
    ${callbackSection(story, now)}${noticeSection(story)}${deadSection(story)}${findForm(accountId)}`
}

export function nobodyBody(accountId: string): Markup {
  return html`<p>Nothing is stored of ${accountId === '' ? 'such an account' : html`<b>${accountId}</b>`}: no import, no login, no lock. Is the id spelled like in the exchange’s events?</p>${findForm(accountId)}`
}

function accountSection({ accountId, account }: AccountStory, now: number): Markup {
  if (!account)
    return html`<p>It was never imported: its logins are stored, and nobody is told of them.</p>`
  const { phone, country, phoneState, phoneStateCode, formerPhones, alerts, locale } = account
  const isHeld = account.holdUntil !== null && account.holdUntil > now
  return html`${isHeld && account.holdUntil !== null ? html`<p class="state down"><strong>Held</strong> by a lock until ${instantWords(account.holdUntil)}</p>` : ''}
    <dl><dt>Number</dt><dd>${phone}${country === null ? '' : ` (${country})`}</dd>
    <dt>Its state</dt><dd>${phoneState === 'ok' ? 'may be written to' : `${phoneState}${phoneStateCode === null ? '' : `, ${phoneStateCode}`}: no alert goes there`}${phoneState === 'ok' ? '' : undoMarkForm(accountId)}</dd>
    <dt>Former numbers</dt><dd>${formerPhones.length === 0 ? 'none' : formerPhones.join(', ')}</dd>
    <dt>Alerts</dt><dd>${alerts}</dd><dt>Language</dt><dd>${locale ?? 'not set'}</dd>
    <dt>Authenticator</dt><dd>${account.hasAuthenticator ? 'yes' : 'no'}</dd>
    <dt>Imported</dt><dd>${instantWords(account.createdAt)}; changed ${instantWords(account.updatedAt)}</dd></dl>`
}

function loginSection({ accountId, logins }: AccountStory): Markup {
  const rows = logins.map(
    (login) => html`<tr><td class="t">${instantWords(login.receivedAt)}</td>
      <td>${login.alertNumber === null ? '–' : html`<a href="${alertPath(accountId, login.alertNumber)}">#${login.alertNumber}</a>`}</td>
      <td>${login.state}${login.suppressionReason === null ? '' : `: ${login.suppressionReason}`}</td>
      <td>${whatWords(login)}</td><td>${placeWords(login)}</td><td>${deviceWords(login)}</td><td>${attemptWords(login)}</td>
      <td>${sessionWords(login)}</td></tr>`,
  )
  return html`<h2>Logins and activities</h2>${rows.length === 0 ? html`<p>None is stored.</p>` : table('The newest 30 logins and activities', ['Received', 'Alert', 'State', 'What', 'From', 'Device', 'Asked', 'Session'], rows)}`
}

export function placeWords({ country, city, hosting, ipTail }: Login): string {
  const place = [city, country].filter((part) => part !== null).join(', ')
  return `${place === '' ? 'unknown' : place}${hosting === null ? '' : ` (${hosting})`}, …${ipTail}`
}

export function deviceWords({ deviceName, browser, os }: Login): string {
  return [deviceName, browser, os].filter((part) => part !== null).join(', ') || 'unknown'
}

function attemptWords({ attempts }: Login): string {
  return attempts.map(({ provider, state }) => `${provider} ${state}`).join(', ') || 'nobody'
}

export function whatWords(login: Login): string {
  const kind = kindNameOf(login)
  if (kind === null) return 'login'
  return login.detail === null ? kind : `${kind} (“${login.detail}”)`
}

function sessionWords(login: Login): string {
  const { activity, sessionEnd, sessionEndedAt } = login
  if (activity !== null) return sessionOf(login) ?? 'none named'
  return sessionEndedAt === null
    ? 'live, so far known'
    : `${sessionEnd ?? 'ended'} ${instantWords(sessionEndedAt)}`
}

function lockSection({ locks, callbacks }: AccountStory, now: number): Markup {
  const rows = locks.map((lock) => {
    const { lockedAt, via, holdUntil, liftedAt, liftReason } = lock
    const callback = callbacks.find(
      ({ type, createdAt }) => type === 'account.locked' && createdAt === lockedAt,
    )
    return html`<tr><td class="t">${instantWords(lockedAt)}</td><td>${via}</td><td class="t">${instantWords(holdUntil)}</td>
      <td>${liftedAt === null ? (holdUntil > now ? 'in force' : 'over') : `lifted ${instantWords(liftedAt)}${liftReason === null ? '' : `: ${liftReason}`}`}</td>
      <td>${callback?.state ?? 'see callbacks'}${actionWords(lock)}</td></tr>`
  })
  return html`<h2>Locks</h2>${rows.length === 0 ? html`<p>It was never locked.</p>` : table('Locks, the newest first', ['Locked', 'By', 'Hold until', 'State', 'At the exchange'], rows)}`
}

/** What withdrawals wait for although nobody has locked: the reason, and what was new or changed. */
function holdSection({ holds }: AccountStory, now: number): Markup | '' {
  if (holds.length === 0) return ''
  const rows = holds.map(({ startedAt, reason, cause, until, liftedAt, liftReason }) => {
    const end = liftReason === null ? '' : `: ${liftReason}`
    return html`<tr><td class="t">${instantWords(startedAt)}</td><td>${reason}</td><td>${cause}</td><td class="t">${instantWords(until)}</td>
      <td>${liftedAt === null ? (until > now ? 'in force' : 'over') : `ended ${instantWords(liftedAt)}${end}`}</td></tr>`
  })
  return html`<h2>Holds without a lock</h2>${table('The newest 30 holds that no lock made', ['Begun', 'Reason', 'Because of', 'Until', 'State'], rows)}`
}

/** Where something was said of single ones; else the callback's state is that of all. */
function actionWords({ actions, answers }: AccountStory['locks'][number]): string {
  if (answers === null) return ''
  const each = actionStatuses(actions, answers, null)
  return `: ${each.map(({ action, state }) => `${action} ${state}`).join(', ')}`
}

function callbackSection({ accountId, callbacks }: AccountStory, now: number): Markup {
  const rows = callbacks.map(
    ({
      callbackId,
      createdAt,
      type,
      state,
      attempts,
      lastStatus,
      lastError,
      nextAttemptAt,
    }) => html`<tr><td class="t">${instantWords(createdAt)}</td><td>${type}</td><td>${state}</td><td class="n">${attempts}</td>
      <td>${lastStatus ?? lastError ?? '–'}</td>
      <td>${state === 'open' ? (nextAttemptAt > now ? `in ${agoWords(nextAttemptAt - now)}` : 'now') : '–'}</td>
      <td>${state === 'confirmed' ? '' : redriveCallbackForm(accountId, callbackId)}</td></tr>`,
  )
  return html`<h2>Callbacks to the exchange</h2>${rows.length === 0 ? html`<p>None is stored.</p>` : table('The newest 30 callbacks', ['Written', 'What', 'State', { n: 'Tries' }, 'Last answer', 'Next try', 'By hand'], rows)}`
}

function noticeSection({ notices }: AccountStory): Markup {
  const rows = notices.map(
    ({ createdAt, kind, state, attempts }) =>
      html`<tr><td class="t">${instantWords(createdAt)}</td><td>${kind}</td><td>${state}</td><td>${attempts.map((one) => `${one.provider} ${one.state}`).join(', ') || 'nobody'}</td></tr>`,
  )
  return html`<h2>Notices</h2>${rows.length === 0 ? html`<p>None is stored.</p>` : table('Texts that are no alerts; the newest 30', ['Written', 'What', 'State', 'Asked'], rows)}`
}

function deadSection({ deadLetters }: AccountStory): Markup | '' {
  if (deadLetters.length === 0) return ''
  const rows = deadLetters.map(
    ({ diedAt, queue, kind, reason }) =>
      html`<tr><td class="t">${instantWords(diedAt)}</td><td>${queue}</td><td>${kind}</td><td>${reason}</td></tr>`,
  )
  return html`<h2>Dead letters</h2>${table('Dead letters, the newest first', ['When', 'Queue', 'Kind', 'Reason'], rows)}`
}
