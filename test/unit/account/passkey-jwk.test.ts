// The public key that the exchange gets of a passkey: what the passkey signs, the example exchange accepts by it alone.

import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { liftChallenge, verifySignedLift } from '../../../examples/exchange/signed-lift.ts'
import { relyingPartyOf, verifyRegistration } from '../../../src/account/passkey-ceremony.ts'
import { toPublicPasskey } from '../../../src/account/passkey-jwk.ts'
import { createPasskeyDevice } from '../../support/passkey-device.ts'

const ORIGIN = 'https://lock.example.com'
const NOW = Date.UTC(2026, 10, 29)

/** CBOR (RFC 8949) of a COSE key: small numbers and byte strings. */
function cose(entries: readonly (readonly [number, number | string])[]): string {
  const head = (major: number, value: number) => {
    const type = major << 5
    if (value < 24) return Buffer.from([type | value])
    return value < 256
      ? Buffer.from([type | 24, value])
      : Buffer.from([type | 25, value >> 8, value & 255])
  }
  const item = (value: number | string) => {
    if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
    const bytes = Buffer.from(value, 'base64url')
    return Buffer.concat([head(2, bytes.length), bytes])
  }
  const parts = entries.flatMap(([label, value]) => [item(label), item(value)])
  return Buffer.concat([head(5, entries.length), ...parts]).toString('base64url')
}

describe('the public key of a passkey', () => {
  it('is all that the example exchange needs to believe what it signs', async () => {
    const device = createPasskeyDevice(ORIGIN)
    const rp = relyingPartyOf(ORIGIN, 'BitEx')
    const answer = device.register({ challenge: 'Y2hhbGxlbmdl' })
    const made = rp && (await verifyRegistration(rp, 'Y2hhbGxlbmdl', answer))
    if (!made?.ok) throw new Error('the device made no passkey')
    const key = await toPublicPasskey(made.value.publicKey)
    if (!key) throw new Error('no key')
    const { credentialId } = made.value
    const names = { accountId: 'a', holdIds: ['hld_1'], expiresAt: new Date(NOW + 1).toISOString() }
    const asked = { challenge: await liftChallenge(names) }
    const { response } = JSON.parse(device.assert(asked))
    const lift = {
      ...{ ...names, credentialId, authenticatorData: response.authenticatorData },
      ...{ clientDataJson: response.clientDataJSON, signature: response.signature },
    }
    const known = { credentialId, jwk: { ...key.jwk }, alg: key.alg, rpId: 'lock.example.com' }
    const rules = { origin: ORIGIN, now: NOW, lateMs: 0 }
    expect(await verifySignedLift(lift, known, rules)).toMatchObject({ kind: 'signed' })
  })

  it('is the same key for each kind that passkeys may be of', async () => {
    const jwkOf = async (alg: string) => {
      const { publicKey } = await generateKeyPair(alg, { extractable: true })
      return exportJWK(publicKey)
    }
    const { x = '', y = '', ...ec } = await jwkOf('ES256')
    const es256 = cose([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, x],
      [-3, y],
    ])
    expect(await toPublicPasskey(es256)).toEqual({ jwk: { ...ec, x, y }, alg: -7 })
    const okp = await jwkOf('Ed25519')
    const eddsa = cose([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, okp.x ?? ''],
    ])
    expect(await toPublicPasskey(eddsa)).toEqual({ jwk: okp, alg: -8 })
    const rsa = await jwkOf('RS256')
    const rs256 = cose([
      [1, 3],
      [3, -257],
      [-1, rsa.n ?? ''],
      [-2, rsa.e ?? ''],
    ])
    expect(await toPublicPasskey(rs256)).toEqual({ jwk: rsa, alg: -257 })
    // Another curve under the name of a known algorithm.
    expect(
      await toPublicPasskey(
        cose([
          [1, 2],
          [3, -7],
          [-1, 2],
          [-2, x],
          [-3, y],
        ]),
      ),
    ).toBeNull()
  })
})
