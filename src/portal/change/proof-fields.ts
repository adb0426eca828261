// The field of a form for the code that a change asks for, and the way out for whoever has neither app nor number. Markup only.

import { html } from 'hono/html'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'
import { totpField } from '../layout.ts'
import { codeNote } from './code-progress.ts'
import type { ProofField } from './prove.ts'

export function proofFields(page: PageBasics, field: ProofField | null): Markup {
  const { language, exchange } = page
  const { common, number: words } = language.portal
  const recovery = html`<p class="muted">${fill(common.recovery, { exchange })}</p>`
  if (field === null) return recovery
  const reason = html`<p class="warn">${codeReason(language, field.isWeakening)}</p>`
  if (field.kind === 'totp') return html`${reason}${totpField(language)}${recovery}`
  return html`${reason}
    ${codeNote(page, field)}
    ${field.warning === null ? '' : html`<p class="warn">${field.warning}</p>`}
    <label for="proof-code">${words.codeLabel}</label>
    <input id="proof-code" name="sms_code" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
      maxlength="20" />
    ${recovery}`
}

/** Why a code is asked for. */
export function codeReason({ portal, change }: Language, isWeakening: boolean): string {
  return isWeakening ? portal.common.needsCode : change.confirm
}
