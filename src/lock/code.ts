// The lock without a link: four letters and digits in every alert's SMS, to be sent back or typed in.
// Derived from the same facts as the link, never stored. Short, so worthless without the limits on
// guessing that code-lock.ts keeps.

import { utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import type { SealKeys } from '../lib/seal.ts'
import { foldCode } from '../lib/typed-text.ts'
import type { LockClaims } from './link-facts.ts'

/** No 0, 1, I or O: nobody misreads a code, or misspells it aloud. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const CODE_LENGTH = 4

/** A word alone is no code, so that HELP can be a request for help: one digit at least. */
const CODE = /^(?=.*\d)[2-9A-HJ-NP-Z]{4}$/

const importKey = createKeyCache(HMAC_SHA256, ['sign'])

/** One code per key, that of the current key first. */
export async function deriveLockCodes(
  keys: SealKeys,
  claims: LockClaims,
): Promise<readonly [string, ...string[]]> {
  const [current, ...rest] = keys
  const older = await Promise.all(rest.map((key) => deriveCode(key, claims)))
  return [await deriveCode(current, claims), ...older]
}

async function deriveCode(key: Uint8Array<ArrayBuffer>, claims: LockClaims): Promise<string> {
  const { accountId, alertNumber, expiresAtSeconds } = claims
  // Never the text of a link's payload: a code must not be a part of a signature.
  const input = utf8(`lock-code ${alertNumber} ${expiresAtSeconds} ${accountId}`)
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await importKey(key), input))
  // 32 divides 256: every character is as likely as any other.
  const text = Array.from(mac, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')
  for (let at = 0; at + CODE_LENGTH <= text.length; at += CODE_LENGTH) {
    const code = text.slice(at, at + CODE_LENGTH)
    if (CODE.test(code)) return code
  }
  return `7${text.slice(1, CODE_LENGTH)}`
}

/** A code as somebody may have typed it: see `foldCode`; the word LOCK may stand before or after it. */
export function readLockCode(text: string): string | null {
  const code = foldCode(text).replace(/^LOCK(?=.{4}$)|(?<=^.{4})LOCK$/, '')
  return CODE.test(code) ? code : null
}
