// The lock link: a JWT (RFC 7519, HS256) without its header, which is always the same bytes and would
// cost 45 characters of every SMS. Mints and verifies; touches no storage.

import { errors, jwtVerify, SignJWT } from 'jose'
import * as v from 'valibot'
import { isCanonicalBase64Url, toBase64Url, utf8 } from '../lib/base64.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { lockPath } from '../paths.ts'

const HEADER = { alg: 'HS256', typ: 'lock+jwt' } as const
const HEADER_SEGMENT = toBase64Url(utf8(JSON.stringify(HEADER)))

/** A link lives for 24 h after the login it warns of. */
export const LINK_LIFETIME_MS = DAY_MS

const TOKEN_MAX_LENGTH = 512
/** 32 bytes in base64url. */
const SIGNATURE_LENGTH = 43

export type LockClaims = {
  readonly accountId: string
  /** The account's alert number: `jti` is unique within `sub`, and short. */
  readonly alertNumber: number
}

/** `forged` covers every link we did not make, whatever is wrong with it. */
export type LinkRefusal = { readonly reason: 'forged' | 'expired' }

const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>()

/** Imported once per isolate: a link is made for every alert and checked at every look. */
function importKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  let key = imported.get(raw)
  if (!key) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    key = crypto.subtle.importKey('raw', raw, algorithm, false, ['sign', 'verify'])
    imported.set(raw, key)
  }
  return key
}

/** `{payload}.{signature}`; ends in a letter or digit, since linkifiers cut `-` and `_`. */
export async function mintLockToken(
  keys: SealKeys,
  claims: LockClaims,
  occurredAt: number,
): Promise<string> {
  const jwt = await new SignJWT({
    sub: claims.accountId,
    jti: String(claims.alertNumber),
    exp: Math.floor((occurredAt + LINK_LIFETIME_MS) / SECOND_MS),
  })
    .setProtectedHeader(HEADER)
    .sign(await importKey(keys[0]))
  // 32 bytes leave four bits in the last base64url character, a multiple of four: never - or _.
  return jwt.slice(HEADER_SEGMENT.length + 1)
}

export function lockUrl(origin: string, token: string): string {
  return origin + lockPath(token)
}

const ClaimsSchema = v.strictObject({
  sub: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,64}$/)),
  jti: v.pipe(v.string(), v.regex(/^[1-9]\d{0,9}$/)),
  exp: v.number(),
})

/** Claims of a genuine link, whichever key made it. Only the canonical spelling of a token counts. */
export async function verifyLockToken(
  keys: SealKeys,
  token: string,
  now: number,
): Promise<Result<LockClaims, LinkRefusal>> {
  if (!isCanonical(token)) return err({ reason: 'forged' })
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(`${HEADER_SEGMENT}.${token}`, await importKey(key), {
        algorithms: [HEADER.alg],
        typ: HEADER.typ,
        currentDate: new Date(now),
      })
      const claims = v.safeParse(ClaimsSchema, payload)
      if (!claims.success) return err({ reason: 'forged' })
      return ok({ accountId: claims.output.sub, alertNumber: Number(claims.output.jti) })
    } catch (error) {
      if (error instanceof errors.JWTExpired) return err({ reason: 'expired' })
      if (!(error instanceof errors.JOSEError)) throw error
    }
  }
  return err({ reason: 'forged' })
}

// jose takes several spellings of one token (stray bits, padding); a link has exactly one.
function isCanonical(token: string): boolean {
  if (token.length > TOKEN_MAX_LENGTH) return false
  const [payload, signature, ...rest] = token.split('.')
  if (!payload || !signature || rest.length > 0) return false
  return (
    isCanonicalBase64Url(payload) &&
    isCanonicalBase64Url(signature) &&
    signature.length === SIGNATURE_LENGTH
  )
}
