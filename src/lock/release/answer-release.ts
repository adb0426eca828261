// The owner's answer on the page that ends what holds withdrawals: by a passkey or by a code. Believes nothing but a proof that
// is verified, of exactly what the page has shown.

import { findAccount } from '../../account/accounts.ts'
import type { OwnerProof } from '../../account/owner-proofs.ts'
import { offerAssertion, verifyAnswer } from '../../account/passkey-answer.ts'
import { relyingPartyOf } from '../../account/passkey-ceremony.ts'
import { type MatchedTotp, matchTotp, type TotpVerdict } from '../../account/totp-check.ts'
import { returnVisitTry } from '../../guard/visit-tries.ts'
import { logInfo } from '../../lib/log.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { Login } from '../../login/login.ts'
import { scriptPageHeaders, show } from '../../page/respond.ts'
import { fillWait } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'
import type { ConfirmPage } from '../confirm-page.ts'
import { countPasskeyTry } from '../confirm-tries.ts'
import type { SignedFields } from '../holds.ts'
import { liftChallenge, signedFields } from '../lift/lift-signature.ts'
import type { LockClaims } from '../link-facts.ts'
import type { LockContext } from '../lock-context.ts'
import { type Release, shownName } from './release.ts'
import { releaseHolds } from './release-holds.ts'
import { releasedPage, releasePage } from './release-page.ts'

/** Of a genuine link. */
export type Visitor = {
  readonly context: LockContext
  readonly claims: LockClaims
  readonly page: ConfirmPage
  readonly ip: string
}

export type FreshLook =
  | { readonly kind: 'release'; readonly release: Release }
  | { readonly kind: 'settled'; readonly response: Response }

type Refusal = { readonly problem: string; readonly status: 422 | 429 }

/** Each look at it gets a challenge of its own. */
export async function showRelease(
  { context, claims, page }: Visitor,
  release: Release,
  refused: Refusal | null = null,
): Promise<Response> {
  const { config } = context
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const { passkeys } = release.proofs
  const question = { purpose: purpose(claims, release), passkeys }
  const signable = { accountId: release.accountId, holdIds: holdIdsOf(release) }
  const passkey =
    rp && passkeys.length > 0
      ? await offerAssertion(context, rp, question, (expiresAt) =>
          liftChallenge(signable, expiresAt),
        )
      : null
  const markup = releasePage(page, release, { passkey, problem: refused?.problem ?? null })
  return show(markup, refused?.status ?? 200, await scriptPageHeaders())
}

function holdIdsOf({ holds }: Release): readonly string[] {
  return holds.map(({ holdId }) => holdId)
}

/** An answer to what one link's page has shown is worth nothing at another's, nor once there is more to show. */
function purpose(
  { accountId, alertNumber, expiresAtSeconds }: LockClaims,
  release: Release,
): string {
  return `passkey-release/${accountId}/${alertNumber}/${expiresAtSeconds}/${shownName(release)}`
}

/** `session`: the login behind the link, to be confirmed beside it by a passkey; null where there is none. */
export async function answerRelease(
  visitor: Visitor,
  { release, session }: { readonly release: Release; readonly session: Login | null },
  {
    form,
    lookAgain,
  }: { readonly form: URLSearchParams; readonly lookAgain: () => Promise<FreshLook> },
): Promise<Response> {
  const { context, page } = visitor
  const byCode = form.has('totp')
  const read = byCode
    ? await readCode(visitor, release, form)
    : await readPasskey(visitor, release, form)
  if (read.kind === 'refused') return showRelease(visitor, release, read.refusal)
  const { proof, signed } = read
  const told = byCode ? null : session
  if (await releaseHolds(context, release, { proof, signed, session: told })) {
    if (read.taken) await returnVisitTry(context.dbOf(release.accountId), read.taken)
    return show(releasedPage(page), 200)
  }
  // Another request was first, or a lock; or more has happened since the page was read.
  const now = await lookAgain()
  if (now.kind === 'settled') return now.response
  return showRelease(visitor, now.release, failed(page.language))
}

function failed({ portal }: Language): Refusal {
  return { problem: portal.confirm.failed, status: 422 }
}

type ReadProof =
  | {
      readonly kind: 'read'
      readonly proof: OwnerProof
      /** By a passkey; a code signs nothing. */
      readonly signed: SignedFields | null
      readonly taken: MatchedTotp['taken'] | null
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

async function readPasskey(
  { context, claims, page, ip }: Visitor,
  release: Release,
  form: URLSearchParams,
): Promise<ReadProof> {
  const { language } = page
  const { accountId, proofs } = release
  const counted = await countPasskeyTry(context, { accountId, ip })
  if (!counted.isAllowed) {
    return { kind: 'refused', refusal: tooMany(language, counted.retryAfterMs) }
  }
  const question = { purpose: purpose(claims, release), passkeys: proofs.passkeys }
  const answered = await verifyAnswer(context, question, form)
  if (!answered.ok) {
    logInfo('passkey.refused', { account_id: accountId, reason: answered.error.reason })
    return { kind: 'refused', refusal: failed(language) }
  }
  const { use, expiresAt } = answered.value
  const signed = signedFields(form.get('credential') ?? '', holdIdsOf(release), expiresAt)
  if (!signed) {
    logInfo('passkey.refused', { account_id: accountId, reason: 'malformed' })
    return { kind: 'refused', refusal: failed(language) }
  }
  return { kind: 'read', proof: { kind: 'passkey', ...use }, signed, taken: null }
}

/** Counted with the codes typed on the owner's pages: guesses here are none more. */
async function readCode(
  { context, claims, page }: Visitor,
  release: Release,
  form: URLSearchParams,
): Promise<ReadProof> {
  const { language } = page
  const { accountId, proofs } = release
  const refuse = (refusal: Refusal) => ({ kind: 'refused', refusal }) as const
  if (!proofs.hasTotp || form.get('shown') !== shownName(release)) return refuse(failed(language))
  const db = context.dbOf(accountId)
  const account = await findAccount(db, accountId)
  if (!account || account.totpSealed === null) return refuse(failed(language))
  const attempt = {
    account,
    visitId: `link ${claims.alertNumber}`,
    typed: form.get('totp') ?? '',
    dataKeys: context.config.dataKeys,
  }
  const matched = await matchTotp(db, attempt, context.now())
  if (matched.kind === 'matched') {
    const { step, taken } = matched
    const { totpSealed } = account
    return {
      kind: 'read',
      proof: { kind: 'totp', accountId, totpSealed, step },
      signed: null,
      taken,
    }
  }
  logInfo('totp.refused', { account_id: accountId, reason: matched.kind })
  return refuse(codeRefusal(language, matched))
}

function codeRefusal(
  language: Language,
  verdict: Exclude<TotpVerdict, { kind: 'ok' | 'used' }>,
): Refusal {
  if (verdict.kind === 'limited') return tooMany(language, verdict.retryAfterMs)
  if (verdict.kind === 'not_set_up') return failed(language)
  return { problem: language.portal.common.totpRefused, status: 422 }
}

function tooMany(language: Language, retryAfterMs: number): Refusal {
  const { tooManyTries } = language.portal.common
  return {
    problem: fillWait(language, tooManyTries, retryAfterMs, MINUTE_MS),
    status: 429,
  }
}
