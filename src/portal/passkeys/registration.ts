// What the browser is asked when a passkey is added. Its challenge says which passkey has proven that another may be: one that
// only a passkey's answer opens is sealed for nobody else, so the proof travels with it, for as long as it counts.

import {
  passkeyUserHandle,
  type RelyingParty,
  registrationOptions,
} from '../../account/passkey-ceremony.ts'
import { openChallenge, sealChallenge } from '../../account/passkey-challenge.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import type { PasskeyOffer } from './page.ts'

/** An answer of a device, with what it answers. */
export type Kept = Omit<PasskeyOffer, 'options'>

type Sealed = Pick<PasskeyOffer, 'sealedChallenge' | 'provenBy'>

/** `kept`: an answer that was good while the typed code was not; it is not asked for again. */
export async function offerRegistration(
  c: VisitContext,
  rp: RelyingParty,
  { kept, provenBy }: { readonly kept: Kept | null; readonly provenBy: string | null },
): Promise<PasskeyOffer> {
  const { config, now, randomBytes } = c.env.context
  const { account, passkeys } = c.var
  const userHandle = await passkeyUserHandle(config.dataKeys, account.accountId)
  const asked = await registrationOptions(randomBytes, rp, userHandle, passkeys)
  const options = JSON.stringify(asked)
  if (kept) return { options, ...kept }
  const sealedChallenge = await sealChallenge(
    randomBytes,
    config.dataKeys,
    purpose(c, provenBy),
    asked.challenge,
    now(),
  )
  return { options, sealedChallenge, credential: '', provenBy }
}

/** Null for a challenge that is forged, too old, of another visit, or was opened by another passkey, or by none. */
export async function openRegistration(
  c: VisitContext,
  { sealedChallenge, provenBy }: Sealed,
): Promise<string | null> {
  const { config, now } = c.env.context
  return openChallenge(config.dataKeys, purpose(c, provenBy), sealedChallenge, now())
}

/** An answer to a challenge of this visit is worth nothing in another. */
function purpose(c: VisitContext, provenBy: string | null): string {
  const { accountId, visitId } = c.var.visit
  const whose = `${accountId}/${visitId}`
  return provenBy === null
    ? `passkey-registration/${whose}`
    : `passkey-registration-proven/${whose}/${provenBy}`
}
