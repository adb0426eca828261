// How a link of ours is made of its parts, whatever it says: facts in bytes, a full stop, 32 bytes of signature over the JWT
// that the facts stand for. Takes a token apart and puts one together; verifies nothing.

import { fromBase64Url, toBase64Url, utf8 } from '../lib/base64.ts'

const SIGNATURE_BYTES = 32

const HEADERS = {
  'lock+jwt': segmentOf({ alg: 'HS256', typ: 'lock+jwt' }),
  'card+jwt': segmentOf({ alg: 'HS256', typ: 'card+jwt' }),
  'stop+jwt': segmentOf({ alg: 'HS256', typ: 'stop+jwt' }),
} as const

export type TokenParts = {
  readonly facts: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Base64url has several spellings of the same bytes (stray bits, padding); a link has exactly one. */
export function readTokenParts(token: string, maxLength: number): TokenParts | null {
  // Before anything is decoded: whoever forges pays for the length.
  if (token.length > maxLength) return null
  const [facts = '', signatureText = '', ...rest] = token.split('.')
  const signature = fromBase64Url(signatureText)
  return signature?.length !== SIGNATURE_BYTES || rest.length > 0 ? null : { facts, signature }
}

/** Ends in a letter or digit: 32 bytes leave four bits in the last base64url character, a multiple of four, never - or _. */
export function joinToken(facts: string, mac: ArrayBuffer): string {
  return `${facts}.${toBase64Url(new Uint8Array(mac))}`
}

/** What is signed, RFC 7515 §5.1: the header and the claims, in this order and without a blank. */
export function signingInput(
  typ: keyof typeof HEADERS,
  claims: Readonly<Record<string, string | number>>,
): Uint8Array<ArrayBuffer> {
  return utf8(`${HEADERS[typ]}.${segmentOf(claims)}`)
}

function segmentOf(part: Readonly<Record<string, string | number>>): string {
  return toBase64Url(utf8(JSON.stringify(part)))
}
