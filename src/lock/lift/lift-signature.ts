// What the owner's passkey signs when it ends holds, so that the exchange can check it without believing us: a text that names
// the holds, under the passkey's own signature. Whose holds they are to end is decided elsewhere.

import { readAssertion } from '../../account/passkey-ceremony.ts'
import { fromBase64Url, utf8 } from '../../lib/base64.ts'
import { formatInstant } from '../../lib/time.ts'
import type { SignedFields } from '../holds.ts'

/** In the order in which they are signed, and at least one. */
type SignedHolds = { readonly accountId: string; readonly holdIds: readonly string[] }

/** The text that is signed, as its hash; several holds stand in the place of one, a blank between them. */
export async function liftChallenge(
  { accountId, holdIds }: SignedHolds,
  expiresAt: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = `lift\n${accountId}\n${holdIds.join(' ')}\n${formatInstant(expiresAt)}`
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}

/** As the exchange reads them: in their one spelling, or two would be two lifts. Null for any other. */
export function signedFields(
  credential: string,
  holdIds: readonly string[],
  expiresAt: number,
): SignedFields | null {
  const assertion = readAssertion(credential)
  if (!assertion) return null
  const { authenticatorData, clientDataJSON, signature } = assertion.response
  const all = [assertion.id, authenticatorData, clientDataJSON, signature]
  if (all.some((text) => fromBase64Url(text) === null)) return null
  return {
    assertion: {
      credential_id: assertion.id,
      authenticator_data: authenticatorData,
      client_data_json: clientDataJSON,
      signature,
    },
    expires_at: formatInstant(expiresAt),
    signed_hold_ids: holdIds,
  }
}
