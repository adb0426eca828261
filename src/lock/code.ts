// The lock without a link: a code in every alert's SMS. Four letters and digits to be sent back from the number that got
// it; eight where no answer is possible, to be typed into the lock page by whoever knows them, from anywhere. Derived from
// the same facts as the link, never stored. The short one is worthless without the limits on guessing that code-lock.ts keeps.

import { utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import type { SealKeys } from '../lib/seal.ts'
import { foldCode } from '../lib/typed-text.ts'
import type { LockClaims } from './link-facts.ts'

/** No 0, 1, I or O: nobody misreads a code, or misspells it aloud. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const REPLY_CODE_LENGTH = 4
/** 40 bits: nobody guesses it, so that no limit has to stand between it and its owner. */
/** More than a code in pieces, with what may stand around it. */
const TYPED_WORDS_MAX = 12
const TYPED_CODE_LENGTH = 8

/** A word alone is no code, so that HELP can be a request for help: one digit at least. */
const REPLY_CODE = /^(?=.*\d)[2-9A-HJ-NP-Z]{4}$/

const TYPED_CODE = /^[2-9A-HJ-NP-Z]{8}$/

const importKey = createKeyCache(HMAC_SHA256, ['sign'])

/** For a reply. One code per key, that of the current key first. */
export function deriveReplyCodes(
  keys: SealKeys,
  claims: LockClaims,
): Promise<readonly [string, ...string[]]> {
  return perKey(keys, async (key) => {
    const text = await deriveText(key, 'lock-code', claims)
    for (let at = 0; at + REPLY_CODE_LENGTH <= text.length; at += REPLY_CODE_LENGTH) {
      const code = text.slice(at, at + REPLY_CODE_LENGTH)
      if (REPLY_CODE.test(code)) return code
    }
    return `7${text.slice(1, REPLY_CODE_LENGTH)}`
  })
}

/** For the lock page. One code per key, that of the current key first; without the gap. */
export function deriveTypedCodes(
  keys: SealKeys,
  claims: LockClaims,
): Promise<readonly [string, ...string[]]> {
  return perKey(keys, async (key) =>
    (await deriveText(key, 'typed-lock-code', claims)).slice(0, TYPED_CODE_LENGTH),
  )
}

/** The codes of an alert that are as long as this one. */
export function deriveCodesLike(
  typed: string,
  keys: SealKeys,
  claims: LockClaims,
): Promise<readonly [string, ...string[]]> {
  return typed.length === TYPED_CODE_LENGTH
    ? deriveTypedCodes(keys, claims)
    : deriveReplyCodes(keys, claims)
}

/** In two groups of four, as it stands in the SMS: `7K3Q M2WX`. */
export function showTypedCode(code: string): string {
  return `${code.slice(0, TYPED_CODE_LENGTH / 2)} ${code.slice(TYPED_CODE_LENGTH / 2)}`
}

async function perKey(
  [current, ...rest]: SealKeys,
  derive: (key: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<readonly [string, ...string[]]> {
  const [first, older] = await Promise.all([derive(current), Promise.all(rest.map(derive))])
  return [first, ...older]
}

/** 32 signs of the alphabet; `kind` keeps one code from saying anything of the other. */
async function deriveText(
  key: Uint8Array<ArrayBuffer>,
  kind: string,
  { accountId, alertNumber, expiresAtSeconds }: LockClaims,
): Promise<string> {
  // Never the text of a link's payload: a code must not be a part of a signature.
  const input = utf8(`${kind} ${alertNumber} ${expiresAtSeconds} ${accountId}`)
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await importKey(key), input))
  // 32 divides 256: every character is as likely as any other.
  return Array.from(mac, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')
}

/** A reply's code as somebody may have typed it: see `foldCode`; the word LOCK may stand before or after it. */
export function readReplyCode(text: string): string | null {
  const code = foldCode(text).replace(/^LOCK(?=.{4}$)|(?<=^.{4})LOCK$/, '')
  return REPLY_CODE.test(code) ? code : null
}

/** The same for the lock page's code, with its gap or without. */
export function readTypedCode(text: string): string | null {
  const words = text.trim().split(/\s+/, TYPED_WORDS_MAX).map(foldCode)
  // What stands before it may be the word that our own SMS prints there.
  for (let first = 0; first < words.length; first += 1) {
    const code = words
      .slice(first)
      .join('')
      .replace(/^LOCK(?=.{8}$)|(?<=^.{8})LOCK$/, '')
    if (TYPED_CODE.test(code)) return code
  }
  return null
}
