// Said where a proof is added beside a passkey: what it takes, and the way of whoever has that passkey no more. Markup only.

import { html } from 'hono/html'
import { PASSKEY_PROVES_AFTER_MS } from '../../account/passkeys.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fillDurations } from '../../page/words.ts'

export function besidePasskey({ language, exchange }: PageBasics): Markup {
  const { beside: words } = language
  const durations = { age: PASSKEY_PROVES_AFTER_MS }
  return html`<p>${words.takes}</p>
    <p class="muted">${fillDurations(language, words.lost, durations, { exchange })}</p>`
}
