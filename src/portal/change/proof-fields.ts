// The field of a form for the code that a change asks for, and the way out for whoever has neither app nor number. Markup only.

import { html } from 'hono/html'
import { BINDING_LIFETIME_MS } from '../../account/binding-rules.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations } from '../../page/words.ts'
import { totpField } from '../layout.ts'
import type { ProofField } from './prove.ts'

export function proofFields({ language, exchange }: PageBasics, field: ProofField | null): Markup {
  const { common, number: words } = language.portal
  const recovery = html`<p class="muted">${fill(common.recovery, { exchange })}</p>`
  if (field === null) return recovery
  if (field.kind === 'totp') {
    return html`<p class="warn">${common.needsCode}</p>${totpField(language)}${recovery}`
  }
  const life = { life: BINDING_LIFETIME_MS }
  return html`<p class="warn">${common.needsCode}</p>
    <p>${fillDurations(language, words.codeSent, life, { number: field.number })}</p>
    ${field.warning === null ? '' : html`<p class="warn">${field.warning}</p>`}
    <label for="proof-code">${words.codeLabel}</label>
    <input id="proof-code" name="sms_code" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
      maxlength="20" />
    ${recovery}`
}
