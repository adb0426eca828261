// The page of a hold: what is held, until when, who knows of it. It offers no way to lift it.

import { html } from 'hono/html'
import { MINUTE_MS } from '../../lib/time.ts'
import type { LockState } from '../../lock/lock-state.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'

/** `untilAt` as the account has it: a later lock may have moved the end of an earlier one. */
export type Held = { readonly untilAt: number; readonly state: LockState | null }

/** Without the exchange's confirmation, everything here is asked for, nothing done. */
export function isHoldConfirmed({ state }: Pick<Held, 'state'>): boolean {
  return state !== null && state.confirmedAt !== null
}

export function holdHeading({ portal, lock }: Language, isConfirmed: boolean): string {
  return isConfirmed ? portal.hold.heading : lock.requestedHeading
}

export function holdBody({ language, exchange }: PageBasics, held: Held, now: number): Markup {
  const { hold: words } = language.portal
  const time = (at: number) => formatPageTime(at, language)
  const { hours, minutes } = timeLeft(held.untilAt, now)
  const until = time(held.untilAt)
  const what = isHoldConfirmed(held)
    ? html`<p><strong role="timer">${fill(words.remaining, { hours, minutes })}</strong><br />
          ${fill(words.until, { time: until })}</p>
        <h2>${words.what}</h2>
        <ul><li>${words.withdrawals}</li><li>${words.sessions}</li></ul>`
    : html`<p role="status">${fill(language.lock.requested, { exchange })}</p>
        <p><strong>${fill(language.lock.holdAsked, { time: until })}</strong><br />
          <span role="timer">${fill(words.remaining, { hours, minutes })}</span></p>`
  return html`${what}
    ${held.state ? steps(language, exchange, held.state) : ''}
    <p>${fill(words.lifting, { exchange })}</p>
    ${held.state ? html`<p><a href="${paths.portalHoldReceipt}" download>${words.receipt}</a><br /><span class="muted">${words.receiptText}</span></p>` : ''}`
}

/** Rounded up to whole minutes: a hold that shows none left is over. */
export function timeLeft(untilAt: number, now: number): { hours: number; minutes: number } {
  const minutes = Math.ceil(Math.max(0, untilAt - now) / MINUTE_MS)
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}

function steps(language: Language, exchange: string, { lock, confirmedAt }: LockState): Markup {
  const { hold: words } = language.portal
  const time = (at: number) => formatPageTime(at, language)
  return html`<ol class="steps">
    <li class="done">${words.requested}: ${time(lock.lockedAt)}</li>
    ${
      confirmedAt === null
        ? html`<li class="waiting">${fill(language.lock.stepWaiting, { exchange })}</li>`
        : html`<li class="done">${words.confirmed}: ${time(confirmedAt)}</li>`
    }
  </ol>`
}
