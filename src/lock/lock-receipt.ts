// The signed receipt of a lock: a JWT that proves to others when the owner locked, without asking us.
// Ed25519 (RFC 8037), because whoever checks it must not be able to write it. The key pair is derived from
// LINK_SECRETS, so there is nothing more to keep; /.well-known/jwks.json has the public halves.

import { calculateJwkThumbprint, type JWK, SignJWT } from 'jose'
import { utf8 } from '../lib/base64.ts'
import { createKeyCache, HMAC_SHA256 } from '../lib/key-cache.ts'
import type { SealKeys } from '../lib/seal.ts'
import { formatInstant, SECOND_MS } from '../lib/time.ts'
import type { LockState } from './lock-state.ts'

// RFC 8410 §7: what stands before the 32 bytes of an Ed25519 private key in PKCS #8.
const PKCS8_HEAD = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
])

const importMacKey = createKeyCache(HMAC_SHA256, ['sign'])

type ReceiptKey = { readonly privateKey: CryptoKey; readonly publicJwk: JWK; readonly kid: string }

/** One public key per secret, the current one first (RFC 7517). */
export async function receiptJwks(keys: SealKeys): Promise<{ readonly keys: readonly JWK[] }> {
  const all = await Promise.all(keys.map(receiptKey))
  return { keys: all.map(({ publicJwk }) => publicJwk) }
}

/** `iss` is our origin, `sub` the account, `jti` the lock; instants beside `iat` are RFC 3339; `actions` as the exchange has said by now. */
export async function signLockReceipt(
  keys: SealKeys,
  issuer: string,
  { lock, actions, confirmedAt }: LockState,
): Promise<string> {
  const { privateKey, kid } = await receiptKey(keys[0])
  return new SignJWT({
    iss: issuer,
    sub: lock.accountId,
    jti: lock.lockId,
    iat: Math.floor(lock.lockedAt / SECOND_MS),
    locked_at: formatInstant(lock.lockedAt),
    hold_until: formatInstant(lock.holdUntil),
    confirmed_at: formatInstant(confirmedAt),
    via: lock.via,
    actions: actions.map(({ action, state, at }) => ({ action, state, at: formatInstant(at) })),
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'lock-receipt+jwt', kid })
    .sign(privateKey)
}

async function receiptKey(secret: Uint8Array<ArrayBuffer>): Promise<ReceiptKey> {
  const macKey = await importMacKey(secret)
  const seed = new Uint8Array(await crypto.subtle.sign('HMAC', macKey, utf8('lock-receipt-key')))
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seed])
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const jwk = await crypto.subtle.exportKey('jwk', privateKey)
  if (!('x' in jwk) || typeof jwk.x !== 'string') throw new Error('an Ed25519 key has no x')
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: jwk.x, use: 'sig', alg: 'EdDSA' }
  const kid = await calculateJwkThumbprint(publicJwk)
  return { privateKey, publicJwk: { ...publicJwk, kid }, kid }
}
