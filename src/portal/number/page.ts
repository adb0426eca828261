// The page of the number, in its three states: none bound, a code is on its way, bound. Markup only.

import { html } from 'hono/html'
import { FORMER_PHONE_MS } from '../../account/binding-rules.ts'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import { PASSKEY_PROVES_AFTER_MS } from '../../account/passkeys.ts'
import { SECOND_MS } from '../../lib/time.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations, fillWait, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { setUpFirst } from '../authenticator/page.ts'
import { type CodeProgress, codeNote } from '../change/code-progress.ts'
import { passkeyFields } from '../change/passkey-fields.ts'
import { fillTotpStep, problemNote, totpField } from '../layout.ts'

/** What went wrong, in words, and at which form; where that is gone meanwhile, it stands at the one there is. */
export type NumberProblem = { readonly form: 'bind' | 'code' | 'remove'; readonly text: string }

export type FormerNumber = { readonly number: string; readonly untilAt: number }

export type NumberState = {
  /** Masked; null when none is bound. */
  readonly number: string | null
  readonly phoneState: 'ok' | 'invalid' | 'opted_out'
  readonly hasRoute: boolean
  readonly former: readonly FormerNumber[]
  readonly pending: {
    readonly number: string
    readonly progress: CodeProgress
    readonly resend: Resend
  } | null
  /** What a new number takes. */
  readonly proof: NumberProof
  readonly typed: string
  readonly problem: NumberProblem | null
}

/** `set_up`: an authenticator app comes first · `no_passkey`: one is asked for, and none is old enough · an offer: a passkey */
export type NumberProof = 'nothing' | 'totp' | 'set_up' | 'no_passkey' | AssertionOffer

export type Resend =
  | { readonly kind: 'now' | 'never' }
  | { readonly kind: 'wait'; readonly waitMs: number }

export function numberBody(page: PageBasics, state: NumberState): Markup {
  const { language, exchange } = page
  const { number: words, common } = language.portal
  // A change takes the app; whoever has it no more is told where to turn.
  const recovery =
    state.number === null ? '' : html`<p class="muted">${fill(common.recovery, { exchange })}</p>`
  return html`${standing(language, state)}
    ${state.pending ? codeForm(page, state, state.pending) : bindForm(language, state)}
    ${canRemove(state) ? removeForm(language, state) : ''}
    ${recovery}
    ${state.former.map((one) => formerNote(language, words.former, one))}`
}

function standing(language: Language, state: NumberState): Markup {
  const { number: words } = language.portal
  const { number, phoneState } = state
  if (number === null) return html`<p>${words.notBound}</p>`
  const bound = phoneState === 'ok' ? fill(words.bound, { number }) : number
  return html`<p>${bound}</p>
    ${state.phoneState === 'invalid' ? html`<p class="warn">${words.invalid}</p>` : ''}
    ${state.phoneState === 'opted_out' ? html`<p class="warn">${words.optedOut}</p>` : ''}
    ${state.hasRoute ? '' : html`<p class="warn">${words.noRoute}</p>`}`
}

function bindForm(language: Language, state: NumberState): Markup {
  const { number: words } = language.portal
  const isChange = state.number !== null
  return html`${isChange ? html`<h2>${words.changeHeading}</h2><p>${fillDurations(language, words.changeText, { former: FORMER_PHONE_MS })}</p>` : ''}
    ${problemNote(problemOf(state, 'bind'))}
    ${formOf(language, state)}`
}

function formOf(language: Language, state: NumberState): Markup {
  switch (state.proof) {
    case 'set_up':
      return setUpFirst(language)
    case 'no_passkey':
      return passkeyFirst(language)
    default:
      return phoneForm(language, state)
  }
}

/** No dead end: where one is added; whoever cannot wait is told beneath where to turn. */
export function passkeyFirst(language: Language): Markup {
  const { number: words, passkey } = language.portal
  const age = { age: PASSKEY_PROVES_AFTER_MS }
  return html`<p class="warn">${fillDurations(language, words.needsPasskey, age)}</p>
    <p><a href="${paths.portalPasskeys}">${passkey.heading}</a></p>`
}

function phoneForm(language: Language, state: NumberState): Markup {
  const { number: words } = language.portal
  const send = html`<button class="calm" type="submit">${words.sendCode}</button>`
  return html`<form method="post" action="${paths.portalNumber}" ${optionsOf(state.proof)}>
      <label for="phone">${words.label}</label>
      <input id="phone" name="phone" type="tel" inputmode="tel" autocomplete="tel" dir="ltr" required
        maxlength="40" value="${state.typed}" aria-describedby="phone-hint"
        aria-invalid="${state.problem?.form === 'bind' ? 'true' : 'false'}" />
      <small id="phone-hint">${words.hint}</small>
      ${state.proof === 'totp' ? totpField(language) : ''}
      ${typeof state.proof === 'string' ? send : passkeyFields(language, state.proof, send)}
    </form>`
}

/** Where our script finds what to ask the browser. */
export function optionsOf(proof: NumberProof): Markup | '' {
  return typeof proof === 'string' ? '' : html`data-options="${proof.options}"`
}

function codeForm(
  page: PageBasics,
  state: NumberState,
  pending: NonNullable<NumberState['pending']>,
): Markup {
  const { language } = page
  const isUnreachable = pending.progress === 'unreachable'
  return html`${isUnreachable ? '' : html`<h2>${language.portal.number.codeHeading}</h2>`}
    ${codeNote(page, pending)}
    ${problemNote(problemOf(state, 'code'))}
    ${isUnreachable ? '' : typeCode(language)}
    ${resendForm(language, pending.resend)}
    <form method="post" action="${paths.portalNumberCancel}"><button class="plain" type="submit">${language.portal.number.cancel}</button></form>`
}

/** Also where the newest SMS did not go out: an older one may have brought the code. */
function typeCode(language: Language): Markup {
  const { number: words } = language.portal
  return html`<form method="post" action="${paths.portalNumberCode}">
      <label for="sms-code">${words.codeLabel}</label>
      <input id="sms-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
        required maxlength="20" />
      <button class="calm" type="submit">${words.confirm}</button>
    </form>`
}

function resendForm(language: Language, resend: Resend): Markup | '' {
  const { number: words } = language.portal
  switch (resend.kind) {
    case 'never':
      return ''
    case 'wait':
      return html`<p class="muted">${fillWait(language, words.resendWait, resend.waitMs, SECOND_MS)}</p>`
    case 'now':
      return html`<form method="post" action="${paths.portalNumberResend}"><button class="plain" type="submit">${words.resend}</button></form>`
  }
}

// Its own field: two of one name would share an id.
function removeForm(language: Language, state: NumberState): Markup {
  const { number: words, common } = language.portal
  const { proof } = state
  const remove = html`<button type="submit">${common.remove}</button>`
  return html`<h2>${words.removeHeading}</h2>
    <p>${fillDurations(language, words.removeText, { former: FORMER_PHONE_MS })}</p>
    ${problemNote(problemOf(state, 'remove'))}
    <form method="post" action="${paths.portalNumberRemove}" ${optionsOf(proof)}>
      ${typeof proof === 'string' ? html`${removeTotpField(language)}${remove}` : passkeyFields(language, proof, remove)}
    </form>`
}

function removeTotpField(language: Language): Markup {
  const { common } = language.portal
  return html`<label for="remove-totp">${common.totpLabel}</label>
      <input id="remove-totp" name="totp" type="text" inputmode="numeric" autocomplete="one-time-code"
        dir="ltr" required maxlength="20" aria-describedby="remove-hint" />
      <small id="remove-hint">${fillTotpStep(language, common.totpHint)}</small>`
}

function formerNote(language: Language, template: string, former: FormerNumber): Markup {
  const time = formatPageTime(former.untilAt, language)
  return html`<p class="muted">${fill(template, { number: former.number, time })}</p>`
}

function problemOf(state: NumberState, form: NumberProblem['form']): string | null {
  const { problem } = state
  return problem !== null && formShown(state, problem.form) === form ? problem.text : null
}

function formShown(state: NumberState, form: NumberProblem['form']) {
  if (state.pending) return 'code'
  return form === 'remove' && canRemove(state) ? 'remove' : 'bind'
}

/** It takes a code of the app each time, or a passkey. */
function canRemove({ pending, number, proof }: NumberState): boolean {
  return pending === null && number !== null && proof !== 'set_up' && proof !== 'no_passkey'
}
