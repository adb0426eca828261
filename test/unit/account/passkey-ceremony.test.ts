// The ceremonies, against an authenticator in software: what is honest passes, and each single lie does not.

import { sign, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertionOptions,
  type NewPasskey,
  passkeyUserHandle,
  type RelyingParty,
  readAssertion,
  registrationOptions,
  relyingPartyOf,
  verifyAssertion,
  verifyRegistration,
} from '../../../src/account/passkey-ceremony.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import {
  type Attestation,
  type Cbor,
  type CeremonyChange,
  createPasskeyDevice,
  type PasskeyDevice,
} from '../../support/passkey-device.ts'
import { randomBytes } from '../../support/ports.ts'

const ORIGIN = 'https://lock.example.com'
const rp: RelyingParty = { id: 'lock.example.com', origin: ORIGIN, name: 'Demo' }
const CHALLENGE = Buffer.from('a challenge of ours').toString('base64url')
const OTHER_CHALLENGE = Buffer.from('somebody else’s').toString('base64url')

const LIES: readonly (readonly [string, Partial<CeremonyChange>])[] = [
  ['another challenge', { challenge: OTHER_CHALLENGE }],
  ['another origin', { origin: 'https://evil.example' }],
  ['another domain', { rpId: 'evil.example' }],
  ['nobody who was verified', { isVerified: false }],
  ['nobody who was there', { isPresent: false }],
  ['another kind of ceremony', { type: 'payment.get' }],
]

const vector = (name: string) => readFileSync(new URL(`../../vectors/${name}`, import.meta.url))

const register = (device: PasskeyDevice, change: Partial<CeremonyChange> = {}) =>
  verifyRegistration(rp, CHALLENGE, device.register({ challenge: CHALLENGE, ...change }))

async function passkeyOf(device: PasskeyDevice, signCount = 0): Promise<NewPasskey> {
  const registered = await register(device)
  if (!registered.ok) throw new Error(`the registration was ${registered.error.reason}`)
  return { ...registered.value, signCount }
}

async function assert(
  device: PasskeyDevice,
  passkey: NewPasskey,
  change: Partial<CeremonyChange> = {},
) {
  const assertion = readAssertion(device.assert({ challenge: CHALLENGE, ...change }))
  if (!assertion) throw new Error('the answer could not be read')
  return verifyAssertion(rp, { assertion, challenge: CHALLENGE, passkey })
}

describe('a relying party', () => {
  it('is the domain of the origin, without its port', () => {
    expect(relyingPartyOf('http://localhost:8787', 'Demo')).toEqual({
      id: 'localhost',
      origin: 'http://localhost:8787',
      name: 'Demo',
    })
  })

  it.each(['http://127.0.0.1:8787', 'https://[2001:db8::1]'])(
    'is never an address: %s',
    (origin) => {
      expect(relyingPartyOf(origin, 'Demo')).toBeNull()
    },
  )
})

describe('what a browser is asked', () => {
  it('is to verify its user, without attestation, and not to add what is there', async () => {
    const keys: SealKeys = [new Uint8Array(32).fill(1)]
    const handle = await passkeyUserHandle(keys, 'account-1')
    const options = await registrationOptions(randomBytes, rp, handle, [
      { credentialId: 'AAAA', transports: ['usb'] },
    ])
    expect(options).toMatchObject({
      rp: { id: 'lock.example.com', name: 'Demo' },
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
      excludeCredentials: [{ id: 'AAAA', type: 'public-key', transports: ['usb'] }],
      pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
    })
    expect(Buffer.from(options.user.id, 'base64url').toString()).not.toContain('account-1')
    expect(Buffer.from(options.challenge, 'base64url').length).toBeGreaterThanOrEqual(16)
  })

  it('is to sign with one of the account’s passkeys', async () => {
    const options = await assertionOptions(randomBytes, rp, [
      { credentialId: 'AAAA', transports: [] },
    ])
    expect(options).toMatchObject({
      rpId: 'lock.example.com',
      userVerification: 'required',
      allowCredentials: [{ id: 'AAAA' }],
    })
  })
})

describe('a registration', () => {
  it('gives the passkey that is to be stored', async () => {
    const device = createPasskeyDevice(ORIGIN)
    expect(await register(device, { counter: 3 })).toMatchObject({
      ok: true,
      value: {
        credentialId: device.credentialId,
        signCount: 3,
        transports: ['internal', 'hybrid'],
      },
    })
  })

  it.each(LIES)('is refused with %s', async (_, lie) => {
    expect(await register(createPasskeyDevice(ORIGIN), lie)).toEqual({
      ok: false,
      error: { reason: 'refused' },
    })
  })

  it('may be signed by the passkey itself', async () => {
    const statement: Attestation['statement'] = (signed, passkey) =>
      new Map<string, Cbor>([
        ['alg', -7],
        ['sig', sign('sha256', signed, passkey)],
      ])
    const attestation = { format: 'packed', statement }
    expect((await register(createPasskeyDevice(ORIGIN), { attestation })).ok).toBe(true)
  })

  it('is refused with a certificate, however genuine: nobody asked for one', async () => {
    const certificate = new X509Certificate(vector('passkey-attestation-certificate.pem'))
    const statement: Attestation['statement'] = (signed) =>
      new Map<string, Cbor>([
        ['alg', -7],
        ['sig', sign('sha256', signed, vector('passkey-attestation-key.pem'))],
        ['x5c', [certificate.raw]],
      ])
    const attestation = { format: 'packed', statement }
    expect(await register(createPasskeyDevice(ORIGIN), { attestation })).toEqual({
      ok: false,
      error: { reason: 'refused' },
    })
  })

  it('is read whatever is posted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect((await verifyRegistration(rp, CHALLENGE, text)).ok).toBe(false)
      }),
    )
  })

  it('is read whatever bytes stand in it', async () => {
    const honest = JSON.parse(createPasskeyDevice(ORIGIN).register({ challenge: CHALLENGE }))
    const base64url = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => Buffer.from(bytes).toString('base64url'))
    await fc.assert(
      fc.asyncProperty(base64url, async (attestationObject) => {
        const text = JSON.stringify({
          ...honest,
          response: { ...honest.response, attestationObject },
        })
        expect((await verifyRegistration(rp, CHALLENGE, text)).ok).toBe(false)
      }),
    )
  })
})

describe('an assertion', () => {
  it('gives the passkey’s new counter', async () => {
    const device = createPasskeyDevice(ORIGIN)
    const passkey = await passkeyOf(device, 4)
    expect(await assert(device, passkey, { counter: 5 })).toEqual({ ok: true, value: 5 })
  })

  it('needs no counter where the passkey has none', async () => {
    const device = createPasskeyDevice(ORIGIN)
    expect(await assert(device, await passkeyOf(device))).toEqual({ ok: true, value: 0 })
  })

  it.each(LIES)('is refused with %s', async (_, lie) => {
    const device = createPasskeyDevice(ORIGIN)
    expect(await assert(device, await passkeyOf(device), lie)).toEqual({
      ok: false,
      error: { reason: 'refused' },
    })
  })

  it('is refused when another key signed it', async () => {
    const device = createPasskeyDevice(ORIGIN)
    const impostor = createPasskeyDevice(ORIGIN, device.credentialId)
    expect(await assert(impostor, await passkeyOf(device))).toEqual({
      ok: false,
      error: { reason: 'refused' },
    })
  })

  it.each([
    ['stands still', 7],
    ['goes back', 6],
    ['is gone', 0],
  ])('tells of a copy when its counter %s', async (_, counter) => {
    const device = createPasskeyDevice(ORIGIN)
    expect(await assert(device, await passkeyOf(device, 7), { counter })).toEqual({
      ok: false,
      error: { reason: 'counter' },
    })
  })

  it('tells of no copy when the signature is forged', async () => {
    const device = createPasskeyDevice(ORIGIN)
    const impostor = createPasskeyDevice(ORIGIN, device.credentialId)
    expect(await assert(impostor, await passkeyOf(device, 7), { counter: 6 })).toEqual({
      ok: false,
      error: { reason: 'refused' },
    })
  })

  it('is read whatever is posted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readAssertion(text)).toBeNull()
      }),
    )
  })
})
