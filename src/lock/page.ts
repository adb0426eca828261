// The pages behind a lock link: plain HTML, no script, no asset, under 14 KB, so that one round trip
// on a bad line shows them whole. Everything variable is escaped by the template.

import { html } from 'hono/html'
import { utf8 } from '../lib/base64.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { frame } from '../page/frame.ts'
import type { Markup, PageBasics } from '../page/markup.ts'
import { PAGE_CSS } from '../page/page-css.ts'
import { fill, fillDurations, formatPageTime } from '../page/words.ts'
import { lockConfirmPath, lockStatusPath, paths } from '../paths.ts'
import type { Language, LockWords } from '../words/language.ts'
import { actionSteps, effectList } from './action-list.ts'
import { LINK_LIFETIME_MS } from './link.ts'
import { isDone, type LockAction, partlyDone } from './lock-actions.ts'
import type { LockState } from './lock-state.ts'

/**
 * What everybody sees who opens a link, as UTF-8. Only the alert's number and the link's `token` differ, so
 * the rest is made and encoded once. `token` of a link that was verified: it is not escaped.
 */
export function lockPage(
  page: PageBasics,
  alertNumber: number,
  token: string,
  actions: readonly LockAction[],
): Uint8Array<ArrayBuffer> {
  const isOfLogin = alertNumber > 0
  const key = `${page.language.tag} ${isOfLogin} ${actions.join(' ')} ${page.exchange}`
  let parts = lockPages.get(key)
  if (!parts) {
    parts = String(lockPageMarkup(page, isOfLogin, actions))
      .split(MARKS)
      .map(toPart)
    lockPages.set(key, parts)
  }
  const number = utf8(String(alertNumber))
  const tokenBytes = utf8(token)
  return joinBytes(
    parts.map((part) => (part === 'number' ? number : part === 'token' ? tokenBytes : part)),
  )
}

type PagePart = Uint8Array | 'number' | 'token'

const lockPages = new Map<string, readonly PagePart[]>()
// Private-use characters: no text of ours and no exchange's name contains them.
const NUMBER_MARK = '\u{e000}'
const TOKEN_MARK = '\u{e001}'
// With its parentheses, `split` gives the marks too.
const MARKS = /([\u{e000}\u{e001}])/u

function toPart(text: string): PagePart {
  if (text === NUMBER_MARK) return 'number'
  return text === TOKEN_MARK ? 'token' : utf8(text)
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function lockPageMarkup(
  page: PageBasics,
  isOfLogin: boolean,
  actions: readonly LockAction[],
): Markup {
  const { exchange } = page
  const words = page.language.lock
  const about = isOfLogin ? words.alert : words.alertOther
  return layout(
    page,
    words.lockHeading,
    html`<p>${fill(about, { number: NUMBER_MARK, exchange })}</p>
      ${effectList(page, actions)}
      ${lockForm(words.lockButton)}
      <p><a href="${lockStatusPath(TOKEN_MARK)}">${words.alreadyLocked}</a></p>
      <p>${words.itWasMe}</p>
      ${isOfLogin ? confirmLink(page.language) : ''}`,
  )
}

function confirmLink(language: Language): Markup {
  return html`<p><a href="${lockConfirmPath(TOKEN_MARK)}">${language.portal.confirm.link}</a></p>`
}

/** The live state; refreshes itself until the exchange has confirmed all of it. */
export function lockStatePage(
  page: PageBasics,
  state: LockState,
  statusPath: string,
  now: number,
): Markup {
  const { exchange } = page
  const words = page.language.lock
  const { lock, actions, confirmedAt } = state
  const time = (at: number) => formatPageTime(at, page.language)
  if (lock.liftedAt !== null) {
    const lifted = fill(words.lifted, { exchange, time: time(lock.liftedAt) })
    return layout(
      page,
      words.liftedHeading,
      html`<p>${lifted}</p> <p>${fill(words.liftedUse, { exchange })}</p> ${nextSteps(page)}`,
    )
  }
  const isConfirmed = confirmedAt !== null
  const partly = partlyDone(actions)
  const summary = isConfirmed
    ? fill(words.confirmed, { exchange, time: time(confirmedAt) })
    : partly === null
      ? fill(words.requested, { exchange })
      : fill(page.language.lockActions.partly, { exchange, ...partly })
  const last = isConfirmed ? words.stepConfirmed : words.stepWaiting
  const held = isDone(actions, 'withdrawals.hold') ? words.heldUntil : words.holdAsked
  const { partlyHeading } = page.language.lockActions
  const openHeading = partly === null ? words.requestedHeading : partlyHeading
  return layout(
    page,
    isConfirmed ? words.confirmedHeading : openHeading,
    html`<p role="status">${summary}</p>
      <ol class="steps">
        <li class="done">${fill(words.stepRequested, { time: time(lock.lockedAt) })}</li>
        <li class="${isConfirmed ? 'done' : 'waiting'}">${fill(last, { exchange })}</li>
        ${actionSteps(page, actions)}
      </ol>
      <p><strong>${fill(held, { time: time(lock.holdUntil) })}</strong></p>
      ${isConfirmed ? '' : refreshNote(words, statusPath)} ${nextSteps(page)}`,
    isConfirmed ? null : { path: statusPath, seconds: refreshSeconds(now - lock.lockedAt) },
  )
}

/** D1 is away: the request waits in the queue, and that is all that may be claimed. */
export function lockAcceptedPage(page: PageBasics, statusPath: string): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.acceptedHeading,
    html`<p role="status">${words.accepted}</p>
      ${refreshNote(words, statusPath)} ${nextSteps(page)}`,
    { path: statusPath, seconds: REFRESH_SECONDS },
  )
}

export function lockUnrecordedPage(page: PageBasics, lockPath: string, statusPath: string): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.unrecordedHeading,
    html`<p role="status">${words.unrecorded} ${words.refreshes}</p>
      <p><a href="${lockPath}">${words.openLockPage}</a></p>`,
    { path: statusPath, seconds: REFRESH_SECONDS },
  )
}

/** D1 is away: whether there is a lock is not known, and nothing is said of it. */
export function lockUnknownPage(page: PageBasics, statusPath: string): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.unknownHeading,
    html`<p role="status">${words.unknown}</p>
      ${refreshNote(words, statusPath)} ${nextSteps(page)}`,
    { path: statusPath, seconds: REFRESH_SECONDS },
  )
}

/**
 * Expired, forged and mangled links look the same: the reader can do the same about each. Only one of ours has the state of
 * its lock to lead to.
 */
export function invalidLinkPage(page: PageBasics, statusPath: string | null = null): Markup {
  const { exchange } = page
  const words = page.language.lock
  const life = { life: LINK_LIFETIME_MS }
  return layout(
    page,
    words.invalidHeading,
    html`<p>${fillDurations(page.language, words.invalid, life, { exchange })}</p>
      ${statusPath === null ? '' : html`<p><a href="${statusPath}">${words.alreadyLocked}</a></p>`}
      ${codeLink(words)}`,
  )
}

/** Where there is nothing to see: what somebody in need came for, and where to go. */
export function nowherePage(page: PageBasics): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.nextHeading,
    html`<ul><li>${fill(words.nextContact, { exchange: page.exchange })}</li></ul>
      ${codeLink(words)}`,
  )
}

/** An SMS with a link has a code of four, which that page does not take: its reader has to know before. */
function codeLink(words: LockWords): Markup {
  return html`<p><a href="${paths.lockByCode}">${words.useCode}</a><br />
        <small>${words.codeHint}</small></p>`
}

/** The database does not answer. Whether it has done an act is not known: its answer alone may be lost. */
export function unavailablePage(page: PageBasics, isAct: boolean): Markup {
  const { title } = page.language.portal.common
  return layout(page, title, html`<p role="alert">${unavailableText(page, isAct)}</p>`)
}

export function unavailableText({ language }: PageBasics, isAct: boolean): string {
  const { unavailable, uncertain } = language.portal.common
  return isAct ? uncertain : unavailable
}

export function lockFailedPage(page: PageBasics): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.failedHeading,
    html`<p role="alert">${words.failed}</p>
      ${lockForm(words.retryButton)}`,
  )
}

// A real button that a person presses: nothing here submits itself, whatever runs scripts.
// Without an action it posts to the page's own address, which is the link.
export function lockForm(label: string): Markup {
  return html`<form method="post"><button type="submit">${label}</button></form>`
}

export function refreshNote(words: LockWords, statusPath: string): Markup {
  return html`<p>${words.refreshes} <a href="${statusPath}">${words.refreshNow}</a></p>`
}

function nextSteps({ language, exchange }: PageBasics): Markup {
  const words = language.lock
  return html`<h2>${words.nextHeading}</h2>
    <ul>
      <li>${fill(words.nextContact, { exchange })}</li>
      <li>${words.nextPassword}</li>
    </ul>`
}

type Refresh = { readonly path: string; readonly seconds: number }

export const REFRESH_SECONDS = 3
const REFRESH_SLOW_SECONDS = 20

/** Quick while the first callbacks go out; later slower, for whoever has the page read aloud. */
function refreshSeconds(ageMs: number): number {
  return ageMs < MINUTE_MS ? REFRESH_SECONDS : REFRESH_SLOW_SECONDS
}

/** The frame of every lock page: no script, no asset, nothing of another origin. */
export function layout(
  page: PageBasics,
  heading: string,
  body: Markup,
  refreshTo: Refresh | null = null,
): Markup {
  const words = page.language.lock
  const refresh =
    refreshTo === null
      ? ''
      : html`<meta http-equiv="refresh" content="${refreshTo.seconds}; url=${refreshTo.path}" />`
  return frame(page, {
    heading,
    title: words.title,
    css: PAGE_CSS,
    head: refresh,
    body: html`<h1>${heading}</h1>${body}`,
  })
}
