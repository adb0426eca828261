// The page for the lock by code: a number, a code, one button. Works without script, keeps what was typed
// when it was wrong, and gives one answer to every wrong pair.

import { html } from 'hono/html'
import type { AssertionOffer } from '../account/passkey-answer.ts'
import { MINUTE_MS } from '../lib/time.ts'
import type { Markup, PageBasics } from '../page/markup.ts'
import { fillDurations, fillWait } from '../page/words.ts'
import { paths } from '../paths.ts'
import { effectList } from './action-list.ts'
import { LINK_LIFETIME_MS } from './link.ts'
import type { LockAction } from './lock-actions.ts'
import { layout } from './page.ts'

export type CodeForm = { readonly phone: string; readonly code: string }

export type CodeProblem =
  | { readonly kind: 'refused' | 'failed' }
  /** A passkey that did not verify. */
  | { readonly kind: 'passkey' }
  /** A code of four, which is for a reply. */
  | { readonly kind: 'reply_code' }
  /** The form of the number; says nothing of whose it may be. */
  | { readonly kind: 'not_international' | 'not_mobile' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export const NOTHING_TYPED: CodeForm = { phone: '', code: '' }

export type CodePage = {
  /** As it was sent, escaped here. */
  readonly typed: CodeForm
  readonly problem: CodeProblem | null
  /** Null where there can be no passkeys. */
  readonly offer: AssertionOffer | null
  /** What a lock asks for. */
  readonly actions: readonly LockAction[]
}

export function codePage(page: PageBasics, { typed, problem, offer, actions }: CodePage): Markup {
  const words = page.language.lock
  const isOf = (kinds: readonly CodeProblem['kind'][]) =>
    problem !== null && kinds.includes(problem.kind) ? 'true' : 'false'
  const isPhoneWrong = isOf(['refused', 'not_international', 'not_mobile'])
  return layout(
    page,
    words.codeHeading,
    html`${problem ? html`<p role="alert" id="problem">${problemText(page, problem)}</p>` : ''}
      <p>${words.codeIntro}</p>
      <form method="post">
        <label for="phone">${words.phoneLabel}</label>
        <input id="phone" name="phone" type="tel" inputmode="tel" autocomplete="tel" dir="ltr" required
          maxlength="40" value="${typed.phone}" aria-invalid="${isPhoneWrong}" aria-describedby="phone-hint" />
        <small id="phone-hint">${words.phoneHint}</small>
        <label for="code">${words.codeLabel}</label>
        <input id="code" name="code" type="text" autocomplete="off" autocapitalize="characters"
          spellcheck="false" dir="ltr" required maxlength="40" value="${typed.code}"
          aria-invalid="${isOf(['refused', 'reply_code'])}" aria-describedby="code-hint" />
        <small id="code-hint">${words.codeHint}</small>
        <button type="submit">${words.lockButton}</button>
      </form>
      ${effectList(page, actions)}
      ${offer === null ? '' : passkeyPart(page, offer)}`,
  )
}

/** The button comes with the script, which asks the device when it is pressed, and never by itself. */
function passkeyPart({ language }: PageBasics, offer: AssertionOffer): Markup {
  const { ways, portal, lock } = language
  return html`<h2>${ways.passkeyHeading}</h2>
      <form method="post" action="${paths.lockByPasskey}" data-options="${offer.options}">
        <input type="hidden" name="challenge" value="${offer.sealedChallenge}" />
        <input type="hidden" name="credential" value="" autocomplete="off" />
        <div data-offer hidden><p>${ways.passkeyText}</p>
          <button type="submit">${lock.lockButton}</button></div>
        <p role="alert" data-failed hidden>${ways.passkeyFailed}</p>
        <p data-unsupported hidden>${portal.passkey.unsupported}</p>
        <noscript><p>${portal.common.needsScript}</p></noscript>
      </form>
      <script src="${paths.lockConfirmScript}" defer></script>`
}

/** D1 is away: neither number nor code was looked at, so nothing is said of either. */
export function codeKeptPage(page: PageBasics): Markup {
  const words = page.language.lock
  return layout(
    page,
    words.codeHeading,
    html`<p role="status">${words.codeKept}</p>
      <p><a href="${paths.lockByCode}">${words.useCode}</a></p>`,
  )
}

function problemText({ language }: PageBasics, problem: CodeProblem): string {
  const words = language.lock
  switch (problem.kind) {
    case 'refused':
      return fillDurations(language, words.codeRefused, { life: LINK_LIFETIME_MS })
    case 'not_international':
      return language.portal.number.notInternational
    case 'not_mobile':
      return language.portal.number.notMobile
    case 'reply_code':
      return words.codeHint
    case 'failed':
      return words.failed
    case 'passkey':
      return language.ways.passkeyFailed
    case 'limited':
      return fillWait(language, words.codeLimited, problem.retryAfterMs, MINUTE_MS)
  }
}
