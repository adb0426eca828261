// Vonage signs its Messages webhooks with a JWT (HS256, the account's signature secret) that holds the
// SHA-256 of the body. It has no end of its own, so its age is judged here. The URL is not signed.
// Source: https://developer.vonage.com/en/getting-started/concepts/webhooks (signed webhooks)

import { errors, type JWTPayload, jwtVerify } from 'jose'
import { fromBase64Url, utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { CallbackRefusal, RawCallback } from '../provider.ts'

/** How far a callback's `iat` may be from now, either way. */
const LONGEST_AGE_MS = 5 * MINUTE_MS

/**
 * Ok where `callback` is Vonage's, for the account `apiKey`, and of these five minutes.
 * `stale` is a right signature of another time: a replay, or a clock gone wrong.
 */
export async function verifyVonageCallback(
  callback: RawCallback,
  account: { readonly apiKey: string; readonly signatureSecret: string },
  now: number,
): Promise<Result<void, CallbackRefusal>> {
  const bearer = /^bearer +(\S+)\s*$/i.exec(callback.headers.get('authorization') ?? '')
  const verified = await verifyVonageToken(bearer?.[1] ?? '', account.signatureSecret, now)
  if (!verified.ok) return verified

  const claims = verified.value
  const isOurs = claims.iss === 'Vonage' && claims.api_key === account.apiKey
  if (!isOurs || !(await isHashOf(callback.body, claims.payload_hash))) return UNSIGNED
  if (claims.iat === undefined) return UNSIGNED
  return Math.abs(now - claims.iat * 1000) <= LONGEST_AGE_MS ? ok(undefined) : STALE
}

/** The claims of a JWT signed with `secret` by HS256 and nothing else. */
export async function verifyVonageToken(
  token: string,
  secret: string,
  now: number,
): Promise<Result<JWTPayload, CallbackRefusal>> {
  if (secret === '') return UNSIGNED
  // Base64url has several spellings of one signature, and jose takes them all.
  if (!token.split('.').every((part) => fromBase64Url(part) !== null)) return UNSIGNED
  try {
    const options = { algorithms: ['HS256'], currentDate: new Date(now) }
    return ok((await jwtVerify(token, utf8(secret), options)).payload)
  } catch (error) {
    return error instanceof errors.JWTExpired ? STALE : UNSIGNED
  }
}

async function isHashOf(body: Uint8Array<ArrayBuffer>, claim: unknown): Promise<boolean> {
  if (typeof claim !== 'string') return false
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return timingSafeEqual(utf8(claim.toLowerCase()), utf8(hex))
}

const UNSIGNED = err({ reason: 'unsigned' } as const)
const STALE = err({ reason: 'stale' } as const)
