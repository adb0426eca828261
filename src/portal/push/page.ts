// The page of push notifications: which devices get them, and switching them on for this one. Markup only. One form for
// all of it, so that one code serves whichever button is pressed.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { StoredSubscription } from '../../push/subscriptions.ts'
import type { Language } from '../../words/language.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote } from '../layout.ts'

export type PushState = {
  readonly devices: readonly StoredSubscription[]
  /** Null when push is off. */
  readonly publicKey: string | null
  readonly problem: string | null
  /** A code is asked for, if there is a way to give one. */
  readonly proof: { readonly field: ProofField | null } | null
  /** What the browser gave while the code was missing. */
  readonly kept: string
}

export function pushBody(page: PageBasics, state: PushState): Markup {
  const { language } = page
  const { push: words, common } = language.portal
  const { publicKey, devices } = state
  if (publicKey === null) return html`<p>${words.off}</p>`
  // Hidden until the script that it needs is there.
  return html`${problemNote(state.problem)}
    <p>${words.intro}</p>
    <form id="push-form" method="post" action="${paths.portalPush}" data-key="${publicKey}" data-worker="${paths.pushWorker}" data-renewal="${paths.pushRenewal}"
      data-blocked="${words.blocked}" data-unsupported="${words.unsupported}" data-failed="${common.uncertain}">
      <input type="hidden" name="subscription" value="${state.kept}" autocomplete="off" />
      ${state.proof === null ? '' : proofFields(page, state.proof.field)}
      <button id="push-enable" class="calm" type="submit" hidden>${words.enable}</button>
      ${devices.length === 0 ? html`<p>${words.none}</p>` : deviceList(language, devices)}
    </form>
    <p id="push-note" role="alert" hidden></p>
    <noscript><p class="warn">${common.needsScript}</p></noscript>
    ${devices.length === 0 ? '' : html`<form method="post" action="${paths.portalPushTest}"><button class="calm" type="submit">${words.test}</button></form>`}`
}

function deviceList(language: Language, devices: readonly StoredSubscription[]): Markup {
  const { push: words, common } = language.portal
  const time = (at: number) => formatPageTime(at, language)
  return html`<ul class="cards">${devices.map(
    (device) => html`<li><bdi>${device.name}</bdi>, ${time(device.createdAt)}<br />
      <span class="muted">${words.lastOk}: ${device.lastAcceptedAt === null ? common.notYet : time(device.lastAcceptedAt)}</span>
      <button class="plain" type="submit" name="subscription_id" value="${device.subscriptionId}"
        formaction="${paths.portalPushRemove}">${common.remove}</button></li>`,
  )}</ul>`
}
