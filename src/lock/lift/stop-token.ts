// The link that stops a lift: a JWT (RFC 7519, HS256) like that of a lock link, of another type and under a key of its own. It
// can stop one request and nothing else, until that is due. Mints and verifies; touches no storage.

import { createDerivedKeyCache, type LinkUse } from '../../lib/derived-key.ts'
import { HMAC_SHA256 } from '../../lib/key-cache.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { SECOND_MS } from '../../lib/time.ts'
import { liftStopPath } from '../../paths.ts'
import { packFacts, unpackFacts } from '../link-facts.ts'
import { joinToken, readTokenParts, signingInput } from '../token-parts.ts'

export type StopClaims = {
  readonly accountId: string
  /** Random, of four bytes: `jti`. */
  readonly requestNumber: number
  /** When the lift is due: `exp`, in seconds, the next whole one. */
  readonly dueAtSeconds: number
}

/** In characters: of the longest account id and a number of five bytes. */
const TOKEN_MAX_LENGTH = 144

const signingKey = createDerivedKeyCache<LinkUse>(HMAC_SHA256, ['sign', 'verify'])

export function stopClaims(accountId: string, requestNumber: number, dueAt: number): StopClaims {
  return { accountId, requestNumber, dueAtSeconds: Math.ceil(dueAt / SECOND_MS) }
}

export async function stopUrl(origin: string, keys: SealKeys, claims: StopClaims): Promise<string> {
  const key = await signingKey(keys[0], 'lift-stop')
  const mac = await crypto.subtle.sign('HMAC', key, signed(claims))
  return origin + liftStopPath(joinToken(factsOf(claims), mac))
}

/** Null for what none of the keys signed, and for every other spelling of what one did. Whether it is due is the caller's. */
export async function readStopToken(keys: SealKeys, token: string): Promise<StopClaims | null> {
  const parts = readTokenParts(token, TOKEN_MAX_LENGTH)
  const facts = parts && unpackFacts(parts.facts)
  if (!parts || !facts) return null
  const { accountId, alertNumber, expiresAtSeconds } = facts
  const claims = { accountId, requestNumber: alertNumber, dueAtSeconds: expiresAtSeconds }
  const input = signed(claims)
  for (const secret of keys) {
    const key = await signingKey(secret, 'lift-stop')
    if (await crypto.subtle.verify('HMAC', key, parts.signature, input)) return claims
  }
  return null
}

/** In the bytes of a lock link: account, number, four bytes of an instant. */
function factsOf({ accountId, requestNumber, dueAtSeconds }: StopClaims): string {
  return packFacts({ accountId, alertNumber: requestNumber, expiresAtSeconds: dueAtSeconds })
}

function signed({ accountId, requestNumber, dueAtSeconds }: StopClaims) {
  const claims = { sub: accountId, jti: String(requestNumber), exp: dueAtSeconds }
  return signingInput('stop+jwt', claims)
}
