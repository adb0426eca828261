// A number as an index can hold it: a keyed hash, so that a reply finds its account although numbers are
// sealed. Without DATA_SECRETS it says nothing; with them, the numbers could be opened anyway.

import { keyedHash } from '../lib/keyed-hash.ts'
import type { SealKeys } from '../lib/seal.ts'

const TAG_BYTES = 16

/** The tag a number is stored with: under the current key. `e164` with its plus. */
export function makePhoneTag(keys: SealKeys, e164: string): Promise<string> {
  return tag(keys[0], e164)
}

/** Every tag the number may be stored with, one per key. */
export function phoneTags(keys: SealKeys, e164: string): Promise<readonly string[]> {
  return Promise.all(keys.map((key) => tag(key, e164)))
}

function tag(key: Uint8Array<ArrayBuffer>, e164: string): Promise<string> {
  return keyedHash(key, `phone-tag ${e164}`, TAG_BYTES)
}
