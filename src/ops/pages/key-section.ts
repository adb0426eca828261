// What each key of stored data still holds, and which may go, on the one screen. Markup only; a key is named as sealed
// values name it, which tells nothing of it.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import type { KeyReport } from '../key-report.ts'
import type { Overview } from '../overview.ts'
import { instantWords } from '../plain-words.ts'
import { keptBy } from '../seal-pass.ts'
import { table } from './layout.ts'

const STATE_WORDS: Readonly<Record<KeyReport['state'], string>> = {
  current: 'current',
  spare: 'in the list, never current',
  busy: 'still holds something, or may',
  resting: 'holds nothing; not yet for a week',
  free: 'may be dropped',
  missing: 'not in the list, and something names it',
}

export function keySection({ keys: report }: Overview): Markup {
  if (report === null) {
    return html`<h2>Keys of stored data</h2><p>Not known: a database does not answer. Take no key out of the list.</p>`
  }
  const { keys, pass } = report
  const rows = keys.map(
    ({ name, place, held, countedAt, seals, state, keptIn }) =>
      html`<tr><td>${name === '' ? 'before keys had names' : name}</td><td class="n">${place ?? '–'}</td>
        <td class="${state === 'missing' ? 'poor' : ''}">${STATE_WORDS[state]}${keptIn.length > 0 ? `: ${keptIn.join(', ')}` : ''}</td>
        <td class="n">${countedAt === null ? 'not counted' : keptBy(held)}</td>
        <td class="t">${countedAt === null ? '–' : instantWords(countedAt)}</td><td class="n">${seals}</td></tr>`,
  )
  return html`<h2>Keys of stored data</h2>${table(
    'DATA_SECRETS: what each key still holds',
    [
      'Key',
      { n: 'Place in the list' },
      'State',
      { n: 'Values left' },
      'Counted',
      { n: 'Seals, estimated' },
    ],
    rows,
  )}${pass === null ? '' : html`<p class="muted">${pass.finishedAt === null ? `A pass began ${instantWords(pass.startedAt)}; with these keys none has ended everywhere yet.` : `The last pass ended ${instantWords(pass.finishedAt)}.`}${pass.outstanding > 0 ? ` ${pass.outstanding} values could not be taken over.` : ''}</p>`}`
}
