// A name for a secret that a log line may hold: enough to tell which of a few it was, of no use to whoever reads it. For
// keys and ids of many random bits only; what can be guessed can be found by its hash.

import { utf8 } from './base64.ts'

const BYTES = 4

/** Eight hexadecimal digits: the first of SHA-256, as `printf '%s' KEY | sha256sum | cut -c1-8` prints them. */
export async function shortHash(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
  return Array.from(digest.subarray(0, BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
}
