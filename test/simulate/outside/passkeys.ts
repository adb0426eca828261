// Owners' passkeys, made long before: put where a registration would put them, by its own statement, and used as a browser
// does. One authenticator signs for all of them; each account knows it by a name of its own. Its key is always the same, and
// so is its signature of the same text (Ed25519).

import { createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { createPasskeyDevice } from '../../support/passkey-device.ts'
import { readAsked } from '../../support/passkeys.ts'
import type { Database } from '../machine/database.ts'
import { getJson, PUBLIC_ORIGIN, recordOf, textOf } from '../world.ts'

export type Passkeys = {
  readonly plant: (database: Database, accountId: string, createdAt: number) => void
  /** Of a page that asks for a passkey: what it asks, signed; null where it asks for none. */
  readonly answer: (accountId: string, page: string) => URLSearchParams | null
}

const credentialOf = (accountId: string) =>
  Buffer.from(`passkey of ${accountId}`.padEnd(32)).toString('base64url')

/** RFC 8410: 32 bytes of a private key of Ed25519, in PKCS #8. */
const PRIVATE_KEY = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
})
const PUBLIC_KEY = createPublicKey(PRIVATE_KEY)

/** To be made before the clock is a virtual one: it loads modules. */
export async function createPasskeys(): Promise<Passkeys> {
  const { verifyRegistration } = await import('../../../src/account/passkey-ceremony.ts')
  const { insertPasskeyStatement } = await import('../../../src/account/passkeys.ts')
  const { openDb } = await import('../../../src/lib/db.ts')
  const device = createPasskeyDevice(PUBLIC_ORIGIN, undefined, PRIVATE_KEY)
  const rp = { id: new URL(PUBLIC_ORIGIN).hostname, origin: PUBLIC_ORIGIN, name: 'Example' }
  const challenge = Buffer.alloc(32, 1).toString('base64url')
  const made = await verifyRegistration(rp, challenge, device.register({ challenge }))
  if (!made.ok) throw new Error(`no passkey: ${made.error.reason}`)
  // Writes texts only: whoever has an invocation asks D1.
  const texts = openDb({} as D1Database)
  return {
    plant: (database, accountId, createdAt) => {
      const credentialId = credentialOf(accountId)
      const row = { ...made.value, accountId, credentialId, name: 'iPhone', createdAt }
      const { sql, params } = insertPasskeyStatement(texts, { ...row, isDiscoverable: 1 }).toSQL()
      const values = params.map((value) => {
        if (typeof value === 'string' || typeof value === 'number') return value
        throw new Error('a value of a passkey is neither text nor number')
      })
      const [stored] = database.transaction([{ text: sql, values }])
      if (stored?.changes !== 1) throw new Error(`no passkey for ${accountId}`)
    },
    answer: (accountId, page) => {
      if (!page.includes('data-options')) return null
      const asked = readAsked(page)
      const id = credentialOf(accountId)
      const assertion: object = JSON.parse(device.assert({ challenge: asked.challenge }))
      const credential = JSON.stringify({ ...assertion, id, rawId: id })
      return new URLSearchParams({ challenge: asked.sealed, credential })
    },
  }
}

/** Whether `hold.lifted` carries the owner's signature of just this end, as an exchange checks it that trusts nobody else. */
export function isSignedLift(data: Readonly<Record<string, unknown>>): boolean {
  const assertion = recordOf(data.assertion)
  const read = (name: string) => Buffer.from(textOf(assertion[name]) ?? '', 'base64url')
  const account = textOf(data.account_id) ?? ''
  const text = `lift\n${account}\n${String(data.hold_id)}\n${String(data.expires_at)}`
  const clientData = read('client_data_json')
  const { challenge, type } = recordOf(getJson(clientData.toString()))
  const signed = Buffer.concat([read('authenticator_data'), sha256(clientData)])
  return (
    assertion.credential_id === credentialOf(account) &&
    type === 'webauthn.get' &&
    challenge === sha256(Buffer.from(text)).toString('base64url') &&
    verify(null, signed, PUBLIC_KEY, read('signature'))
  )
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
