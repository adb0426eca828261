// WebCrypto's operations as src/ uses them, done at once. The real ones run on other threads and finish in an
// order nobody controls; these give the same bytes in the order they were asked for. What is not here throws,
// so that no operation slips back onto a thread unnoticed.

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

type Named = string | { readonly name: string; readonly hash?: string | { readonly name: string } }
type AesParams = {
  readonly name: string
  readonly iv: BufferSource
  readonly additionalData?: BufferSource
}

type HkdfParams = {
  readonly name: string
  readonly hash: string
  readonly salt: BufferSource
  readonly info: BufferSource
}

/** Looks like a CryptoKey to whoever asks (jose does); the secret stays in here. */
class SimulatedKey {
  readonly [Symbol.toStringTag] = 'CryptoKey'
  readonly material: KeyObject
  readonly type: 'secret' | 'public' | 'private'
  readonly algorithm: { readonly name: string; readonly hash?: { readonly name: string } }
  readonly extractable: boolean
  readonly usages: readonly string[]

  constructor(
    material: KeyObject,
    algorithm: Named,
    extractable: boolean,
    usages: readonly string[],
  ) {
    const hash = hashOf(algorithm)
    this.material = material
    this.type = material.type
    this.algorithm = { name: nameOf(algorithm), ...(hash ? { hash: { name: hash } } : {}) }
    this.extractable = extractable
    this.usages = [...usages]
  }
}

export const simulatedSubtle = {
  async digest(algorithm: Named, data: BufferSource): Promise<ArrayBuffer> {
    return plain(
      createHash(nodeHash(nameOf(algorithm)))
        .update(bytes(data))
        .digest(),
    )
  },

  async importKey(
    format: string,
    data: BufferSource | JsonWebKey,
    algorithm: Named,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<SimulatedKey> {
    return new SimulatedKey(
      isBytes(data)
        ? readKey(format, Buffer.from(bytes(data)), nameOf(algorithm))
        : readPublicJwk(format, data),
      algorithm,
      extractable,
      usages,
    )
  },

  async exportKey(format: string, key: SimulatedKey): Promise<JsonWebKey> {
    if (format !== 'jwk') throw missing(`exportKey ${format}`)
    return { ...key.material.export({ format: 'jwk' }), key_ops: [...key.usages], ext: true }
  },

  async sign(algorithm: Named, key: SimulatedKey, data: BufferSource): Promise<ArrayBuffer> {
    return plain(signature(nameOf(algorithm), key, bytes(data)))
  },

  async verify(
    algorithm: Named,
    key: SimulatedKey,
    given: BufferSource,
    data: BufferSource,
  ): Promise<boolean> {
    const name = nameOf(algorithm)
    const presented = bytes(given)
    if (key.type === 'secret') {
      const own = signature(name, key, bytes(data))
      return own.length === presented.length && timingSafeEqual(own, presented)
    }
    if (name === 'Ed25519') return verify(null, bytes(data), key.material, presented)
    if (name === 'RSASSA-PKCS1-v1_5') {
      return verify(nodeHash(key.algorithm.hash?.name ?? ''), bytes(data), key.material, presented)
    }
    if (name === 'ECDSA') {
      const hash = nodeHash(hashOf(algorithm) ?? '')
      // As WebCrypto has it: both numbers side by side.
      const verifier = { key: key.material, dsaEncoding: 'ieee-p1363' } as const
      return verify(hash, bytes(data), verifier, presented)
    }
    throw missing(`verify ${name}`)
  },

  async encrypt(params: AesParams, key: SimulatedKey, data: BufferSource): Promise<ArrayBuffer> {
    const cipher = createCipheriv('aes-256-gcm', key.material, bytes(params.iv))
    if (params.additionalData) cipher.setAAD(bytes(params.additionalData))
    const sealed = [cipher.update(bytes(data)), cipher.final(), cipher.getAuthTag()]
    return plain(Buffer.concat(sealed))
  },

  async deriveBits(params: HkdfParams, key: SimulatedKey, bits: number): Promise<ArrayBuffer> {
    if (params.name !== 'HKDF') throw missing(`deriveBits ${params.name}`)
    const { hash, salt, info } = params
    return hkdfSync(nodeHash(hash), key.material, bytes(salt), bytes(info), bits / 8)
  },

  async decrypt(params: AesParams, key: SimulatedKey, data: BufferSource): Promise<ArrayBuffer> {
    const sealed = bytes(data)
    const end = sealed.length - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', key.material, bytes(params.iv))
    if (params.additionalData) decipher.setAAD(bytes(params.additionalData))
    decipher.setAuthTag(sealed.subarray(end))
    return plain(Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]))
  },
}

const TAG_BYTES = 16
const SECRET_KEYS = new Set(['HMAC', 'AES-GCM', 'HKDF'])

function readKey(format: string, data: Buffer, name: string): KeyObject {
  if (format === 'raw' && SECRET_KEYS.has(name)) return createSecretKey(data)
  if (format === 'raw' && name === 'Ed25519') {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: data.toString('base64url') }
    return createPublicKey({ key: jwk, format: 'jwk' })
  }
  if (format === 'pkcs8') return createPrivateKey({ key: data, format: 'der', type: 'pkcs8' })
  if (format === 'spki') return createPublicKey({ key: data, format: 'der', type: 'spki' })
  throw missing(`importKey ${format} ${name}`)
}

function isBytes(data: BufferSource | JsonWebKey): data is BufferSource {
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer
}

/** A passkey's. */
function readPublicJwk(format: string, key: JsonWebKey): KeyObject {
  if (format !== 'jwk' || key.d !== undefined) throw missing(`importKey ${format}`)
  return createPublicKey({ key: { ...key }, format: 'jwk' })
}

function signature(name: string, key: SimulatedKey, data: Uint8Array): Buffer {
  if (name === 'HMAC') {
    const hash = nodeHash(key.algorithm.hash?.name ?? '')
    return createHmac(hash, key.material).update(data).digest()
  }
  if (name === 'Ed25519') return sign(null, data, key.material)
  throw missing(`sign ${name}`)
}

function nameOf(algorithm: Named): string {
  return typeof algorithm === 'string' ? algorithm : algorithm.name
}

function hashOf(algorithm: Named): string | undefined {
  if (typeof algorithm === 'string' || algorithm.hash === undefined) return undefined
  return typeof algorithm.hash === 'string' ? algorithm.hash : algorithm.hash.name
}

/** `SHA-256` → `sha256`. */
function nodeHash(name: string): string {
  return name.replace('-', '').toLowerCase()
}

function bytes(data: BufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

function plain(buffer: Buffer): ArrayBuffer {
  return Uint8Array.from(buffer).buffer
}

function missing(operation: string): Error {
  return new Error(`the simulator has no ${operation}: add it to machine/subtle.ts`)
}
