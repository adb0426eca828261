// What the operator sees while the database does not answer: what that means, and what to do. Markup only.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { INCIDENT_KINDS } from '../incident-kinds.ts'
import { withCode } from './layout.ts'

export function unavailableBody(): Markup {
  const { title, meaning, check, act } = INCIDENT_KINDS.database_unavailable
  return html`<p class="state down" role="status"><strong>Down</strong> ${title}.</p>
    <p>${meaning}</p><p><b>Look at:</b> ${withCode(check)}</p><p><b>Do:</b> ${withCode(act)}</p>
    <p>Nothing else can be shown before it answers again. The log goes on: <code>npx wrangler tail</code>.</p>`
}
