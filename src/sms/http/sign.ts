// What an API wants signed of a request: an HMAC-SHA256 over a pattern of the template, made when the body is finished.

import { fromBase64, toBase64, utf8 } from '../../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../../lib/key-cache.ts'
import { fillPattern, type PlaceholderValues } from './placeholders.ts'
import type { SignRule } from './template-request.ts'

const importKey = createKeyCache(HMAC_SHA256, ['sign'])

/** The key that `secret` stands for, or null where it is not written as the rule says. */
export function signingKey(rule: SignRule, secret: string): Uint8Array<ArrayBuffer> | null {
  const key = rule.key === 'base64' ? fromBase64(secret) : utf8(secret)
  return key && key.length > 0 ? key : null
}

/** Undefined where a placeholder of the signed text has no value. */
export async function signRequest(
  rule: SignRule,
  key: Uint8Array<ArrayBuffer>,
  values: PlaceholderValues,
): Promise<string | undefined> {
  const text = fillPattern(rule.text, values, (value) => value)
  if (text === undefined) return undefined
  const signature = await crypto.subtle.sign('HMAC', await importKey(key), utf8(text))
  const bytes = new Uint8Array(signature)
  return rule.encoding === 'base64' ? toBase64(bytes) : toHex(bytes)
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
