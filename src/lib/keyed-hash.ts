// What must be recognised again without being stored: a keyed hash of it, short. Without the key it says
// nothing. Each use has a key of its own, and the text's first words keep one question of a use apart from the others.

import { toBase64Url, utf8 } from './base64.ts'
import { createDerivedKeyCache, type HashUse, type Secret, type Secrets } from './derived-key.ts'
import { createKeyCache, HMAC_SHA256 } from './key-cache.ts'

const derivedKey = createDerivedKeyCache<HashUse>(HMAC_SHA256, ['sign'])
/** Of hashes from before each use had a key: the secret itself. */
const formerKey = createKeyCache(HMAC_SHA256, ['sign'])

/** What is hashed, for what, and how many bytes of the hash are kept. */
export type HashOf = { readonly use: HashUse; readonly text: string; readonly length: number }

/** The first `length` bytes of HMAC-SHA-256, in base64url. `text` opens with what it is for. */
export async function keyedHash(secret: Secret, { use, text, length }: HashOf): Promise<string> {
  return hash(await derivedKey(secret, use), text, length)
}

/** Under each key, the current one first. */
export async function keyedHashes(
  [current, ...older]: Secrets,
  what: HashOf,
): Promise<readonly [string, ...string[]]> {
  const under = (secret: Secret) => keyedHash(secret, what)
  const [first, rest] = await Promise.all([under(current), Promise.all(older.map(under))])
  return [first, ...rest]
}

/** Of what lies in D1 for long: as `keyedHashes`, and then as a former version would have stored it under each key. */
export async function storedHashes(
  secrets: Secrets,
  what: HashOf,
): Promise<readonly [string, ...string[]]> {
  const { text, length } = what
  const former = async (secret: Secret) => hash(await formerKey(secret), text, length)
  const [[first, ...older], formers] = await Promise.all([
    keyedHashes(secrets, what),
    Promise.all(secrets.map(former)),
  ])
  return [first, ...older, ...formers]
}

async function hash(key: CryptoKey, text: string, length: number): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', key, utf8(text))
  return toBase64Url(new Uint8Array(mac).subarray(0, length))
}
