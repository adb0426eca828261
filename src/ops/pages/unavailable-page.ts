// What the operator sees while the database does not answer, or while nobody can tell who they are: what that means, and what to
// do.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { INCIDENT_KINDS } from '../incident-kinds.ts'
import { opsPage, respondOps, withCode } from './layout.ts'

export function unavailableBody(): Markup {
  const { title, meaning, check, act } = INCIDENT_KINDS.database_unavailable
  return html`<p class="state down" role="status"><strong>Down</strong> ${title}.</p>
    <p>${meaning}</p><p><b>Look at:</b> ${withCode(check)}</p><p><b>Do:</b> ${withCode(act)}</p>
    <p>Nothing else can be shown before it answers again. The log goes on: <code>npx wrangler tail</code>.</p>`
}

/** Behind the door, before it: says nothing but that. */
export function unverifiablePage(exchange: string, readAt: number): Promise<Response> {
  const body = html`<p role="alert">Cloudflare Access names you, and its public keys, which would prove it, did not come. Try again in some seconds.</p>`
  const heading = 'Who you are cannot be verified now'
  return respondOps(opsPage({ exchange, heading, body, readAt, canLeave: false }), 503)
}
