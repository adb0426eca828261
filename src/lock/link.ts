// The lock link: a JWT (RFC 7519, HS256) without its header, which is always the same bytes and would
// cost 45 characters of every SMS. Mints and verifies; touches no storage.

import { SignJWT } from 'jose'
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { lockPath } from '../paths.ts'

const HEADER = { alg: 'HS256', typ: 'lock+jwt' } as const
const HEADER_SEGMENT = toBase64Url(utf8(JSON.stringify(HEADER)))

/** A link lives for 24 h after the login it warns of. */
export const LINK_LIFETIME_MS = DAY_MS

const TOKEN_MAX_LENGTH = 512
const SIGNATURE_BYTES = 32

export type LockClaims = {
  readonly accountId: string
  /** The account's alert number: `jti` is unique within `sub`, and short. 0 in a link that tells of no login. */
  readonly alertNumber: number
  /** In seconds since the epoch, as in the token: with it, a link names its alert for ever. */
  readonly expiresAtSeconds: number
}

/** `forged` covers every link we did not make, whatever is wrong with it. */
export type LinkRefusal = { readonly reason: 'forged' | 'expired' }

// A link is made for every alert and checked at every look.
const importKey = createKeyCache(HMAC_SHA256, ['sign', 'verify'])

/** What the link and the code of an alert are made of: all of it follows from the login. */
export function lockClaims(accountId: string, alertNumber: number, occurredAt: number): LockClaims {
  const expiresAtSeconds = Math.floor((occurredAt + LINK_LIFETIME_MS) / SECOND_MS)
  return { accountId, alertNumber, expiresAtSeconds }
}

/** `{payload}.{signature}`; ends in a letter or digit, since linkifiers cut `-` and `_`. */
export async function mintLockToken(keys: SealKeys, claims: LockClaims): Promise<string> {
  const jwt = await new SignJWT({
    sub: claims.accountId,
    jti: String(claims.alertNumber),
    exp: claims.expiresAtSeconds,
  })
    .setProtectedHeader(HEADER)
    .sign(await importKey(keys[0]))
  // 32 bytes leave four bits in the last base64url character, a multiple of four: never - or _.
  return jwt.slice(HEADER_SEGMENT.length + 1)
}

export function lockUrl(origin: string, token: string): string {
  return origin + lockPath(token)
}

/**
 * Claims of a genuine link, whichever key made it. The header is ours and part of what is signed, so
 * there is nothing to negotiate: one HMAC, then the claims. Tests hold this against jose's `jwtVerify`.
 */
export async function verifyLockToken(
  keys: SealKeys,
  token: string,
  now: number,
): Promise<Result<LockClaims, LinkRefusal>> {
  const parts = splitToken(token)
  if (!parts) return err({ reason: 'forged' })
  const signed = utf8(`${HEADER_SEGMENT}.${parts.payloadText}`)
  for (const key of keys) {
    // `verify` compares in constant time.
    if (await crypto.subtle.verify('HMAC', await importKey(key), parts.signature, signed)) {
      return readClaims(parts.payload, now)
    }
  }
  return err({ reason: 'forged' })
}

/** Total, though only we can have signed it: an older deployment may have meant something else. */
function readClaims(payload: Uint8Array, now: number): Result<LockClaims, LinkRefusal> {
  const claims = parseClaims(payload)
  if (!claims) return err({ reason: 'forged' })
  // RFC 7519 §4.1.4: not accepted on or after the expiration time.
  if (claims.expiresAtSeconds * SECOND_MS <= now) return err({ reason: 'expired' })
  return ok(claims)
}

// The one text `mintLockToken` writes; whatever else is signed with our key is no link.
const CLAIMS =
  /^\{"sub":"([A-Za-z0-9_.:-]{1,64})","jti":"(0|[1-9]\d{0,9})","exp":([1-9]\d{0,11})\}$/

function parseClaims(payload: Uint8Array): LockClaims | null {
  const [, accountId, alertNumber, expiresAtSeconds] = CLAIMS.exec(fromUtf8(payload) ?? '') ?? []
  if (!accountId || !alertNumber || !expiresAtSeconds) return null
  return {
    accountId,
    alertNumber: Number(alertNumber),
    expiresAtSeconds: Number(expiresAtSeconds),
  }
}

// Base64url has several spellings of the same bytes (stray bits, padding); a link has exactly one.
function splitToken(token: string) {
  if (token.length > TOKEN_MAX_LENGTH) return null
  const [payloadText = '', signatureText = '', ...rest] = token.split('.')
  const payload = fromBase64Url(payloadText)
  const signature = fromBase64Url(signatureText)
  if (!payload || signature?.length !== SIGNATURE_BYTES || rest.length > 0) return null
  return { payloadText, payload, signature }
}
