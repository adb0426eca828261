// The field of a form for the code that a change asks for, and the way out for whoever has neither app nor number. Markup only.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import { totpField } from '../layout.ts'
import { codeNote } from './code-progress.ts'
import type { ProofField } from './prove.ts'

export function proofFields(page: PageBasics, field: ProofField | null): Markup {
  const { language, exchange } = page
  const { common, number: words } = language.portal
  const recovery = html`<p class="muted">${fill(common.recovery, { exchange })}</p>`
  if (field === null) return recovery
  if (field.kind === 'totp') {
    return html`<p class="warn">${common.needsCode}</p>${totpField(language)}${recovery}`
  }
  return html`<p class="warn">${common.needsCode}</p>
    ${codeNote(page, field)}
    ${field.warning === null ? '' : html`<p class="warn">${field.warning}</p>`}
    <label for="proof-code">${words.codeLabel}</label>
    <input id="proof-code" name="sms_code" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
      maxlength="20" />
    ${recovery}`
}
