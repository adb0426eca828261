// What a form needs whose button asks for a passkey before it posts (passkey-client.ts). Without our script it says so, and
// posts nothing. Markup only.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import type { Markup } from '../../page/markup.ts'
import type { Language } from '../../words/language.ts'

/** In a form with `data-options`; `button` is hidden until the script is there. */
export function passkeyFields({ portal }: Language, offer: AssertionOffer, button: Markup): Markup {
  const { common, number, passkey } = portal
  return html`<input type="hidden" name="challenge" value="${offer.sealedChallenge}" />
      <input type="hidden" name="credential" value="" autocomplete="off" />
      <div data-offer hidden><p class="muted">${number.passkeyHint}</p>${button}</div>
      <p role="alert" data-failed hidden>${passkey.failed}</p>
      <p role="alert" data-unsupported hidden>${passkey.unsupported}</p>
      <noscript><p class="warn">${common.needsScript}</p></noscript>`
}
