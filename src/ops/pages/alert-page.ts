// One alert's timeline. Markup only.

import { html } from 'hono/html'
import type { Login } from '../../login/login.ts'
import type { Markup } from '../../page/markup.ts'
import { LONGEST_MS } from '../../watch/histogram.ts'
import { durationWords, instantWords } from '../plain-words.ts'
import { timelineOf } from '../timeline.ts'
import { deviceWords, placeWords, whatWords } from './account-page.ts'
import { resendForm } from './act-forms.ts'
import { table } from './layout.ts'
import { accountPath } from './now-page.ts'

export function alertBody(login: Login): Markup {
  const {
    accountId,
    alertId,
    alertNumber,
    state,
    suppressionReason,
    wave,
    mergedInto,
    seq,
    receivedAt,
  } = login
  const rows = timelineOf(login).map(
    ({ at, what, isBad }) =>
      html`<tr><td class="t">${instantWords(at)}</td><td class="n">${agoOf(at - receivedAt)}</td><td class="${isBad ? 'poor' : ''}">${what}</td></tr>`,
  )
  return html`<dl><dt>Account</dt><dd><a href="${accountPath(accountId)}">${accountId}</a></dd>
    <dt>Alert</dt><dd>${alertId}</dd>
    <dt>State</dt><dd>${state}${suppressionReason === null ? '' : `: ${suppressionReason}`}${wave > 1 ? `, wave ${wave}` : ''}</dd>
    <dt>What</dt><dd>${whatWords(login)}</dd><dt>From</dt><dd>${placeWords(login)}</dd><dt>Device</dt><dd>${deviceWords(login)}</dd>
    ${mergedInto === null ? '' : html`<dt>Told by</dt><dd>${mergedInto === seq ? 'its own SMS, which tells of others too' : `the SMS of login ${mergedInto}`}</dd>`}</dl>
    ${alertNumber === null ? '' : resendForm(accountId, alertNumber, alertId)}
    <h2>What happened</h2>${table('In order; and how long after the webhook', ['When', { n: 'After' }, 'What'], rows)}`
}

function agoOf(ms: number): string {
  if (ms < 0) return `−${durationWords(-ms, LONGEST_MS)}`
  return durationWords(ms, LONGEST_MS)
}
