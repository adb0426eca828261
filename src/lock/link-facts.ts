// What a lock link says, in bytes: all of it is in every SMS, where a character less of link is one more of
// the login. Packs and unpacks, in one spelling only; knows no key and trusts no caller.

import { decodeHex, encodeHexLowerCase } from '@oslojs/encoding'
import * as v from 'valibot'
import { fromBase64Url, toBase64Url } from '../lib/base64.ts'
import { AccountIdSchema } from '../lib/fields.ts'

export type LockClaims = {
  readonly accountId: string
  /** The account's alert number: `jti` is unique within `sub`, and short. 0 in a link that tells of no login. */
  readonly alertNumber: number
  /** In seconds since the epoch, as in the token: with it, a link names its alert for ever. */
  readonly expiresAtSeconds: number
}

/** What four bytes hold: until February 2106. */
export const EXPIRY_MAX_SECONDS = 0xffff_ffff

const UUID_KIND = 0
const DIGITS_KIND = 1
const TEXT_KIND = 2

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DIGITS = /^\d+$/
const UUID_BYTES = 16
const EXPIRY_BYTES = 4

/** 35 bits: more than the ten digits that a text shows of a number. */
const NUMBER_BYTES_MAX = 5

/** Base64url of: the account id by its kind, the alert number (LEB128), the expiry (big-endian). */
export function packFacts({ accountId, alertNumber, expiresAtSeconds }: LockClaims): string {
  const bytes = [
    ...packAccountId(accountId),
    ...packNumber(alertNumber),
    ...[24, 16, 8, 0].map((shift) => (expiresAtSeconds >>> shift) & 0xff),
  ]
  return toBase64Url(Uint8Array.from(bytes))
}

/** The claims of `facts`, or null. Reads whatever it can; that packing gives `facts` again is the whole check. */
export function unpackFacts(facts: string): LockClaims | null {
  const bytes = fromBase64Url(facts)
  if (bytes === null) return null
  const { accountId, end } = unpackAccountId(bytes)
  const number = unpackNumber(bytes, end)
  if (number === null || bytes.length !== number.end + EXPIRY_BYTES) return null
  const expiresAtSeconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(number.end)
  const claims = { accountId, alertNumber: number.value, expiresAtSeconds }
  return v.is(AccountIdSchema, accountId) && packFacts(claims) === facts ? claims : null
}

function packAccountId(accountId: string): readonly number[] {
  if (UUID.test(accountId)) return [UUID_KIND, ...decodeHex(accountId.replaceAll('-', ''))]
  const { length } = accountId
  if (!DIGITS.test(accountId)) {
    return [TEXT_KIND, length, ...Array.from(accountId, (character) => character.charCodeAt(0))]
  }
  // Two digits a byte; the half that an odd count leaves over is F.
  return [DIGITS_KIND, length, ...decodeHex(length % 2 === 0 ? accountId : `${accountId}f`)]
}

/** `end` may lie behind the bytes there are: then too few are left for the rest. */
function unpackAccountId(bytes: Uint8Array) {
  const [kind, length = 0] = bytes
  if (kind === UUID_KIND) {
    const hex = encodeHexLowerCase(bytes.subarray(1, 1 + UUID_BYTES))
    const accountId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    return { accountId, end: 1 + UUID_BYTES }
  }
  if (kind === DIGITS_KIND) {
    const end = 2 + Math.ceil(length / 2)
    return { accountId: encodeHexLowerCase(bytes.subarray(2, end)).slice(0, length), end }
  }
  const end = 2 + length
  return { accountId: String.fromCharCode(...bytes.subarray(2, end)), end }
}

/** Unsigned LEB128: seven bits a byte, lowest first; all but the last byte have their high bit set. */
function packNumber(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value
  // Not `>>>`: a number may have more than 32 bits.
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

function unpackNumber(bytes: Uint8Array, start: number) {
  let value = 0
  for (let at = 0; at < NUMBER_BYTES_MAX; at += 1) {
    const byte = bytes[start + at]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 0x80 ** at
    if (byte < 0x80) return { value, end: start + at + 1 }
  }
  return null
}
