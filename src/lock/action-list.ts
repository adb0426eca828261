// How the pages show what a lock asks for: before it, what one press will ask; after it, each action with what is known of it. Markup
// only; without the exchange's word an action is asked for, and the words say no more.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../page/markup.ts'
import { fill, fillDurations, formatPageTime } from '../page/words.ts'
import { HOLD_MS } from './hold.ts'
import type { ActionStatus, LockAction } from './lock-actions.ts'

/** Each by its name, as it will be shown again with what became of it; of withdrawals, for how long. */
export function effectList(
  { exchange, language }: PageBasics,
  actions: readonly LockAction[],
): Markup {
  const { effects, names } = language.lockActions
  const hold = fillDurations(language, '{hold}', { hold: HOLD_MS })
  return html`<p>${fill(effects, { exchange })}</p>
      <ul>
        ${actions.map((action) => html`<li>${names[action]}${action === 'withdrawals.hold' ? `: ${hold}` : ''}</li>`)}
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
