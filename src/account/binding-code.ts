// The six digits that prove a number is its owner's: derived from the binding, never stored.

import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import { createDerivedKeyCache, type LinkUse } from '../lib/derived-key.ts'
import { HMAC_SHA256 } from '../lib/key-cache.ts'
import type { SealKeys } from '../lib/seal.ts'

export type BindingKey = { readonly accountId: string; readonly bindingId: string }

const CODES = 1_000_000
const DIGITS = 6

const derivedKey = createDerivedKeyCache<LinkUse>(HMAC_SHA256, ['sign'])

/** The code that is sent: that of the current key. */
export function bindingCode(keys: SealKeys, binding: BindingKey): Promise<string> {
  return deriveCode(keys[0], binding)
}

/** `typed` of six digits; looks at every key whatever it finds. */
export async function isBindingCode(
  keys: SealKeys,
  binding: BindingKey,
  typed: string,
): Promise<boolean> {
  const codes = await Promise.all(keys.map((key) => deriveCode(key, binding)))
  const matches = codes.map((code) => timingSafeEqual(utf8(code), utf8(typed)))
  return matches.includes(true)
}

/** 48 bits over a million codes: the bias is one in 281 million. */
async function deriveCode(
  secret: SealKeys[number],
  { accountId, bindingId }: BindingKey,
): Promise<string> {
  const input = utf8(`binding-code ${bindingId} ${accountId}`)
  const mac = await crypto.subtle.sign('HMAC', await derivedKey(secret, 'binding-code'), input)
  const view = new DataView(mac)
  const number = (view.getUint16(0) * 2 ** 32 + view.getUint32(2)) % CODES
  return String(number).padStart(DIGITS, '0')
}
