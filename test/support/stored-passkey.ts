// A passkey of an account as its page would have stored it, and the device that signs with it, without any page.

import { relyingPartyOf, verifyRegistration } from '../../src/account/passkey-ceremony.ts'
import { insertPasskeyStatement, type NewPasskeyRow } from '../../src/account/passkeys.ts'
import type { Db } from '../../src/lib/db.ts'
import { createPasskeyDevice, type PasskeyDevice } from './passkey-device.ts'

type Terms = {
  readonly accountId: string
  readonly createdAt: number
  /** Of the pages that it signs for. */
  readonly origin: string
}

const CHALLENGE = 'Y2hhbGxlbmdl'

export async function storePasskey(
  db: Db,
  { accountId, createdAt, origin }: Terms,
): Promise<{ readonly device: PasskeyDevice; readonly passkey: NewPasskeyRow }> {
  const device = createPasskeyDevice(origin)
  const rp = relyingPartyOf(origin, 'BitEx')
  const answer = device.register({ challenge: CHALLENGE })
  const made = rp && (await verifyRegistration(rp, CHALLENGE, answer))
  if (!made?.ok) throw new Error('the device made no passkey')
  const passkey = { ...made.value, accountId, name: 'Phone', createdAt, isDiscoverable: 1 }
  await insertPasskeyStatement(db, passkey)
  return { device, passkey }
}
