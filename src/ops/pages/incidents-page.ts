// The history of incidents, newest first. Markup only.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { paths } from '../../paths.ts'
import type { Incident } from '../decide-incidents.ts'
import { INCIDENT_KINDS } from '../incident-kinds.ts'
import { agoWords, instantWords } from '../plain-words.ts'
import { table } from './layout.ts'

/** `olderBeforeAt`: where the next page begins; null at the end. */
export function incidentsBody(
  incidents: readonly Incident[],
  olderBeforeAt: number | null,
  now: number,
): Markup {
  if (incidents.length === 0)
    return html`<p>None is on record. What opens is kept for 400 days.</p>`
  const rows = incidents.map(
    ({ kind, scope, openedAt, closedAt, evidence, isTold }) =>
      html`<tr><td class="t">${instantWords(openedAt)}</td><td>${INCIDENT_KINDS[kind].title}<br /><small>${kind}</small></td><td>${scope}</td>
        <td class="${closedAt === null ? 'poor' : ''}">${closedAt === null ? `open for ${agoWords(now - openedAt)}` : `closed after ${agoWords(closedAt - openedAt)}`}</td>
        <td>${evidence}</td><td>${isTold ? 'yes' : 'no'}</td></tr>`,
  )
  return html`${table('Newest first', ['Opened', 'What', 'Scope', 'State', 'Last evidence', 'Posted'], rows)}
    ${olderBeforeAt === null ? '' : html`<p><a href="${paths.opsIncidents}?before=${olderBeforeAt}">Older ones</a></p>`}`
}
