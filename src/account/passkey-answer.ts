// What an owner is asked to sign with a passkey, and whether the answer is one. For one purpose each: an answer to a
// challenge of another is worth nothing. What the answer then does is the asking room's; it also notes that it was used.

import type { Ports } from '../lib/ports.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import {
  assertionOptions,
  type CeremonyRefusal,
  type RelyingParty,
  readAssertion,
  relyingPartyOf,
  verifyAssertion,
} from './passkey-ceremony.ts'
import { CHALLENGE_LIFETIME_MS, openWholeChallenge, sealChallenge } from './passkey-challenge.ts'
import type { Passkey, PasskeyUse } from './passkeys.ts'

export type PasskeyContext = Pick<Ports, 'now' | 'randomBytes'> & {
  readonly config: {
    readonly publicOrigin: string
    readonly exchangeName: string
    readonly dataKeys: SealKeys
  }
}

/** Of one account, and what they are asked for. */
export type PasskeyQuestion = {
  readonly purpose: string
  readonly passkeys: readonly Passkey[]
}

/** What is signed, where somebody else is to check it too, and until when it counts; else it is a fresh one. */
export type ChallengeOf = (expiresAt: number) => Promise<Uint8Array<ArrayBuffer>>

export type AssertionOffer = {
  /** What the browser is asked, as JSON. */
  readonly options: string
  readonly sealedChallenge: string
}

/** With a challenge of its own. */
export async function offerAssertion(
  { config, now, randomBytes }: PasskeyContext,
  rp: RelyingParty,
  { purpose, passkeys }: PasskeyQuestion,
  challengeOf?: ChallengeOf,
): Promise<AssertionOffer> {
  const askedAt = now()
  const challenge = await challengeOf?.(askedAt + CHALLENGE_LIFETIME_MS)
  const asked = await assertionOptions(randomBytes, rp, passkeys, challenge)
  const sealedChallenge = await sealChallenge(
    randomBytes,
    config.dataKeys,
    purpose,
    asked.challenge,
    askedAt,
  )
  return { options: JSON.stringify(asked), sealedChallenge }
}

export type AnswerRefusal =
  | CeremonyRefusal
  | { readonly reason: 'no_party' | 'challenge' | 'unknown_passkey' }

export type VerifiedAnswer = {
  readonly use: PasskeyUse
  readonly challenge: string
  /** Until when the challenge counted, as `ChallengeOf` was told. */
  readonly expiresAt: number
}

/** The form that `offerAssertion` was shown in: fields `challenge` and `credential`. Total. */
export async function verifyAnswer(
  { config, now }: PasskeyContext,
  { purpose, passkeys }: PasskeyQuestion,
  form: URLSearchParams,
): Promise<Result<VerifiedAnswer, AnswerRefusal>> {
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  if (!rp) return err({ reason: 'no_party' })
  const sealed = form.get('challenge') ?? ''
  const opened = await openWholeChallenge(config.dataKeys, purpose, sealed, now())
  if (opened === null) return err({ reason: 'challenge' })
  const { challenge, expiresAt } = opened
  const assertion = readAssertion(form.get('credential') ?? '')
  if (!assertion) return err({ reason: 'malformed' })
  const passkey = passkeys.find(({ credentialId }) => credentialId === assertion.id)
  if (!passkey) return err({ reason: 'unknown_passkey' })
  const signCount = await verifyAssertion(rp, { assertion, challenge, passkey })
  if (!signCount.ok) return signCount
  const { accountId, credentialId } = passkey
  return ok({ use: { accountId, credentialId, signCount: signCount.value }, challenge, expiresAt })
}
