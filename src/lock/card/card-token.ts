// The lock card's link: a JWT (RFC 7519, HS256) like that of a lock link, of another type and under a key of its own. It does
// not expire: that it was revoked stands in its account. Mints and verifies; touches no storage.

import { createDerivedKeyCache, keyName, type LinkUse, type Secret } from '../../lib/derived-key.ts'
import { HMAC_SHA256 } from '../../lib/key-cache.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { packFacts, unpackFacts } from '../link-facts.ts'
import { joinToken, readTokenParts, signingInput } from '../token-parts.ts'

export type CardClaims = {
  readonly accountId: string
  /** Random, of four bytes: `jti`. */
  readonly cardNumber: number
  /** `iat`, in seconds. */
  readonly issuedAtSeconds: number
}

/** In characters: of the longest account id and a number of five bytes. */
export const CARD_TOKEN_MAX_LENGTH = 144

const signingKey = createDerivedKeyCache<LinkUse>(HMAC_SHA256, ['sign', 'verify'])

/** Under the key of this name, as the card on paper; null where that is in the list no more. */
export async function mintCardToken(
  keys: SealKeys,
  name: string,
  claims: CardClaims,
): Promise<string | null> {
  for (const secret of keys) {
    if ((await keyName(secret)) === name) return mint(secret, claims)
  }
  return null
}

async function mint(secret: Secret, claims: CardClaims): Promise<string> {
  const key = await signingKey(secret, 'lock-card')
  return joinToken(factsOf(claims), await crypto.subtle.sign('HMAC', key, signed(claims)))
}

/** Null for what none of the keys signed, and for every other spelling of what one did. */
export async function readCardToken(keys: SealKeys, token: string): Promise<CardClaims | null> {
  const parts = readTokenParts(token, CARD_TOKEN_MAX_LENGTH)
  const facts = parts && unpackFacts(parts.facts)
  if (!parts || !facts) return null
  const { accountId, alertNumber, expiresAtSeconds } = facts
  const claims = { accountId, cardNumber: alertNumber, issuedAtSeconds: expiresAtSeconds }
  const input = signed(claims)
  for (const secret of keys) {
    const key = await signingKey(secret, 'lock-card')
    if (await crypto.subtle.verify('HMAC', key, parts.signature, input)) return claims
  }
  return null
}

/** In the bytes of a lock link: account, number, four bytes of an instant. */
function factsOf({ accountId, cardNumber, issuedAtSeconds }: CardClaims): string {
  return packFacts({ accountId, alertNumber: cardNumber, expiresAtSeconds: issuedAtSeconds })
}

function signed({ accountId, cardNumber, issuedAtSeconds }: CardClaims) {
  const claims = { sub: accountId, jti: String(cardNumber), iat: issuedAtSeconds }
  return signingInput('card+jwt', claims)
}
