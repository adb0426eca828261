// What stands at /ops while settings are broken: nobody can be told from anybody then, so it says no more than /healthz does.

import { html } from 'hono/html'
import type { SettingProblem } from '../../lib/settings.ts'
import { INCIDENT_KINDS } from '../incident-kinds.ts'
import { opsPage, respondOps, withCode } from './layout.ts'

export function brokenOpsPage(problems: readonly SettingProblem[], now: number): Promise<Response> {
  const { title, meaning, check, act, over } = INCIDENT_KINDS.settings_broken
  const body = html`<p class="state down" role="status"><strong>Down</strong> ${title}.</p>
    <ul class="cards">${problems.map(({ setting, problem }) => html`<li class="down"><h3>${setting}</h3><p>${problem}</p></li>`)}</ul>
    <p>${withCode(meaning)}</p><p><b>Look at:</b> ${withCode(check)}</p><p><b>Do:</b> ${withCode(act)}</p>
    <p class="muted">Over when: ${withCode(over)}</p>`
  const frame = { exchange: 'this deployment', heading: 'Now', canLeave: false }
  return respondOps(opsPage({ ...frame, body, readAt: now }), 503)
}
