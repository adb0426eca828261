// What of the hold's page ends a hold early or keeps it: the exchange's wish with its stop, the owner's signature, and who may.
// Markup only.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import { PASSKEY_PROVES_AFTER_MS } from '../../account/passkeys.ts'
import type { LiftOffer } from '../../lock/lift/signed-lift.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { passkeyFields } from '../change/passkey-fields.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote } from '../layout.ts'

/** What a press has led to. */
export type LiftPress = {
  readonly form: 'lift' | 'rule'
  readonly problem: string | null
  readonly asked?: { readonly field: ProofField | null }
}

/**
 * kind | the owner's choice
 * --- | ---
 * `fixed` | there is none: the deployment lets nobody else
 * `open` | the exchange may, as far as the policy goes; `canClose` with a passkey that is not new
 * `closed` | nobody but the owner; opened again by a passkey, if one is old enough and nothing is held
 */
export type LiftRule =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'open'; readonly canClose: boolean }
  | { readonly kind: 'closed'; readonly offer: AssertionOffer | 'frozen' | 'none' }

export type Lifting = {
  readonly offer: LiftOffer | null
  readonly rule: LiftRule
  readonly press: LiftPress | null
}

export function liftPart(page: PageBasics, { offer, rule, press }: Lifting): Markup {
  return html`${problemNote(press?.form === 'lift' ? press.problem : null)}
    ${offer === null ? '' : signPart(page, offer)}
    ${rule.kind === 'fixed' ? '' : rulePart(page, rule, press)}`
}

/** Before all else on the page: until then it can be stopped. */
export function stopPart({ language, exchange }: PageBasics, dueAt: number | null): Markup | '' {
  if (dueAt === null) return ''
  const { lift } = language
  const time = formatPageTime(dueAt, language)
  return html`<p class="warn">${fill(lift.asked, { exchange, time })}</p>
    <form method="post" action="${paths.portalHoldStop}"><button type="submit">${lift.stopButton}</button></form>`
}

function signPart({ language }: PageBasics, offer: LiftOffer): Markup {
  const { lift } = language
  const button = html`<button class="plain" type="submit">${lift.signButton}</button>`
  return html`<p>${lift.signText}</p>
    <form method="post" action="${paths.portalHoldLift}" data-options="${offer.options}">
      <input type="hidden" name="hold_id" value="${offer.holdId}" />
      ${passkeyFields(language, offer, button)}
    </form>`
}

function rulePart(
  page: PageBasics,
  rule: Exclude<LiftRule, { kind: 'fixed' }>,
  press: LiftPress | null,
): Markup {
  const { language, exchange } = page
  const { lift } = language
  const text = fill(rule.kind === 'open' ? lift.ruleOpen : lift.ruleOwner, { exchange })
  return html`<h2>${lift.ruleHeading}</h2><p>${text}</p>
    ${problemNote(press?.form === 'rule' ? press.problem : null)}
    ${rule.kind === 'open' ? closeForm(page, rule.canClose, press) : openForm(page, rule.offer)}`
}

function closeForm(page: PageBasics, canClose: boolean, press: LiftPress | null): Markup {
  const { lift } = page.language
  if (!canClose) return html`<p class="muted">${ruleNeeds(page.language)}</p>`
  const asked = press?.form === 'rule' ? press.asked : undefined
  return html`<form method="post" action="${paths.portalHoldRule}">
      <input type="hidden" name="rule" value="owner" />
      ${asked === undefined ? '' : proofFields(page, asked.field)}
      <button class="calm" type="submit">${lift.ruleOwnerButton}</button>
    </form>`
}

/** What the owner's choice takes. */
export function ruleNeeds(language: Language): string {
  return fillDurations(language, language.lift.ruleNeeds, { age: PASSKEY_PROVES_AFTER_MS })
}

function openForm(
  { language, exchange }: PageBasics,
  offer: Extract<LiftRule, { kind: 'closed' }>['offer'],
): Markup {
  const { lift, portal } = language
  if (offer === 'frozen') return html`<p class="muted">${portal.common.frozen}</p>`
  if (offer === 'none') return html`<p class="muted">${ruleNeeds(language)}</p>`
  const label = fill(lift.ruleOpenButton, { exchange })
  const button = html`<button class="plain" type="submit">${label}</button>`
  return html`<form method="post" action="${paths.portalHoldRule}" data-options="${offer.options}">
      <input type="hidden" name="rule" value="policy" />
      ${passkeyFields(language, offer, button)}
    </form>`
}
