// The page on which the owner ends what holds withdrawals: everything behind it, and one button for all of it, by a passkey
// or by a code of the authenticator app. Markup only; the code's form needs no script.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import { TOTP_STEP_MS } from '../../account/totp.ts'
import type { Login } from '../../login/login.ts'
import type { Markup } from '../../page/markup.ts'
import { fill, fillDurations, formatPageTime } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { activityOnPages } from '../../words/activity-on-pages.ts'
import type { Language } from '../../words/language.ts'
import { type ConfirmPage, frame, intro, loginFacts } from '../confirm-page.ts'
import type { StoredHold } from '../holds.ts'
import { type Release, shownName } from './release.ts'

export type ReleaseOffer = {
  /** Null where no passkey is asked for. */
  readonly passkey: AssertionOffer | null
  readonly problem: string | null
}

export function releasePage(page: ConfirmPage, release: Release, offer: ReleaseOffer): Markup {
  const { language } = page
  const { release: words } = language
  const { passkey, problem } = offer
  return frame(
    page,
    words.heading,
    html`${intro(page)}
      <p>${fill(words.because, { time: formatPageTime(release.until, language) })}</p>
      <ul>${release.holds.map((hold) => ownItem(language, hold))}${release.events.map((event) => item(language, event))}</ul>
      <p><strong>${words.ask}</strong></p>
      ${problem === null ? '' : html`<p role="alert">${problem}</p>`}
      ${passkey ? passkeyForm(language, release, passkey) : ''}
      ${release.proofs.hasTotp ? codeForm(language, release) : ''}
      ${passkey ? html`<script src="${paths.lockConfirmScript}" defer></script>` : ''}`,
  )
}

export function releasedPage(page: ConfirmPage): Markup {
  const { release: words } = page.language
  const text = fill(words.done, { exchange: page.exchange })
  return frame(page, words.doneHeading, html`${intro(page)}<p role="status">${text}</p>`)
}

/** What was done on the owner's pages, by him or in his place, has no alert. */
function ownItem(language: Language, { alertId, cause, startedAt }: StoredHold): Markup | '' {
  if (alertId !== null) return ''
  const { passkey, authenticator } = language.portal
  const isPasskey = cause === 'passkey_added' || cause === 'passkey_removed'
  const what = isPasskey ? passkey.heading : authenticator.heading
  return html`<li>${what} · ${formatPageTime(startedAt, language)}</li>`
}

function item(language: Language, event: Login): Markup {
  const what = event.activity === null ? '' : html`${activityOnPages(event.activity, language)} · `
  const number = event.alertNumber === null ? '' : `#${event.alertNumber} · `
  return html`<li>${number}${what}${loginFacts(event, language)}</li>`
}

function passkeyForm(
  { portal, release: words }: Language,
  release: Release,
  asked: AssertionOffer,
): Markup {
  const { confirm, common, passkey } = portal
  return html`<form method="post" data-options="${asked.options}">
        <input type="hidden" name="shown" value="${shownName(release)}" />
        <input type="hidden" name="challenge" value="${asked.sealedChallenge}" />
        <input type="hidden" name="credential" value="" autocomplete="off" />
        <div data-offer hidden><p>${portal.number.passkeyHint}</p>
          <button class="calm" type="submit">${words.button}</button></div>
        <p role="alert" data-failed hidden>${confirm.failed}</p>
        <p role="alert" data-unsupported hidden>${passkey.unsupported}</p>
        <noscript><p>${passkey.heading}: ${common.needsScript}</p></noscript>
      </form>`
}

function codeForm(language: Language, release: Release): Markup {
  const { common } = language.portal
  const hint = fillDurations(language, common.totpHint, { step: TOTP_STEP_MS })
  return html`<form method="post">
        <input type="hidden" name="shown" value="${shownName(release)}" />
        <label for="totp">${common.totpLabel}</label>
        <input id="totp" name="totp" type="text" inputmode="numeric" autocomplete="one-time-code" dir="ltr"
          required maxlength="20" aria-describedby="totp-hint" />
        <small id="totp-hint">${hint}</small>
        <button class="calm" type="submit">${language.release.button}</button>
      </form>`
}
