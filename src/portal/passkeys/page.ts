// The page of passkeys: those there are, and the button for another. Markup only. One form for all of it, so
// that one code of the authenticator app serves whichever button is pressed.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import type { Passkey } from '../../account/passkeys.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { besidePasskey } from '../change/beside-passkey.ts'
import { passkeyFields } from '../change/passkey-fields.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote } from '../layout.ts'

export type PasskeyOffer = {
  /** What the browser is asked, as JSON. */
  readonly options: string
  readonly sealedChallenge: string
  /** An answer that was good while the typed code was not: only the code is asked for again. */
  readonly credential: string
  /** The passkey that has just proven it; null where none is asked for. */
  readonly provenBy: string | null
}

export type PasskeyState = {
  readonly passkeys: readonly Passkey[]
  /** `totp`: the code of the app belongs to every change; else what was just asked for, if anything was. */
  readonly proof: 'totp' | { readonly field: ProofField | null } | null
  /** The account has neither authenticator app nor number yet. */
  readonly needsAuthenticator: boolean
  /** Withdrawals are held: none is added meanwhile. */
  readonly isFrozen: boolean
  /** Null where no further one can be added, or `toProve` comes first. */
  readonly offer: PasskeyOffer | null
  /** A passkey of the account is asked for before another is added. */
  readonly toProve: AssertionOffer | null
  /** This deployment's address can have no passkeys. */
  readonly isUnsupported: boolean
  readonly problem: string | null
  /** What adding or removing one does beside. */
  readonly waitNote: Markup | ''
}

export function passkeyBody(page: PageBasics, state: PasskeyState): Markup {
  const { language } = page
  const { passkey: words, common } = language.portal
  const { passkeys, offer, isUnsupported, isFrozen } = state
  const canChange = !state.needsAuthenticator
  const isFormNeeded = canChange && (offer !== null || passkeys.length > 0)
  return html`<p>${words.intro}</p>
    ${problemNote(state.problem)}
    ${isUnsupported ? html`<p class="warn">${words.unsupported}</p>` : ''}
    ${canChange ? '' : authenticatorLink(language)}
    ${isFrozen ? html`<p class="warn">${common.frozen}</p>` : ''}
    ${state.toProve ? provePart(page, state.toProve) : ''}
    ${
      isFormNeeded
        ? html`<form method="post" action="${paths.portalPasskeys}" ${offer ? html`data-options="${offer.options}"` : ''}>
      ${proofPart(page, state.proof)}
      ${state.waitNote}
      ${offer ? addPart(language, offer) : NO_DEFAULT_BUTTON}
      ${list(language, passkeys, canChange)}
    </form>`
        : list(language, passkeys, canChange)
    }`
}

function proofPart(page: PageBasics, proof: PasskeyState['proof']): Markup | '' {
  if (proof === null) return ''
  return proofFields(page, proof === 'totp' ? { kind: 'totp', isWeakening: false } : proof.field)
}

/** A form of its own: the answer is looked at before the other device is asked for anything. */
function provePart(page: PageBasics, offer: AssertionOffer): Markup {
  const { language } = page
  const button = html`<button class="calm" type="submit">${language.portal.entry.button}</button>`
  return html`<h2>${language.portal.passkey.add}</h2>
    ${besidePasskey(page)}
    <form method="post" action="${paths.portalPasskeysProve}" data-options="${offer.options}">
      ${passkeyFields(language, offer, button)}
    </form>`
}

/** Enter in the field for the code would press the first button there is, which would remove a passkey. */
const NO_DEFAULT_BUTTON = html`<button type="submit" disabled hidden></button>`

function authenticatorLink({ portal }: Language): Markup {
  const { heading, intro } = portal.authenticator
  return html`<p class="warn">${intro} <a href="${paths.portalAuthenticator}">${heading}</a></p>`
}

function addPart({ portal, beside }: Language, offer: PasskeyOffer): Markup {
  const { passkey: words, common } = portal
  const { provenBy } = offer
  return html`${provenBy === null ? '' : html`<p role="status">${beside.proven}</p><input type="hidden" name="proven_by" value="${provenBy}" />`}
      <input type="hidden" name="challenge" value="${offer.sealedChallenge}" />
      <input type="hidden" name="credential" value="${offer.credential}" autocomplete="off" />
      <div data-offer hidden><button class="calm" type="submit">${words.add}</button></div>
      <p role="alert" data-failed hidden>${words.failed}</p>
      <p role="alert" data-unsupported hidden>${words.unsupported}</p>
      <noscript><p class="warn">${common.needsScript}</p></noscript>`
}

function list(language: Language, passkeys: readonly Passkey[], canChange: boolean): Markup {
  const { passkey: words } = language.portal
  if (passkeys.length === 0) return html`<p>${words.none}</p>`
  return html`<ul class="cards">${passkeys.map((passkey) => card(language, passkey, canChange))}</ul>`
}

function card(language: Language, passkey: Passkey, canChange: boolean): Markup {
  const { passkey: words, common } = language.portal
  const { credentialId, createdAt, lastUsedAt } = passkey
  const name = passkey.name === '' ? words.heading : passkey.name
  const used = lastUsedAt === null ? common.never : formatPageTime(lastUsedAt, language)
  const remove = html`<button class="plain" type="submit" name="credential_id" value="${credentialId}"
        formaction="${paths.portalPasskeysRemove}" aria-label="${common.remove}: ${name}">${common.remove}</button>`
  return html`<li><strong>${name}</strong>
        <p class="muted">${fill(common.since, { time: formatPageTime(createdAt, language) })} ·
          ${words.lastUsed}: ${used}</p>${passkey.isDiscoverable === 1 ? '' : html`<p class="muted">${language.ways.passkeyOld}</p>`}${canChange ? remove : ''}</li>`
}
