// What must be recognised again without being stored: a keyed hash of it, short. Without the key it says
// nothing, and the text's first words keep one use of a key apart from the others.

import { toBase64Url, utf8 } from './base64.ts'
import { createKeyCache, HMAC_SHA256 } from './key-cache.ts'

const importKey = createKeyCache(HMAC_SHA256, ['sign'])

/** The first `length` bytes of HMAC-SHA-256, in base64url. `text` opens with what it is for. */
export async function keyedHash(
  key: Uint8Array<ArrayBuffer>,
  text: string,
  length: number,
): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await importKey(key), utf8(text))
  return toBase64Url(new Uint8Array(mac).subarray(0, length))
}
