// The page that sets up an authenticator app: a QR picture, the same key to type, a field for the first code.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import type { Language } from '../../words/language.ts'
import { besidePasskey } from '../change/beside-passkey.ts'
import { passkeyFields } from '../change/passkey-fields.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote, totpField } from '../layout.ts'
import { qrPicture } from '../qr-picture.ts'

export type Proposal = {
  /** Base32. */
  readonly secret: string
  readonly sealed: string
  /** What the picture holds (Key Uri Format). */
  readonly uri: string
}

/** Where one is set up; whoever has it no more is told where to turn. */
export function presentBody({ language, exchange }: PageBasics): Markup {
  const { authenticator: words, common } = language.portal
  return html`<p>${words.has}</p><p class="muted">${fill(common.recovery, { exchange })}</p>`
}

/** The way here, from the pages whose changes take its code. */
export function authenticatorLink({ portal }: Language, hasAuthenticator: boolean): Markup {
  const { authenticator: words } = portal
  return html`<a href="${paths.portalAuthenticator}">${hasAuthenticator ? words.has : words.heading}</a>`
}

/** In place of a form that takes its code, where none is set up: the way on, no dead end. */
export function setUpFirst(language: Language): Markup {
  return html`<p class="warn">${language.portal.authenticator.intro}</p>
    <p>${authenticatorLink(language, false)}</p>`
}

export function authenticatorBody(
  page: PageBasics,
  proposal: Proposal,
  {
    problem,
    proof,
    passkey,
    waitNote,
  }: {
    readonly problem: string | null
    /** A code to the bound number is asked for, if there is a way to give one. */
    readonly proof: { readonly field: ProofField | null } | null
    /** One of the account's is asked for. */
    readonly passkey: AssertionOffer | null
    /** What it does beside. */
    readonly waitNote: Markup | ''
  },
): Markup {
  const { language } = page
  const { authenticator: words } = language.portal
  const button = html`<button class="calm" type="submit">${words.button}</button>`
  const groups = proposal.secret.match(/.{1,4}/g) ?? []
  return html`${problemNote(problem)}
    <p>${words.intro}</p>
    <p>${words.scan}</p>
    <div class="qr" role="img" aria-label="${words.scan}">${qrPicture(proposal.uri)}</div>
    <p><a href="${proposal.uri}">${words.openApp}</a></p>
    <p>${words.typeIn} <code dir="ltr">${groups.join(' ')}</code></p>
    ${passkey === null ? '' : html`${besidePasskey(page)}<p><a href="${paths.portalPasskeys}">${language.portal.passkey.heading}</a></p>`}
    <form method="post" ${passkey === null ? '' : html`data-options="${passkey.options}"`}>
      <input type="hidden" name="proposal" value="${proposal.sealed}" />
      ${totpField(language)}
      ${proof === null || passkey !== null ? '' : proofFields(page, proof.field)}
      ${waitNote}
      ${passkey === null ? button : passkeyFields(language, passkey, button)}
    </form>`
}
