// The page of a hold: what is held, until when, who knows of it. It offers no way to lift it.

import { html } from 'hono/html'
import { MINUTE_MS } from '../../lib/time.ts'
import type { LockState } from '../../lock/lock-state.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'

/** `untilAt` as the account has it: a later lock may have moved the end of an earlier one. */
export type Held = { readonly untilAt: number; readonly state: LockState | null }

export function holdBody({ language, exchange }: PageBasics, held: Held, now: number): Markup {
  const { hold: words } = language.portal
  const time = (at: number) => formatPageTime(at, language.intl)
  const { hours, minutes } = timeLeft(held.untilAt, now)
  return html`<p><strong role="timer">${fill(words.remaining, { hours, minutes })}</strong><br />
      ${fill(words.until, { time: time(held.untilAt) })}</p>
    <h2>${words.what}</h2>
    <ul><li>${words.withdrawals}</li><li>${words.sessions}</li></ul>
    ${held.state ? steps(words, held.state, time) : ''}
    <p>${fill(words.lifting, { exchange })}</p>
    ${held.state ? html`<p><a href="${paths.portalHoldReceipt}" download>${words.receipt}</a><br /><span class="muted">${words.receiptText}</span></p>` : ''}`
}

/** Rounded up to whole minutes: a hold that shows none left is over. */
export function timeLeft(untilAt: number, now: number): { hours: number; minutes: number } {
  const minutes = Math.ceil(Math.max(0, untilAt - now) / MINUTE_MS)
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}

function steps(
  words: { readonly requested: string; readonly confirmed: string },
  { lock, confirmedAt }: LockState,
  time: (at: number) => string,
): Markup {
  return html`<ol class="steps">
    <li class="done">${words.requested}: ${time(lock.lockedAt)}</li>
    <li class="${confirmedAt === null ? 'waiting' : 'done'}">${words.confirmed}${confirmedAt === null ? '' : `: ${time(confirmedAt)}`}</li>
  </ol>`
}
