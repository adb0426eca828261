// Owners' passkeys, made long before: put where a registration would put them, by its own statement, and used as a browser
// does. One authenticator signs for all of them; each account knows it by a name of its own.

import type { Database } from '../simulate/machine/database.ts'
import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import { createPasskeyDevice } from '../support/passkey-device.ts'
import { readAsked } from '../support/passkeys.ts'
import type { World } from './world.ts'

export type Passkeys = {
  readonly plant: (database: Database, accountId: string, now: number) => void
  /** Of the page behind a link: what it asks, signed; null where it asks for no passkey. */
  readonly answer: (accountId: string, page: string) => URLSearchParams | null
}

const credentialOf = (accountId: string) =>
  Buffer.from(`passkey of ${accountId}`.padEnd(32)).toString('base64url')

/** To be made before the clock is a virtual one: it loads modules. */
export async function createPasskeys(): Promise<Passkeys> {
  const { verifyRegistration } = await import('../../src/account/passkey-ceremony.ts')
  const { insertPasskeyStatement } = await import('../../src/account/passkeys.ts')
  const { openDb } = await import('../../src/lib/db.ts')
  const device = createPasskeyDevice(PUBLIC_ORIGIN)
  const rp = { id: new URL(PUBLIC_ORIGIN).hostname, origin: PUBLIC_ORIGIN, name: 'Example' }
  const challenge = Buffer.alloc(32, 1).toString('base64url')
  const made = await verifyRegistration(rp, challenge, device.register({ challenge }))
  if (!made.ok) throw new Error(`no passkey: ${made.error.reason}`)
  // Writes texts only: whoever has an invocation asks D1.
  const texts = openDb({} as D1Database)
  return {
    plant: (database, accountId, now) => {
      const credentialId = credentialOf(accountId)
      const row = { ...made.value, accountId, credentialId, name: 'iPhone', createdAt: now }
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

/** From the text on the phone: the link, "it was me", the passkey. True where it ended the hold. */
export async function releaseBy(
  world: World,
  accountId: string,
  link: string,
): Promise<{ readonly isReleased: boolean; readonly taps: number }> {
  const get = (url: string) =>
    world.ask({ method: 'GET', url, headers: { 'accept-language': 'en' }, body: '' })
  const first = await get(link)
  const path = /href="([^"]*\/confirm)"/.exec(first.body)?.[1]
  if (path === undefined) return { isReleased: false, taps: 0 }
  const url = new URL(path, link).href
  const page = await get(url)
  const answer = world.passkeys.answer(accountId, page.body)
  if (answer === null) return { isReleased: false, taps: 1 }
  const headers = {
    'accept-language': 'en',
    'content-type': 'application/x-www-form-urlencoded',
    origin: PUBLIC_ORIGIN,
  }
  const { status } = await world.ask({ method: 'POST', url, headers, body: answer.toString() })
  return { isReleased: status === 200, taps: 2 }
}
