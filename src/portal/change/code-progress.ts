// How far the SMS with a code has come, as every page that asks for one may say it: read in one place, and written in one.
// It says "on its way" of nothing that no provider has taken, and blames the number only where a provider does.

import { html } from 'hono/html'
import { BINDING_LIFETIME_MS } from '../../account/binding-rules.ts'
import type { Binding } from '../../account/bindings.ts'
import type { Db } from '../../lib/db.ts'
import { furthestState } from '../../login/attempt.ts'
import type { Notice } from '../../notice/notice.ts'
import { findNewestNotice } from '../../notice/notices.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill, fillDurations } from '../../page/words.ts'

/**
 * progress | meaning
 * --- | ---
 * `pending` | it is being sent, and nobody has taken it yet
 * `sent` | a provider has it
 * `stopped` | a provider holds a STOP of this number
 * `unreachable` | a provider says that the number takes no SMS
 * `failed` | nobody took it, or it did not arrive, for another reason
 */
export type CodeProgress = 'pending' | 'sent' | 'stopped' | 'unreachable' | 'failed'

/** Of the newest SMS of a code; null before it is stored. Pure. */
export function codeProgress(notice: Pick<Notice, 'state' | 'attempts'> | null): CodeProgress {
  if (notice === null) return 'pending'
  const { state, attempts } = notice
  if (furthestState(attempts) !== null) return 'sent'
  if (attempts.some((attempt) => attempt.class === 'opted_out')) return 'stopped'
  // While it is still tried, the last word counts.
  const words = state === 'open' ? attempts.slice(-1) : attempts
  if (words.some((attempt) => attempt.class === 'recipient_permanent')) return 'unreachable'
  return state === 'open' ? 'pending' : 'failed'
}

/** Of a code that can still be typed: one of a new number, or one that proves a change. */
export async function readCodeProgress(
  db: Db,
  kind: 'code' | 'proof_code' | 'contact_code',
  { accountId, bindingId }: Pick<Binding, 'accountId' | 'bindingId'>,
): Promise<CodeProgress> {
  return codeProgress(await findNewestNotice(db, accountId, kind, bindingId))
}

/** `number` is masked. */
export function codeNote(
  { language, exchange }: PageBasics,
  { number, progress }: { readonly number: string; readonly progress: CodeProgress },
): Markup {
  const { number: words } = language.portal
  switch (progress) {
    case 'pending':
      return html`<p>${fill(words.codePending, { number })}</p>`
    case 'sent':
      return html`<p>${fillDurations(language, words.codeSent, { life: BINDING_LIFETIME_MS }, { number })}</p>`
    case 'stopped':
      return html`<p class="warn">${fill(words.codeStopped, { number })}</p>`
    case 'unreachable':
      return html`<p class="warn">${fill(words.codeUnreachable, { number })}</p>`
    case 'failed':
      return html`<p class="warn">${fill(words.notServed, { exchange })}</p>`
  }
}
