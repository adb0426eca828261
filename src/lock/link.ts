// The lock link: a JWT (RFC 7519, HS256) of which the link carries only what differs from link to link, its
// facts in bytes and the signature. Mints and verifies; touches no storage.

import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { lockPath } from '../paths.ts'
import { EXPIRY_MAX_SECONDS, type LockClaims, packFacts, unpackFacts } from './link-facts.ts'
import { OLD_TOKEN_MAX_LENGTH, unpackOldFacts } from './old-link.ts'
import { joinToken, readTokenParts, signingInput } from './token-parts.ts'

/** A link lives for 24 h after the login it warns of. */
export const LINK_LIFETIME_MS = DAY_MS

/** In characters. A link of today has 144 at most. */
export const TOKEN_MAX_LENGTH = OLD_TOKEN_MAX_LENGTH

/** `forged` covers every link we did not make, whatever is wrong with it; an `expired` one is ours, and locks no more. */
export type LinkRefusal =
  | { readonly reason: 'forged' }
  | { readonly reason: 'expired'; readonly claims: LockClaims }

// A link is made for every alert and checked at every look.
const importKey = createKeyCache(HMAC_SHA256, ['sign', 'verify'])

/** What the link and the code of an alert are made of: all of it follows from the login. */
export function lockClaims(accountId: string, alertNumber: number, occurredAt: number): LockClaims {
  const expiresAtSeconds = Math.floor((occurredAt + LINK_LIFETIME_MS) / SECOND_MS)
  // An exchange may report any instant, and a link has four bytes for its end.
  const bounded = Math.min(Math.max(expiresAtSeconds, 0), EXPIRY_MAX_SECONDS)
  return { accountId, alertNumber, expiresAtSeconds: bounded }
}

/**
 * `{facts}.{signature}`, 59 to 144 characters; ends in a letter or digit, since linkifiers cut `-` and `_`.
 * Tests hold the signature against jose's `SignJWT`.
 */
export async function mintLockToken(keys: SealKeys, claims: LockClaims): Promise<string> {
  const key = await importKey(keys[0])
  const mac = await crypto.subtle.sign('HMAC', key, signedText(claims))
  return joinToken(packFacts(claims), mac)
}

export function lockUrl(origin: string, token: string): string {
  return origin + lockPath(token)
}

/**
 * Claims of a genuine link, whichever key made it. Header and order of claims are ours and part of what is
 * signed, so there is nothing to negotiate: one HMAC a key. Tests hold this against jose's `jwtVerify`.
 */
export async function verifyLockToken(
  keys: SealKeys,
  token: string,
  now: number,
): Promise<Result<LockClaims, LinkRefusal>> {
  const link = readLink(token)
  if (!link) return err({ reason: 'forged' })
  const signed = signedText(link.claims)
  for (const key of keys) {
    // `verify` compares in constant time.
    if (await crypto.subtle.verify('HMAC', await importKey(key), link.signature, signed)) {
      // RFC 7519 §4.1.4: not accepted on or after the expiration time.
      const isExpired = link.claims.expiresAtSeconds * SECOND_MS <= now
      return isExpired ? err({ reason: 'expired', claims: link.claims }) : ok(link.claims)
    }
  }
  return err({ reason: 'forged' })
}

function signedText({ accountId, alertNumber, expiresAtSeconds }: LockClaims) {
  const claims = { sub: accountId, jti: String(alertNumber), exp: expiresAtSeconds }
  return signingInput('lock+jwt', claims)
}

function readLink(token: string) {
  const parts = readTokenParts(token, TOKEN_MAX_LENGTH)
  const claims = parts && (unpackFacts(parts.facts) ?? unpackOldFacts(parts.facts))
  return claims && { claims, signature: parts.signature }
}
