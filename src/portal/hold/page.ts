// The page of a hold: what is held, until when, who knows of it. What may end it early is a part of its own.

import { html } from 'hono/html'
import { MINUTE_MS } from '../../lib/time.ts'
import { actionSteps } from '../../lock/action-list.ts'
import { isDone, partlyDone } from '../../lock/lock-actions.ts'
import type { LockState } from '../../lock/lock-state.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'

/** `both`: the exchange's wish is due later, and can be stopped. */
export type EndedBy = 'exchange' | 'owner' | 'both'

/** `untilAt` as the account has it: a later lock may have moved the end of an earlier one. */
export type Held = {
  readonly untilAt: number
  readonly state: LockState | null
  /** Who may end it early; left out, the exchange. */
  readonly endedBy?: EndedBy
}

/** Without the exchange's confirmation, everything here is asked for, nothing done. Of withdrawals alone: a lock asks for more. */
export function isHoldConfirmed({ state }: Pick<Held, 'state'>): boolean {
  return state !== null && isDone(state.actions, 'withdrawals.hold')
}

/** Nothing more is to be heard of it. */
export function isAllConfirmed({ state }: Pick<Held, 'state'>): boolean {
  return state !== null && state.confirmedAt !== null
}

export function holdHeading({ portal, lock }: Language, isConfirmed: boolean): string {
  return isConfirmed ? portal.hold.heading : lock.requestedHeading
}

export function holdBody(page: PageBasics, held: Held, now: number): Markup {
  const { language, exchange } = page
  const { hold: words } = language.portal
  const { hours, minutes } = timeLeft(held.untilAt, now)
  const until = formatPageTime(held.untilAt, language)
  const actions = held.state?.actions ?? []
  const partly = partlyDone(actions)
  const areSessionsEnded = isDone(actions, 'sessions.revoke')
  const what = isHoldConfirmed(held)
    ? html`${holdLeft(language, held.untilAt, now)}
        <h2>${words.what}</h2>
        <ul><li>${words.withdrawals}</li>${areSessionsEnded ? html`<li>${words.sessions}</li>` : ''}</ul>`
    : html`${partly === null ? html`<p role="status">${fill(language.lock.requested, { exchange })}</p>` : ''}
        <p><strong>${fill(language.lock.holdAsked, { time: until })}</strong><br />
          <span role="timer">${fill(words.remaining, { hours, minutes })}</span></p>`
  const { ruleOwner, ruleOpen } = language.lift
  const who = { exchange: words.lifting, owner: ruleOwner, both: ruleOpen }
  const summary = fill(language.lockActions.partly, { exchange, ...partly })
  return html`${partly === null ? '' : html`<p role="status">${summary}</p>`}${what}
    ${held.state ? steps(page, held.state) : ''}
    <p>${fill(who[held.endedBy ?? 'exchange'], { exchange })}</p>
    ${held.state ? html`<p><a href="${paths.portalHoldReceipt}" download>${words.receipt}</a><br /><span class="muted">${words.receiptText}</span></p>` : ''}`
}

export function holdLeft(language: Language, untilAt: number, now: number): Markup {
  const { hold: words } = language.portal
  const { hours, minutes } = timeLeft(untilAt, now)
  return html`<p><strong role="timer">${fill(words.remaining, { hours, minutes })}</strong><br />
          ${fill(words.until, { time: formatPageTime(untilAt, language) })}</p>`
}

/** Rounded up to whole minutes: a hold that shows none left is over. */
export function timeLeft(untilAt: number, now: number): { hours: number; minutes: number } {
  const minutes = Math.ceil(Math.max(0, untilAt - now) / MINUTE_MS)
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}

function steps(page: PageBasics, { lock, actions, confirmedAt }: LockState): Markup {
  const { language, exchange } = page
  const { hold: words } = language.portal
  const time = (at: number) => formatPageTime(at, language)
  return html`<ol class="steps">
    <li class="done">${words.requested}: ${time(lock.lockedAt)}</li>
    ${
      confirmedAt === null
        ? html`<li class="waiting">${fill(language.lock.stepWaiting, { exchange })}</li>`
        : html`<li class="done">${words.confirmed}: ${time(confirmedAt)}</li>`
    }
    ${actionSteps(page, actions)}
  </ol>`
}
