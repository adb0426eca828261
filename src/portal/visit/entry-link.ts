// The one-time way into the owner's pages: a JWT that the exchange asks for and sends its user to. Mints and
// verifies; that it works once is kept by the visit it starts (visits.ts).

import { jwtVerify, SignJWT } from 'jose'
import * as v from 'valibot'
import { createDerivedKeyCache, type LinkUse } from '../../lib/derived-key.ts'
import { AccountIdSchema } from '../../lib/fields.ts'
import { HMAC_SHA256 } from '../../lib/key-cache.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { MINUTE_MS, SECOND_MS } from '../../lib/time.ts'

/** Long enough for a redirect on a slow phone, short enough for a link in somebody's history. */
export const ENTRY_LIFETIME_MS = 5 * MINUTE_MS

/** Its own type, and its own key: of the secrets of lock links, and none of them. */
const HEADER = { alg: 'HS256', typ: 'entry+jwt' } as const
const TOKEN_MAX_LENGTH = 512

const signingKey = createDerivedKeyCache<LinkUse>(HMAC_SHA256, ['sign', 'verify'])

const ClaimsSchema = v.object({
  sub: AccountIdSchema,
  jti: v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/)),
  iat: v.number(),
  exp: v.number(),
  otp: v.boolean(),
})

export type Entry = {
  readonly accountId: string
  /** Names the visit; an entry starts one. */
  readonly visitId: string
  /** The exchange has just checked a TOTP code of this user. */
  readonly hasOtp: boolean
  readonly mintedAt: number
  readonly expiresAt: number
}

/** Made at this millisecond, since a lock of the same second may be older or younger; its end is a whole second. */
export function newEntry(entry: Omit<Entry, 'mintedAt' | 'expiresAt'>, now: number): Entry {
  const second = Math.floor(now / SECOND_MS) * SECOND_MS
  return { ...entry, mintedAt: now, expiresAt: second + ENTRY_LIFETIME_MS }
}

/** `origin`: of the deployment whose door it opens (RFC 8725 §3.9); another with the same keys refuses it. */
export async function mintEntryToken(
  keys: SealKeys,
  origin: string,
  entry: Entry,
): Promise<string> {
  return new SignJWT({
    aud: origin,
    sub: entry.accountId,
    jti: entry.visitId,
    iat: entry.mintedAt / SECOND_MS,
    exp: entry.expiresAt / SECOND_MS,
    otp: entry.hasOtp,
  })
    .setProtectedHeader(HEADER)
    .sign(await signingKey(keys[0], 'entry-link'))
}

/** Null for a link that is forged, expired, or not of this kind: to its bearer they are one. */
export async function readEntryToken(
  keys: SealKeys,
  origin: string,
  token: string,
  now: number,
): Promise<Entry | null> {
  if (token.length > TOKEN_MAX_LENGTH) return null
  for (const secret of keys) {
    const claims = await readClaims(secret, origin, token, now)
    if (claims) return claims
  }
  return null
}

async function readClaims(
  secret: SealKeys[number],
  origin: string,
  token: string,
  now: number,
): Promise<Entry | null> {
  try {
    const { payload } = await jwtVerify(token, await signingKey(secret, 'entry-link'), {
      algorithms: [HEADER.alg],
      typ: HEADER.typ,
      audience: origin,
      currentDate: new Date(now),
    })
    const claims = v.safeParse(ClaimsSchema, payload)
    if (!claims.success) return null
    const { sub, jti, iat, exp, otp } = claims.output
    return {
      accountId: sub,
      visitId: jti,
      hasOtp: otp,
      mintedAt: Math.round(iat * SECOND_MS),
      expiresAt: exp * SECOND_MS,
    }
  } catch {
    return null
  }
}
