// Encryption at rest and of opaque references: AES-256-GCM, several keys, the first one writes.
// Refuses to open anything that was sealed for another purpose or another row (the context).

import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from './base64.ts'
import { createKeyCache } from './key-cache.ts'
import type { Ports } from './ports.ts'

/** The first key seals; every key opens. Each is 32 random bytes. */
export type SealKeys = readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]

const NONCE_BYTES = 12

const importKey = createKeyCache({ name: 'AES-GCM' }, ['encrypt', 'decrypt'])

/**
 * Seals `text` for `context` (e.g. `accounts/10482113/phone`): base64url of nonce and ciphertext.
 * 96-bit random nonces stay below the collision bound of NIST SP 800-38D §8.3 for 2^32 seals a key.
 */
export async function seal(
  random: Ports['randomBytes'],
  keys: SealKeys,
  context: string,
  text: string,
): Promise<string> {
  const nonce = random(NONCE_BYTES)
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: utf8(context) },
    await importKey(keys[0]),
    utf8(text),
  )
  const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength)
  sealed.set(nonce)
  sealed.set(new Uint8Array(ciphertext), NONCE_BYTES)
  return toBase64Url(sealed)
}

/** Opens what `seal` made with any of the keys; null for a forgery, another context or a lost key. */
export async function open(
  keys: SealKeys,
  context: string,
  sealed: string,
): Promise<string | null> {
  const bytes = fromBase64Url(sealed)
  if (!bytes || bytes.length <= NONCE_BYTES) return null
  const iv = bytes.subarray(0, NONCE_BYTES)
  const additionalData = utf8(context)
  for (const raw of keys) {
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData },
        await importKey(raw),
        bytes.subarray(NONCE_BYTES),
      )
      return fromUtf8(new Uint8Array(plain))
    } catch {
      // Not this key: an older one may have sealed it.
    }
  }
  return null
}
