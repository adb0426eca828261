// Encryption at rest and of opaque references: AES-256-GCM, several keys, the first one writes. A sealed text begins with
// the name of its key. Refuses to open anything that was sealed for another purpose or another row (the context).

import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from './base64.ts'
import {
  createDerivedKeyCache,
  keyName,
  type SealUse,
  type Secret,
  type Secrets,
} from './derived-key.ts'
import { createKeyCache } from './key-cache.ts'
import type { Ports } from './ports.ts'

/** The first key seals; every key opens. Each is 32 random bytes. */
export type SealKeys = Secrets

/** What a text is sealed for: `use` has a key of its own, `context` names the row (e.g. `accounts/10482113/phone`). */
export type SealPurpose = { readonly use: SealUse; readonly context: string }

/**
 * So often may one derived key seal: NIST SP 800-38D §8.3, for random nonces of 96 bits. Each use has its own; ops/key-report.ts
 * estimates how far a key is.
 */
export const SEALS_MAX = 2 ** 32

const NONCE_BYTES = 12
const SEPARATOR = '.'
const AES_GCM = { name: 'AES-GCM' } as const

const derivedKey = createDerivedKeyCache<SealUse>(AES_GCM, ['encrypt', 'decrypt'])
/** Of texts from before keys had names: the secret itself. */
const formerKey = createKeyCache(AES_GCM, ['decrypt'])

/** `name.base64url`, of nonce and ciphertext. */
export async function seal(
  random: Ports['randomBytes'],
  keys: SealKeys,
  { use, context }: SealPurpose,
  text: string,
): Promise<string> {
  const [current] = keys
  const nonce = random(NONCE_BYTES)
  const ciphertext = await crypto.subtle.encrypt(
    { ...AES_GCM, iv: nonce, additionalData: utf8(context) },
    await derivedKey(current, use),
    utf8(text),
  )
  const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength)
  sealed.set(nonce)
  sealed.set(new Uint8Array(ciphertext), NONCE_BYTES)
  return (await keyName(current)) + SEPARATOR + toBase64Url(sealed)
}

/** The name of the key, as the text has it; null where the text is from before keys had names. */
export function sealedWith(sealed: string): string | null {
  const end = sealed.indexOf(SEPARATOR)
  return end === -1 ? null : sealed.slice(0, end)
}

/** Opens what `seal` made with any of the keys; null for a forgery, another context or a lost key. */
export async function open(
  keys: SealKeys,
  purpose: SealPurpose,
  sealed: string,
): Promise<string | null> {
  const name = sealedWith(sealed)
  const bytes = fromBase64Url(name === null ? sealed : sealed.slice(name.length + 1))
  if (!bytes || bytes.length <= NONCE_BYTES) return null
  for (const secret of keys) {
    const key = await keyFor(secret, purpose, name)
    const text = key && (await decrypt(key, purpose.context, bytes))
    if (text !== null) return text
  }
  return null
}

/** Null for a secret of another name. */
async function keyFor(secret: Secret, { use }: SealPurpose, name: string | null) {
  if (name === null) return formerKey(secret)
  return (await keyName(secret)) === name ? derivedKey(secret, use) : null
}

async function decrypt(
  key: CryptoKey,
  context: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  const iv = bytes.subarray(0, NONCE_BYTES)
  try {
    const additionalData = utf8(context)
    const how = { ...AES_GCM, iv, additionalData }
    return fromUtf8(
      new Uint8Array(await crypto.subtle.decrypt(how, key, bytes.subarray(NONCE_BYTES))),
    )
  } catch {
    // Not this key: another one may have sealed it.
    return null
  }
}

export type Resealed =
  /** Of the current key already. */
  | { readonly kind: 'current' }
  | { readonly kind: 'resealed'; readonly sealed: string; readonly text: string }
  /** No key opens it: it is left as it is. */
  | { readonly kind: 'lost' }

/** Under the current key what an older one, or a former version, has sealed. */
export async function reseal(
  random: Ports['randomBytes'],
  keys: SealKeys,
  purpose: SealPurpose,
  sealed: string,
): Promise<Resealed> {
  if (sealedWith(sealed) === (await keyName(keys[0]))) return { kind: 'current' }
  const text = await open(keys, purpose, sealed)
  if (text === null) return { kind: 'lost' }
  return { kind: 'resealed', sealed: await seal(random, keys, purpose, text), text }
}
