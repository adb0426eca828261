// What /lock asks the browser, of nobody by name: any passkey of ours that the device has. Made without D1 and without the
// library of the ceremonies, which a page that is only looked at has no need of.

import type { AssertionOffer } from '../../account/passkey-answer.ts'
import { relyingPartyOf } from '../../account/passkey-ceremony.ts'
import { CHALLENGE_LIFETIME_MS, sealChallenge } from '../../account/passkey-challenge.ts'
import { toBase64Url } from '../../lib/base64.ts'
import type { LockContext } from '../lock-context.ts'

/** An answer to it is worth nothing elsewhere, nor one of elsewhere here. */
export const PASSKEY_LOCK_PURPOSE = 'passkey-lock'

/** WebAuthn §13.4.3 asks for 16 at least. */
const CHALLENGE_BYTES = 32

/** Null where this deployment's address can have no passkeys. */
export async function offerPasskeyLock({
  config,
  now,
  randomBytes,
}: LockContext): Promise<AssertionOffer | null> {
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  if (!rp) return null
  const challenge = toBase64Url(randomBytes(CHALLENGE_BYTES))
  const options = {
    challenge,
    rpId: rp.id,
    timeout: CHALLENGE_LIFETIME_MS,
    allowCredentials: [],
    userVerification: 'required',
  }
  const purpose = PASSKEY_LOCK_PURPOSE
  const sealed = await sealChallenge(randomBytes, config.dataKeys, purpose, challenge, now())
  return { options: JSON.stringify(options), sealedChallenge: sealed }
}
