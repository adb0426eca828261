// A number as an index can hold it: a keyed hash, so that a reply finds its account although numbers are
// sealed. Without DATA_SECRETS it says nothing; with them, the numbers could be opened anyway.

import { type HashOf, keyedHash, storedHashes } from '../lib/keyed-hash.ts'
import type { SealKeys } from '../lib/seal.ts'

const TAG_BYTES = 16

/** The tag a number is stored with: under the current key. `e164` with its plus. */
export function makePhoneTag(keys: SealKeys, e164: string): Promise<string> {
  return keyedHash(keys[0], tagOf(e164))
}

/** Every tag the number may be stored with, that of the current key first. */
export function phoneTags(keys: SealKeys, e164: string): Promise<readonly [string, ...string[]]> {
  return storedHashes(keys, tagOf(e164))
}

function tagOf(e164: string): HashOf {
  return { use: 'phone-tag', text: `phone-tag ${e164}`, length: TAG_BYTES }
}
