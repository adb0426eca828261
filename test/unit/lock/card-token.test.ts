// The lock card's link: whoever holds it may lock, so exactly the cards we made count, in one spelling, for as long as their
// key is in the list.

import fc from 'fast-check'
import { jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { keyName } from '../../../src/lib/derived-key.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import {
  CARD_TOKEN_MAX_LENGTH,
  type CardClaims,
  mintCardToken,
  readCardToken,
} from '../../../src/lock/card/card-token.ts'
import { mintLockToken, verifyLockToken } from '../../../src/lock/link.ts'
import { anyAccountId } from './any-account-id.ts'

const KEY = new Uint8Array(32).fill(1)
const OLD_KEY = new Uint8Array(32).fill(2)
const KEYS: SealKeys = [KEY]
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CLAIMS: CardClaims = { accountId: '10482113', cardNumber: 77, issuedAtSeconds: 1_800_000_000 }

const anyCard: fc.Arbitrary<CardClaims> = fc.record({
  accountId: anyAccountId,
  cardNumber: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  issuedAtSeconds: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

async function mint(claims: CardClaims, keys: SealKeys = KEYS): Promise<string> {
  const token = await mintCardToken(keys, await keyName(keys[0]), claims)
  if (token === null) throw new Error('the key is in the list')
  return token
}

/** By the specification (RFC 5869), not by our code: what HKDF gives for this use. */
async function derivedSecret(secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode('lockline lock-card')
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))
}

describe('a lock card', () => {
  it('says who and which, and comes back from every account id', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, async (claims) => {
        const token = await mint(claims)
        expect(token.length).toBeLessThanOrEqual(CARD_TOKEN_MAX_LENGTH)
        expect(token).toMatch(/^[\w-]+\.[\w-]{42}[A-Za-z0-9]$/)
        expect(await readCardToken(KEYS, token)).toEqual(claims)
      }),
      { numRuns: 60 },
    )
  })

  it('is the JWT that jose signs and verifies, of its own type and under a key of its own', async () => {
    const token = await mint(CLAIMS)
    const secret = await derivedSecret(KEY)
    const { accountId, cardNumber, issuedAtSeconds } = CLAIMS
    const jwt = await new SignJWT({ sub: accountId, jti: String(cardNumber), iat: issuedAtSeconds })
      .setProtectedHeader({ alg: 'HS256', typ: 'card+jwt' })
      .sign(secret)
    expect(token.split('.')[1]).toBe(jwt.split('.')[2])
    await jwtVerify(jwt, secret, { typ: 'card+jwt' })
  })

  it('is no lock link, and a lock link is no card', async () => {
    const link = { accountId: CLAIMS.accountId, alertNumber: 77, expiresAtSeconds: 1_800_000_000 }
    expect(await readCardToken(KEYS, await mintLockToken(KEYS, link))).toBeNull()
    expect((await verifyLockToken(KEYS, await mint(CLAIMS), 0)).ok).toBe(false)
  })

  it('is refused with any character changed, cut, added or spelled otherwise', async () => {
    const token = await mint(CLAIMS)
    for (let at = 0; at < token.length; at += 1) {
      for (const sign of [...BASE64URL, '.', '=', '%', ' ']) {
        if (sign === token[at]) continue
        const forged = token.slice(0, at) + sign + token.slice(at + 1)
        expect([forged, await readCardToken(KEYS, forged)]).toEqual([forged, null])
      }
    }
    for (const other of [
      token.slice(1),
      token.slice(0, -1),
      `${token}A`,
      `${token}=`,
      `${token}.`,
    ]) {
      expect(await readCardToken(KEYS, other)).toBeNull()
    }
    expect(await readCardToken(KEYS, 'a'.repeat(CARD_TOKEN_MAX_LENGTH + 1))).toBeNull()
  })

  it('outlives a rotation while its key is listed, is printed as it was, and ends with the key', async () => {
    const old = await mint(CLAIMS, [OLD_KEY])
    const rotated: SealKeys = [KEY, OLD_KEY]
    expect(await readCardToken(rotated, old)).toEqual(CLAIMS)
    expect(await mintCardToken(rotated, await keyName(OLD_KEY), CLAIMS)).toBe(old)
    expect(await readCardToken(KEYS, old)).toBeNull()
    expect(await mintCardToken(KEYS, await keyName(OLD_KEY), CLAIMS)).toBeNull()
  })

  it('is read by nothing that throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect(await readCardToken(KEYS, text)).toBeNull()
      }),
    )
  })
})
