// The news that an owner has a new passkey, with its public key: so the exchange can check what it signs, whatever we say.

import { deriveId } from '../lib/ids.ts'
import type { NewCallback } from './outbox.ts'

export type AddedPasskey = {
  readonly accountId: string
  readonly credentialId: string
  /** As `toPublicPasskey` has it. */
  readonly jwk: Readonly<Record<string, string>>
  readonly alg: number
  readonly rpId: string
}

/** Once for a passkey that was added at that instant. */
export async function passkeyAddedCallback(
  { accountId, credentialId, jwk, alg, rpId }: AddedPasskey,
  addedAt: number,
): Promise<NewCallback> {
  return {
    accountId,
    callbackId: await deriveId('cbk', 'passkey.added', accountId, credentialId, String(addedAt)),
    type: 'passkey.added',
    data: { account_id: accountId, credential_id: credentialId, jwk, alg, rp_id: rpId },
  }
}
