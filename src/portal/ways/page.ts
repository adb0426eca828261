// The page of the ways to lock without an alert: the lock card and the trusted contact. Markup only; the card is a part of it
// that prints alone.

import { html } from 'hono/html'
import { WORD_MAX, WORD_MIN } from '../../lock/contact/word.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { setUpFirst } from '../authenticator/page.ts'
import { type CodeProgress, codeNote } from '../change/code-progress.ts'
import { passkeyFields } from '../change/passkey-fields.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote } from '../layout.ts'
import { type NumberProof, optionsOf, passkeyFirst } from '../number/page.ts'
import { qrPicture } from '../qr-picture.ts'

type WayForm = 'card' | 'contact'

/** What a press of one of the forms has led to: an answer to it, a code that is asked for, or both. */
export type WayPress = {
  readonly form: WayForm
  readonly problem: string | null
  readonly asked?: { readonly field: ProofField | null }
  readonly typed?: { readonly phone: string; readonly word: string }
}

export type ContactState =
  /** `word`: typed, or a proposal. */
  | { readonly kind: 'none'; readonly proof: NumberProof; readonly word: string }
  | { readonly kind: 'asked'; readonly number: string; readonly progress: CodeProgress }
  | {
      readonly kind: 'stands'
      readonly number: string
      readonly word: string
      readonly isClosed: boolean
    }

export type WaysState = {
  /** `url` is null where the key that signed the card is in the list no more. */
  readonly card: { readonly url: string | null; readonly isAging: boolean } | null
  readonly contact: ContactState
  readonly press: WayPress | null
}

export function waysBody(page: PageBasics, state: WaysState): Markup {
  const { ways } = page.language
  return html`<p>${ways.intro}</p>
    <h2>${ways.cardHeading}</h2>
    ${cardPart(page, state)}
    <h2>${ways.contactHeading}</h2>
    ${contactPart(page, state)}`
}

function cardPart(page: PageBasics, { card, press }: WaysState): Markup {
  const { ways, portal } = page.language
  const isAging = card !== null && (card.isAging || card.url === null)
  return html`<p>${ways.cardText}</p>
    ${problemNote(problemAt('card', press))}
    ${isAging ? html`<p class="warn">${ways.cardAging}</p>` : ''}
    ${card !== null && card.url !== null ? html`${paper(page, card.url)}<p>${ways.cardPrint}</p>` : ''}
    <form method="post" action="${paths.portalWaysCard}">
      ${askedPart(page, 'card', press)}
      ${card === null ? '' : html`<p class="muted">${ways.cardAgain}</p>`}
      <button class="calm" type="submit">${ways.cardMake}</button>
      ${card === null ? '' : html`<button class="plain" type="submit" formaction="${paths.portalWaysCardRemove}">${portal.common.remove}</button>`}
    </form>`
}

/** What is printed: nothing on it says whose account it is. */
function paper({ language, exchange }: PageBasics, url: string): Markup {
  const { ways } = language
  return html`<div class="lock-card">
      <strong>${exchange} · ${ways.cardHeading}</strong>
      <div class="qr" role="img" aria-label="${ways.cardHeading}">${qrPicture(url)}</div>
      <p>${ways.cardUse}</p>
      <p><code dir="ltr">${url}</code></p>
    </div>`
}

function contactPart(page: PageBasics, { contact, press }: WaysState): Markup {
  const { ways } = page.language
  const problem = problemNote(problemAt('contact', press))
  switch (contact.kind) {
    case 'none':
      return html`<p>${ways.contactText}</p>${problem}${askForm(page, contact, press)}`
    case 'asked':
      return html`<p>${ways.contactText}</p>${codeNote(page, contact)}${problem}${codeForm(page)}`
    case 'stands':
      return html`${problem}${standing(page, contact, press)}`
  }
}

function askForm(
  page: PageBasics,
  { proof, word }: Extract<ContactState, { kind: 'none' }>,
  press: WayPress | null,
): Markup {
  const { language } = page
  const { ways, portal } = language
  const { number: words } = portal
  if (proof === 'set_up') return setUpFirst(language)
  if (proof === 'no_passkey') return passkeyFirst(language)
  const send = html`<button class="calm" type="submit">${words.sendCode}</button>`
  const isWrong = press?.form === 'contact' && press.asked === undefined
  return html`<form method="post" action="${paths.portalWaysContact}" ${optionsOf(proof)}>
      <label for="phone">${words.label}</label>
      <input id="phone" name="phone" type="tel" inputmode="tel" autocomplete="off" dir="ltr" required
        maxlength="40" value="${press?.typed?.phone ?? ''}" aria-describedby="phone-hint"
        aria-invalid="${isWrong ? 'true' : 'false'}" />
      <small id="phone-hint">${words.hint}</small>
      <label for="word">${ways.wordLabel}</label>
      <input id="word" name="word" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required
        maxlength="60" value="${word}" aria-describedby="word-hint" />
      <small id="word-hint">${fill(ways.wordHint, { min: WORD_MIN, max: WORD_MAX })}</small>
      ${askedPart(page, 'contact', press)}
      ${typeof proof === 'string' ? send : passkeyFields(language, proof, send)}
    </form>`
}

function codeForm({ language }: PageBasics): Markup {
  const { number: words, common } = language.portal
  return html`<form method="post" action="${paths.portalWaysContactCode}">
      <label for="contact-code">${words.codeLabel}</label>
      <input id="contact-code" name="code" type="text" inputmode="numeric" autocomplete="off" dir="ltr"
        required maxlength="20" />
      <button class="calm" type="submit">${common.save}</button>
    </form>
    <form method="post" action="${paths.portalWaysContactRemove}"><button class="plain" type="submit">${words.cancel}</button></form>`
}

function standing(
  page: PageBasics,
  { number, word, isClosed }: Extract<ContactState, { kind: 'stands' }>,
  press: WayPress | null,
): Markup {
  const { ways, portal } = page.language
  const stands = isClosed
    ? html`<p>${number}</p><p class="warn">${ways.contactClosed}</p>`
    : html`<p>${fill(ways.contactStands, { number })}</p>
    <p><bdi>${fill(ways.contactWord, { word })}</bdi></p>`
  return html`${stands}
    <form method="post" action="${paths.portalWaysContactRemove}">
      ${askedPart(page, 'contact', press)}
      <button class="plain" type="submit">${portal.common.remove}</button>
    </form>`
}

function askedPart(page: PageBasics, form: WayForm, press: WayPress | null): Markup | '' {
  if (press === null || press.form !== form || press.asked === undefined) return ''
  return proofFields(page, press.asked.field)
}

function problemAt(form: WayForm, press: WayPress | null): string | null {
  return press?.form === form ? press.problem : null
}
