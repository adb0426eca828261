// The signed lift, as the example exchange checks it: a genuine one passes, whatever the passkey's kind; with any byte changed,
// none does.

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type LiftKey,
  type LiftRefusal,
  liftChallenge,
  type SignedLift,
  verifySignedLift,
} from '../../../examples/exchange/signed-lift.ts'

const ORIGIN = 'https://lock.example.com'
const NOW = Date.parse('2026-11-29T12:00:00.000Z')
const RULES = { origin: ORIGIN, now: NOW, lateMs: 60_000 }
const NAMES = { accountId: '10482113', holdIds: ['lck_1'], expiresAt: '2026-11-29T12:05:00.000Z' }
const utf8 = (text: string) => new TextEncoder().encode(text)
const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

type Signer = {
  readonly key: LiftKey
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

async function createSigner(alg: -7 | -8 | -257): Promise<Signer> {
  const kinds = {
    [-7]: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    [-8]: { name: 'Ed25519' },
    [-257]: {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
  }
  const kind = kinds[alg]
  const pair = await crypto.subtle.generateKey(kind, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey)
  if (jwk instanceof ArrayBuffer) throw new Error('no JWK')
  return {
    key: { credentialId: 'Y3JlZA', jwk, alg, rpId: 'lock.example.com' },
    sign: async (bytes) => {
      const raw = new Uint8Array(await crypto.subtle.sign(kind, pair.privateKey, bytes))
      return alg === -7 ? toDer(raw) : raw
    },
  }
}

/** WebAuthn §6.5.5 gives ECDSA in DER, WebCrypto as r and s. */
function toDer(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const start = bytes.findIndex((byte) => byte !== 0)
    const value = bytes.subarray(start)
    const padded = (value[0] ?? 0) >= 0x80 ? [0, ...value] : [...value]
    return [0x02, padded.length, ...padded]
  }
  const both = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
  return new Uint8Array([0x30, both.length, ...both])
}

type Change = {
  readonly names?: Partial<typeof NAMES>
  readonly clientData?: Readonly<Record<string, unknown>>
  readonly rpId?: string
  readonly flags?: number
}

async function lift({ sign, key }: Signer, change: Change = {}): Promise<SignedLift> {
  const names = { ...NAMES, ...change.names }
  const data = {
    type: 'webauthn.get',
    challenge: await liftChallenge(names),
    origin: ORIGIN,
    crossOrigin: false,
    ...change.clientData,
  }
  const clientData = utf8(JSON.stringify(data))
  const rpIdHash = await sha256(utf8(change.rpId ?? key.rpId))
  const authenticatorData = new Uint8Array([...rpIdHash, change.flags ?? 0x05, 0, 0, 0, 7])
  const signed = new Uint8Array([...authenticatorData, ...(await sha256(clientData))])
  return {
    ...names,
    credentialId: key.credentialId,
    authenticatorData: base64Url(authenticatorData),
    clientDataJson: base64Url(clientData),
    signature: base64Url(await sign(signed)),
  }
}

let ecdsa: Signer
beforeAll(async () => {
  ecdsa = await createSigner(-7)
})

describe('a signed lift', () => {
  it.each([-7, -8, -257] as const)('of algorithm %i is believed', async (alg) => {
    const signer = await createSigner(alg)
    const verdict = await verifySignedLift(await lift(signer), signer.key, RULES)
    expect(verdict).toEqual({ kind: 'signed', challenge: await liftChallenge(NAMES) })
  })

  it('is believed for every account, hold and signature', async () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/)
    await fc.assert(
      fc.asyncProperty(id, fc.array(id, { minLength: 1 }), async (accountId, holdIds) => {
        const signed = await lift(ecdsa, { names: { accountId, holdIds } })
        expect((await verifySignedLift(signed, ecdsa.key, RULES)).kind).toBe('signed')
      }),
      { numRuns: 50 },
    )
  })

  it('is refused with any bit of any of its bytes flipped', async () => {
    const genuine = await lift(ecdsa)
    const parts = ['authenticatorData', 'clientDataJson', 'signature'] as const
    const flips = fc.record({
      part: fc.constantFrom(...parts),
      at: fc.nat(10_000),
      bit: fc.integer({ min: 0, max: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(flips, async ({ part, at, bit }) => {
        const bytes = Buffer.from(genuine[part], 'base64url')
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
        const changed = { ...genuine, [part]: base64Url(bytes) }
        expect((await verifySignedLift(changed, ecdsa.key, RULES)).kind).toBe('refused')
      }),
      { numRuns: 400 },
    )
  })

  it('is refused with any character of its texts changed, its spelling included', async () => {
    const genuine = await lift(ecdsa)
    const names = Object.keys(genuine) as (keyof SignedLift)[]
    const change = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat(10_000),
      to: fc.string({ minLength: 1, maxLength: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ name, at, to }) => {
        const text = [genuine[name]].flat().join()
        const index = at % text.length
        fc.pre(text[index] !== to)
        const other = text.slice(0, index) + to + text.slice(index + 1)
        const changed = { ...genuine, [name]: name === 'holdIds' ? [other] : other }
        expect((await verifySignedLift(changed, ecdsa.key, RULES)).kind).toBe('refused')
      }),
      { numRuns: 400 },
    )
  })

  it('is refused of garbage, and never throws', async () => {
    const text = fc.oneof(fc.string(), fc.base64String(), fc.constant(NAMES.expiresAt))
    const garbage = fc.record({
      accountId: text,
      holdIds: fc.array(text),
      expiresAt: text,
      credentialId: fc.constant(ecdsa.key.credentialId),
      authenticatorData: text,
      clientDataJson: text,
      signature: text,
    })
    await fc.assert(
      fc.asyncProperty(garbage, async (given) => {
        expect((await verifySignedLift(given, ecdsa.key, RULES)).kind).toBe('refused')
      }),
    )
  })

  const refused: readonly (readonly [string, Change, LiftRefusal])[] = [
    ['was made to sign in', { clientData: { challenge: 'c29tZXRoaW5n' } }, 'client_data'],
    ['was made to register', { clientData: { type: 'webauthn.create' } }, 'client_data'],
    ['was made elsewhere', { clientData: { origin: 'https://evil.example' } }, 'client_data'],
    ['was made in a frame', { clientData: { crossOrigin: true } }, 'client_data'],
    ['was made in a named frame', { clientData: { topOrigin: ORIGIN } }, 'client_data'],
    ['is another site’s', { rpId: 'example.com' }, 'other_site'],
    ['was given without its owner', { flags: 0x04 }, 'not_verified'],
    ['was given by whoever was there', { flags: 0x01 }, 'not_verified'],
    ['is too old', { names: { expiresAt: '2026-11-29T11:58:59.999Z' } }, 'expired'],
    ['has no such instant', { names: { expiresAt: '1764417600' } }, 'unreadable'],
  ]
  it.each(refused)('that %s is refused', async (_what, change, why) => {
    const verdict = await verifySignedLift(await lift(ecdsa, change), ecdsa.key, RULES)
    expect(verdict).toEqual({ kind: 'refused', why })
  })

  it('of one account or hold lifts no other', async () => {
    const genuine = await lift(ecdsa)
    for (const other of [
      { accountId: '10482114' },
      { holdIds: ['lck_2'] },
      { holdIds: ['lck_1', 'lck_2'] },
      { holdIds: [] },
    ]) {
      const verdict = await verifySignedLift({ ...genuine, ...other }, ecdsa.key, RULES)
      expect(verdict).toEqual({ kind: 'refused', why: 'client_data' })
    }
  })

  it('by another key, another kind of key or a key that is none is refused', async () => {
    const genuine = await lift(ecdsa)
    const other = await createSigner(-7)
    const keys: readonly LiftKey[] = [
      { ...ecdsa.key, jwk: other.key.jwk },
      { ...ecdsa.key, alg: -257 },
      { ...ecdsa.key, alg: -8 },
      { ...ecdsa.key, jwk: {} },
    ]
    for (const key of keys) {
      const verdict = await verifySignedLift(genuine, key, RULES)
      expect(verdict).toEqual({ kind: 'refused', why: 'signature' })
    }
    const unknown = await verifySignedLift(genuine, { ...ecdsa.key, alg: -37 }, RULES)
    expect(unknown).toEqual({ kind: 'refused', why: 'unknown_algorithm' })
  })
})
