// The page of push notifications: which devices get them, and switching them on for this one. Markup only.

import { html } from 'hono/html'
import type { Markup } from '../../page/markup.ts'
import { formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { StoredSubscription } from '../../push/subscriptions.ts'
import type { Language } from '../../words/language.ts'
import { problemNote } from '../layout.ts'

export type PushState = {
  readonly devices: readonly StoredSubscription[]
  /** Null when push is off. */
  readonly publicKey: string | null
  readonly problem: string | null
}

export function pushBody(language: Language, state: PushState): Markup {
  const { push: words } = language.portal
  if (state.publicKey === null) return html`<p>${words.off}</p>`
  return html`${problemNote(state.problem)}
    <p>${words.intro}</p>
    ${enableForm(language, state.publicKey)}
    ${state.devices.length === 0 ? html`<p>${words.none}</p>` : deviceList(language, state.devices)}`
}

/** Hidden until the script that it needs is there. */
function enableForm({ portal }: Language, publicKey: string): Markup {
  const { push: words, common } = portal
  return html`<form id="push-form" method="post" hidden data-key="${publicKey}" data-worker="${paths.pushWorker}"
      data-blocked="${words.blocked}" data-unsupported="${words.unsupported}" data-failed="${common.unavailable}">
      <input type="hidden" name="subscription" value="" />
      <button class="calm" type="submit">${words.enable}</button>
    </form>
    <p id="push-note" role="alert" hidden></p>
    <noscript><p class="warn">${common.needsScript}</p></noscript>`
}

function deviceList(language: Language, devices: readonly StoredSubscription[]): Markup {
  const { push: words, common } = language.portal
  const time = (at: number) => formatPageTime(at, language.intl)
  return html`<ul class="cards">${devices.map(
    (device) => html`<li><bdi>${device.name}</bdi>, ${time(device.createdAt)}<br />
      <span class="muted">${words.lastOk}: ${device.lastAcceptedAt === null ? common.notYet : time(device.lastAcceptedAt)}</span>
      <form method="post" action="${paths.portalPushRemove}">
        <input type="hidden" name="subscription_id" value="${device.subscriptionId}" />
        <button class="plain" type="submit">${common.remove}</button>
      </form></li>`,
  )}</ul>
  <form method="post" action="${paths.portalPushTest}"><button class="calm" type="submit">${words.test}</button></form>`
}
