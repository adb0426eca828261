// A secret of the settings is never used itself where we have the choice: each use has a key of its own, derived from it,
// so that what one use shows, or wears out, says nothing of another. Also the name under which a key is spoken of.

import { toBase64Url, utf8 } from './base64.ts'
import { createKeyCache, type HMAC_SHA256 } from './key-cache.ts'

/** 32 random bytes of `DATA_SECRETS` or `LINK_SECRETS`. */
export type Secret = Uint8Array<ArrayBuffer>

/** The current one first, which alone makes something new; every one is tried on what is there. */
export type Secrets = readonly [Secret, ...Secret[]]

/** What is encrypted. Renaming one loses all that was ever encrypted for it. */
export type SealUse =
  | 'phone'
  | 'phrase'
  | 'totp'
  | 'totp-enrolment'
  | 'passkey-challenge'
  | 'push-subscription'
  | 'receipt-ref'
  | 'outcome'
  | 'dead-letter'
  | 'contact-word'
  | 'lock-status'

/** What is only recognised. */
export type HashUse =
  | 'phone-tag'
  | 'login-mark'
  | 'push-device'
  | 'attempt-limit'
  | 'visit'
  | 'passkey-user'

/** What is signed or shown for minutes, and what is printed, of `LINK_SECRETS`. */
export type LinkUse = 'entry-link' | 'binding-code' | 'lock-card' | 'lift-stop'

type KeyUse = SealUse | HashUse | LinkUse | 'key-name'

const KEY_BITS = 256
const NAME_BITS = 24

/** Characters of base64url. */
export const KEY_NAME_LENGTH = 4

const importSecret = createKeyCache({ name: 'HKDF' }, ['deriveBits'])

/** HKDF with SHA-256 (RFC 5869): the secrets are random, so that no salt is needed (§3.1). */
async function derive(secret: Secret, use: KeyUse, bits: number): Promise<Uint8Array<ArrayBuffer>> {
  const how = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: utf8(`lockline ${use}`),
  }
  return new Uint8Array(await crypto.subtle.deriveBits(how, await importSecret(secret), bits))
}

/** A function from a secret and a use of it to the key; derived once per isolate. */
export function createDerivedKeyCache<Use extends KeyUse>(
  algorithm: typeof HMAC_SHA256 | { readonly name: 'AES-GCM' },
  usages: readonly ('sign' | 'verify' | 'encrypt' | 'decrypt')[],
): (secret: Secret, use: Use) => Promise<CryptoKey> {
  const derived = new WeakMap<Secret, Map<Use, CryptoKey>>()
  return async function derivedKey(secret, use) {
    const known = derived.get(secret)?.get(use)
    if (known) return known
    const raw = await derive(secret, use, KEY_BITS)
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, [...usages])
    const ofSecret = derived.get(secret) ?? new Map<Use, CryptoKey>()
    derived.set(secret, ofSecret.set(use, key))
    return key
  }
}

const names = new WeakMap<Secret, string>()

/**
 * Four characters of `[A-Za-z0-9_-]` that tell a secret from the others of its setting: derived like a key, so that they
 * say nothing of it. Two secrets in seventeen million have the same; then both are tried.
 */
export async function keyName(secret: Secret): Promise<string> {
  const known = names.get(secret)
  if (known !== undefined) return known
  const name = toBase64Url(await derive(secret, 'key-name', NAME_BITS))
  names.set(secret, name)
  return name
}

/** In the order of the setting. */
export function keyNames(secrets: Secrets): Promise<readonly string[]> {
  return Promise.all(secrets.map(keyName))
}
