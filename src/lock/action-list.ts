// How the pages show what a lock asks for: before it, what one press will ask; after it, each action with what is known of it. Markup
// only; without the exchange's word an action is asked for, and the words say no more.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../page/markup.ts'
import { fill, fillDurations, formatPageTime } from '../page/words.ts'
import { HOLD_MS } from './hold.ts'
import { type ActionStatus, ALWAYS_ASKED, type LockAction } from './lock-actions.ts'

/** Sessions and withdrawals in words of their own, as every lock has them; further actions by their names. */
export function effectList(page: PageBasics, actions: readonly LockAction[]): Markup {
  const { exchange, language } = page
  const words = language.lock
  const more = actions.filter((action) => !ALWAYS_ASKED.includes(action))
  const intro = more.length === 0 ? words.effects : fill(language.lockActions.effects, { exchange })
  return html`<p>${intro}</p>
      <ul>
        <li>${fill(words.effectSessions, { exchange })}</li>
        <li>${fillDurations(language, words.effectHold, { hold: HOLD_MS })}</li>
        ${more.map((action) => html`<li>${language.lockActions.names[action]}</li>`)}
      </ul>`
}

/** List items, for a list of steps. */
export function actionSteps(page: PageBasics, actions: readonly ActionStatus[]): readonly Markup[] {
  const { names } = page.language.lockActions
  return actions.map(
    (status) =>
      html`<li class="${status.state === 'done' ? 'done' : 'waiting'}">${names[status.action]}<div>${stateWords(page, status)}</div></li>`,
  )
}

function stateWords({ language, exchange }: PageBasics, { state, at }: ActionStatus): string {
  const words = language.lockActions
  switch (state) {
    case 'asked':
      return words.asked
    case 'failed':
      return fill(words.failed, { exchange })
    case 'done':
      return fill(words.done, { time: at === null ? '' : formatPageTime(at, language) })
  }
}
