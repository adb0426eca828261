// An authenticator in software: makes one passkey and signs with it, as WebAuthn (Level 3, §6) describes the
// bytes. It can also misbehave, which no real one and no browser would do on demand.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export type Ceremony = {
  readonly challenge: string
  readonly origin: string
  readonly rpId: string
  readonly type: string
  readonly isPresent: boolean
  readonly isVerified: boolean
  readonly counter: number
  readonly attestation: Attestation
}

/** What a registration says of the device itself, over what it signed; browsers leave it out when asked to. */
export type Attestation = {
  readonly format: string
  readonly statement: (signed: Buffer, passkey: KeyObject) => Cbor
}

export type PasskeyDevice = {
  readonly credentialId: string
  readonly publicJwk: JsonWebKey
  /** JSON of a new credential, as our script posts it. */
  readonly register: (change: CeremonyChange) => string
  /** JSON of an assertion, as our script posts it. */
  readonly assert: (change: CeremonyChange) => string
}

export type CeremonyChange = Partial<Ceremony> & Pick<Ceremony, 'challenge'>

export type Cbor = number | string | Buffer | readonly Cbor[] | ReadonlyMap<number | string, Cbor>

/**
 * `credentialId`: of another device, for one that only claims to be it. `privateKey`: on P-256, whose signatures are never twice
 * the same, or of Ed25519, whose are.
 */
export function createPasskeyDevice(
  publicOrigin: string,
  credentialId: string = randomBytes(32).toString('base64url'),
  privateKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
): PasskeyDevice {
  const digest = isEd25519(privateKey) ? null : 'sha256'
  const honest = {
    origin: publicOrigin,
    rpId: new URL(publicOrigin).hostname,
    isPresent: true,
    isVerified: true,
    counter: 0,
    attestation: { format: 'none', statement: () => new Map() },
  }
  const answer = (response: Record<string, unknown>) =>
    JSON.stringify({ id: credentialId, rawId: credentialId, type: 'public-key', response })
  const { kty = '', crv = '', x = '', y } = privateKey.export({ format: 'jwk' })
  return {
    credentialId,
    publicJwk: { kty, crv, x, ...(y !== undefined && { y }) },
    register: (change) => {
      const ceremony: Ceremony = { ...honest, type: 'webauthn.create', ...change }
      const { format, statement } = ceremony.attestation
      const data = authenticatorData(ceremony, attested(credentialId, privateKey))
      const signed = Buffer.concat([data, sha256(clientData(ceremony))])
      const attestationObject = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', format],
          ['attStmt', statement(signed, privateKey)],
          ['authData', data],
        ]),
      )
      return answer({
        clientDataJSON: clientData(ceremony).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal', 'hybrid'],
      })
    },
    assert: (change) => {
      const ceremony: Ceremony = { ...honest, type: 'webauthn.get', ...change }
      const data = authenticatorData(ceremony)
      const signed = Buffer.concat([data, sha256(clientData(ceremony))])
      return answer({
        clientDataJSON: clientData(ceremony).toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign(digest, signed, privateKey).toString('base64url'),
      })
    },
  }
}

function clientData({ type, challenge, origin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40

function authenticatorData(ceremony: Ceremony, attestedData?: Buffer): Buffer {
  const flags =
    (ceremony.isPresent ? USER_PRESENT : 0) |
    (ceremony.isVerified ? USER_VERIFIED : 0) |
    (attestedData ? ATTESTED : 0)
  const tail = Buffer.alloc(5)
  tail.writeUInt8(flags, 0)
  tail.writeUInt32BE(ceremony.counter, 1)
  return Buffer.concat([sha256(Buffer.from(ceremony.rpId)), tail, attestedData ?? Buffer.alloc(0)])
}

function attested(credentialId: string, key: KeyObject): Buffer {
  const id = Buffer.from(credentialId, 'base64url')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(id.length)
  const aaguid = Buffer.alloc(16)
  return Buffer.concat([aaguid, length, id, encodeCbor(coseKey(key))])
}

function isEd25519(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ed25519'
}

function coseKey(key: KeyObject): ReadonlyMap<number, Cbor> {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const point = Buffer.from(x, 'base64url')
  // RFC 9053 §7.2: OKP, EdDSA, Ed25519.
  if (isEd25519(key)) {
    return new Map<number, Cbor>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, point],
    ])
  }
  // RFC 9053 §7.1.1: EC2, ES256, P-256.
  return new Map<number, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, point],
    [-3, Buffer.from(y, 'base64url')],
  ])
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** RFC 8949, as much as passkeys need. */
function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)])
    return Buffer.concat([head(5, value.size), ...entries])
  }
  const items = [...(value as readonly Cbor[])]
  return Buffer.concat([head(4, items.length), ...items.map(encodeCbor)])
}

function head(major: number, value: number): Buffer {
  const type = major << 5
  if (value < 24) return Buffer.from([type | value])
  if (value < 0x100) return Buffer.from([type | 24, value])
  return Buffer.from([type | 25, value >> 8, value & 0xff])
}
