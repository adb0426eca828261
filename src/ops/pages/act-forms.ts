// The forms of what an operator can do by hand, one for each act, and what is said once it is done. Markup only: what is
// posted is read in post-act.ts, and done by the same functions as the API's.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import type { Act } from '../acts/act.ts'
import type { RecordedAct } from '../acts/record.ts'
import { instantWords } from '../plain-words.ts'
import { table } from './layout.ts'

export const ACT_WORDS: Readonly<Record<Act['act'], string>> = {
  order_provider: 'Order of a provider',
  trust_provider: 'Trust again',
  redrive_callback: 'Callback brought again',
  redrive_callbacks: 'Callbacks brought again',
  redrive_dead_letters: 'Dead letters put back',
  resend_alert: 'Alert sent again',
  undo_phone_mark: 'Mark of a number undone',
  stop_codes: 'Code SMS stopped',
  allow_codes: 'Code SMS allowed',
  move_slot: 'Slot moved to another database',
}

/** What a form brings along that nobody types. */
type Hidden = Readonly<Record<string, string>>

type Form = {
  readonly act: Act['act']
  readonly title: string
  readonly button: string
  readonly hidden?: Hidden
  readonly fields?: Markup | ''
  /** Where the answer leads back to. */
  readonly back: string
}

/** Folded away: nobody presses what they do not mean to. */
function actForm({ act, title, button, hidden = {}, fields = '', back }: Form): Markup {
  return html`<details><summary>${title}</summary><form class="act" method="post" action="/ops/acts/${act}">
    ${Object.entries({ ...hidden, back }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${fields}
    <label>Why, for the record <input name="reason" type="text" required maxlength="200" autocomplete="off" /></label>
    <button class="calm" type="submit">${button}</button></form></details>`
}

function select(
  name: string,
  label: string,
  options: readonly (readonly [value: string, words: string])[],
): Markup {
  return html`<label>${label} <select name="${name}">${options.map(([value, words]) => html`<option value="${value}">${words}</option>`)}</select></label>`
}

const countryField = (isRequired: boolean) =>
  html`<label>Country, two capitals${isRequired ? '' : ', or empty for everywhere'} <input name="country" type="text" maxlength="2" pattern="[A-Z]{2}" autocomplete="off" ${isRequired ? html`required` : ''} /></label>`

/** An act that was done in part: which, and what its next part brings along. */
export type Unfinished = { readonly act: string; readonly hidden: Hidden }

/** As the page's address has it after an act; null where nothing is left to do. */
export function unfinishedOf({
  done,
  next,
  since,
}: Readonly<Record<string, string>>): Unfinished | null {
  if (done === undefined || next === undefined) return null
  return { act: done, hidden: { from: next, ...(since === undefined ? {} : { since }) } }
}

/** Of the one screen. Where one act goes on says nothing of another, which would begin in its midst. */
export function nowForms(providers: readonly string[], unfinished: Unfinished | null): Markup {
  const names = providers.map((name) => [name, name] as const)
  const restOf = (act: Act['act']) => (unfinished?.act === act ? unfinished.hidden : null)
  const [callbacks, letters] = [restOf('redrive_callbacks'), restOf('redrive_dead_letters')]
  const back = '/ops'
  return html`<h2>Do by hand</h2>
    ${actForm({
      ...{ act: 'order_provider', back },
      title: 'Ask a provider first or last, for an hour',
      button: 'Do it',
      fields: html`${select('provider', 'Provider', names)}${select('place', 'Asked', [
        ['last', 'last'],
        ['first', 'first'],
        ['usual', 'as usual again'],
      ])}${countryField(false)}`,
    })}
    ${actForm({
      ...{ act: 'trust_provider', back },
      title: 'Trust a provider again now',
      button: 'Trust it',
      fields: html`${select('provider', 'Provider', names)}${countryField(false)}`,
    })}
    ${actForm({
      ...{ act: 'redrive_callbacks', back, hidden: callbacks ?? {} },
      title: `Bring callbacks again that the exchange has not confirmed${callbacks ? ', the next part' : ''}`,
      button: 'Bring them',
      // The next part is of the same time as the first.
      fields:
        callbacks?.since === undefined
          ? select('hours', 'Written in the last', [
              ['1', 'hour'],
              ['24', 'day'],
              ['168', 'week'],
              ['720', '30 days'],
            ])
          : '',
    })}
    ${actForm({
      ...{ act: 'redrive_dead_letters', back, hidden: letters ?? {} },
      title: `Put dead letters back into their queues${letters ? ', the next part' : ''}`,
      button: 'Put them back',
    })}
    ${actForm({
      ...{ act: 'stop_codes', back },
      title: 'Stop all code SMS of a country',
      button: 'Stop them',
      fields: html`${countryField(true)}${select('lasts', 'For', [
        ['hour', 'an hour'],
        ['day', 'a day'],
        ['until_allowed', 'until they are allowed again'],
      ])}`,
    })}
    ${actForm({
      ...{ act: 'allow_codes', back },
      title: 'Allow code SMS of a country again',
      button: 'Allow them',
      fields: countryField(true),
    })}`
}

export function undoMarkForm(accountId: string): Markup {
  return actForm({
    act: 'undo_phone_mark',
    title: 'Undo what providers said of the number',
    button: 'Undo it',
    hidden: { account_id: accountId },
    back: `/ops/accounts/${accountId}`,
  })
}

export function redriveCallbackForm(accountId: string, callbackId: string): Markup {
  return actForm({
    act: 'redrive_callback',
    title: 'Bring again',
    button: 'Bring it',
    hidden: { account_id: accountId, callback_id: callbackId },
    back: `/ops/accounts/${accountId}`,
  })
}

export function resendForm(accountId: string, alertNumber: number, alertId: string): Markup {
  return actForm({
    act: 'resend_alert',
    title: 'Send it again',
    button: 'Send it',
    hidden: { alert_id: alertId },
    back: `/ops/alerts/${accountId}/${alertNumber}`,
  })
}

/** After it was done; '' for what names no act. */
export function doneNote(query: Readonly<Record<string, string>>): Markup | '' {
  const words = Object.entries(ACT_WORDS).find(([act]) => act === query.done)?.[1]
  if (words === undefined) return ''
  const number = Number(query.count)
  const much = Number.isSafeInteger(number) ? `${number} concerned` : ''
  const more = query.next === undefined ? '' : ' More are left: do it again for the next part.'
  return html`<p class="state" role="status"><strong>Done</strong> ${words}: ${much}.${more}</p>`
}

export function actsSection(acts: readonly RecordedAct[]): Markup {
  const rows = acts.map(
    ({ actedAt, act, subject, who, reason, count: number, untilAt }) =>
      html`<tr><td class="t">${instantWords(actedAt)}</td><td>${who}</td><td>${wordsOf(act)}</td><td>${subject}</td><td>${reason}</td><td class="n">${number}</td><td class="t">${untilAt === null ? '' : instantWords(untilAt)}</td></tr>`,
  )
  return html`<h2>What was done by hand</h2>${
    rows.length === 0
      ? html`<p>Nothing yet.</p>`
      : table(
          'Acts of operators, newest first',
          ['When', 'Who', 'What', 'To', 'Why', { n: 'Count' }, 'Until'],
          rows,
        )
  }`
}

function wordsOf(act: string): string {
  return Object.entries(ACT_WORDS).find(([name]) => name === act)?.[1] ?? act
}
