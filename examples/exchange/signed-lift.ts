// Whether the owner has signed that a hold be lifted: the exchange's own check, by the public key that it got when the
// passkey was made (`passkey.added`). Whoever has all of Lockline's keys and the API key still cannot make one. Pure
// but for WebCrypto; whether a lift was used before is the caller's to know. Steps: WebAuthn Level 3, §7.2.

export type SignedLift = {
  readonly accountId: string
  /** As signed, in their order: one hold, or all that held at once. */
  readonly holdIds: readonly string[]
  /** As signed, character by character: an ISO instant. */
  readonly expiresAt: string
  /** base64url without padding, as all below. */
  readonly credentialId: string
  readonly authenticatorData: string
  readonly clientDataJson: string
  readonly signature: string
}

export type LiftKey = {
  readonly credentialId: string
  readonly jwk: JsonWebKey
  /** COSE algorithm (IANA): -7 ES256, -8 EdDSA, -257 RS256. */
  readonly alg: number
  readonly rpId: string
}

export type LiftRules = {
  /** Where the owner's pages are: `https://lock.example.com`. */
  readonly origin: string
  readonly now: number
  /** For a callback that came late: the exchange was down for a while. */
  readonly lateMs: number
}

export type LiftRefusal =
  | 'other_credential'
  | 'unreadable'
  | 'expired'
  | 'client_data'
  | 'other_site'
  | 'not_verified'
  | 'unknown_algorithm'
  | 'signature'

export type LiftVerdict =
  /** `challenge`: single use is counted by it. */
  | { readonly kind: 'signed'; readonly challenge: string }
  | { readonly kind: 'refused'; readonly why: LiftRefusal }

/** authenticatorData: hash of the RP ID, flags, counter (§6.1). */
const RP_ID_HASH_BYTES = 32
const AUTHENTICATOR_DATA_LEAST = 37
const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/

export async function verifySignedLift(
  lift: SignedLift,
  key: LiftKey,
  { origin, now, lateMs }: LiftRules,
): Promise<LiftVerdict> {
  if (lift.credentialId !== key.credentialId) return refused('other_credential')
  const authenticatorData = readBase64Url(lift.authenticatorData)
  const clientData = readBase64Url(lift.clientDataJson)
  const signature = readBase64Url(lift.signature)
  const expiresAt = INSTANT.test(lift.expiresAt) ? Date.parse(lift.expiresAt) : Number.NaN
  const isOneLineEach = !/\n/.test(lift.accountId + lift.holdIds.join(''))
  const isOneWordEach = lift.holdIds.every((id) => /^\S+$/.test(id))
  if (
    !authenticatorData ||
    !clientData ||
    !signature ||
    Number.isNaN(expiresAt) ||
    !isOneLineEach ||
    !isOneWordEach
  ) {
    return refused('unreadable')
  }
  if (now > expiresAt + lateMs) return refused('expired')
  const challenge = await liftChallenge(lift)
  if (!saysWhatIsExpected(clientData, challenge, origin)) return refused('client_data')
  if (authenticatorData.length < AUTHENTICATOR_DATA_LEAST) return refused('unreadable')
  const { hostname } = new URL(origin)
  const rpIdHash = await sha256(new TextEncoder().encode(key.rpId))
  const isOurSite = rpIdHash.every((byte, index) => authenticatorData[index] === byte)
  if (key.rpId !== hostname || !isOurSite) return refused('other_site')
  const flags = authenticatorData[RP_ID_HASH_BYTES] ?? 0
  const isPresent = (flags & USER_PRESENT) !== 0
  if (!isPresent || (flags & USER_VERIFIED) === 0) return refused('not_verified')
  const algorithm = ALGORITHMS[key.alg]
  if (algorithm === undefined) return refused('unknown_algorithm')
  const signed = concat(authenticatorData, await sha256(clientData))
  const isSigned = await isSignedBy(key.jwk, algorithm, signature, signed)
  return isSigned ? { kind: 'signed', challenge } : refused('signature')
}

/** What the passkey was asked to sign, base64url: names the holds, so that it lifts no other. */
export async function liftChallenge(
  lift: Pick<SignedLift, 'accountId' | 'holdIds' | 'expiresAt'>,
): Promise<string> {
  const text = `lift\n${lift.accountId}\n${lift.holdIds.join(' ')}\n${lift.expiresAt}`
  return toBase64Url(await sha256(new TextEncoder().encode(text)))
}

/** Signed by the browser, over what it was asked, in no frame of another site (§5.8.1). */
function saysWhatIsExpected(bytes: Uint8Array, challenge: string, origin: string): boolean {
  let data: unknown
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return false
  }
  if (typeof data !== 'object' || data === null) return false
  if (!('type' in data && 'challenge' in data && 'origin' in data)) return false
  const isFramed = ('crossOrigin' in data && data.crossOrigin !== false) || 'topOrigin' in data
  return (
    data.type === 'webauthn.get' &&
    data.challenge === challenge &&
    data.origin === origin &&
    !isFramed
  )
}

type Algorithm = {
  readonly imported: Parameters<typeof crypto.subtle.importKey>[2]
  readonly verified: Parameters<typeof crypto.subtle.verify>[0]
  /** The signature as WebCrypto wants it; null if it is none. */
  readonly read: (signature: Bytes) => Bytes | null
}
type Bytes = Uint8Array<ArrayBuffer>

const ALGORITHMS: Readonly<Record<number, Algorithm>> = {
  [-7]: {
    imported: { name: 'ECDSA', namedCurve: 'P-256' },
    verified: { name: 'ECDSA', hash: 'SHA-256' },
    read: readEcdsaSignature,
  },
  [-8]: { imported: { name: 'Ed25519' }, verified: { name: 'Ed25519' }, read: (bytes) => bytes },
  [-257]: {
    imported: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    verified: { name: 'RSASSA-PKCS1-v1_5' },
    read: (bytes) => bytes,
  },
}

async function isSignedBy(
  jwk: JsonWebKey,
  { imported, verified, read }: Algorithm,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean> {
  const raw = read(signature)
  if (raw === null) return false
  try {
    const key = await crypto.subtle.importKey('jwk', jwk, imported, false, ['verify'])
    return await crypto.subtle.verify(verified, key, raw, signed)
  } catch {
    return false // a key that is none, or of another kind
  }
}

const P256_BYTES = 32

/** ASN.1 DER, `SEQUENCE { INTEGER r, INTEGER s }` (§6.5.5), in its one canonical form, to the 64 bytes of WebCrypto. */
function readEcdsaSignature(der: Bytes): Bytes | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null
  const r = readInteger(der, 2)
  const s = r && readInteger(der, r.end)
  if (!r || !s || s.end !== der.length) return null
  const raw = new Uint8Array(2 * P256_BYTES)
  raw.set(r.bytes, P256_BYTES - r.bytes.length)
  raw.set(s.bytes, 2 * P256_BYTES - s.bytes.length)
  return raw
}

function readInteger(der: Bytes, at: number): { bytes: Bytes; end: number } | null {
  const length = der[at + 1] ?? 0
  const end = at + 2 + length
  if (der[at] !== 0x02 || length === 0 || end > der.length) return null
  const [first = 0, second = 0] = der.subarray(at + 2, end)
  const isPadded = first === 0 && length > 1
  // Negative, or padded without need.
  if (first >= 0x80 || (isPadded && second < 0x80)) return null
  const bytes = der.slice(isPadded ? at + 3 : at + 2, end)
  return bytes.length > P256_BYTES ? null : { bytes, end }
}

/** Null unless it is the one spelling of its bytes: two spellings would be two lifts. */
export function readBase64Url(text: string): Bytes | null {
  if (!/^[\w-]+$/.test(text)) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return toBase64Url(bytes) === text ? bytes : null
  } catch {
    return null
  }
}

function toBase64Url(bytes: Bytes): string {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

function concat(first: Bytes, second: Bytes): Bytes {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

const refused = (why: LiftRefusal): LiftVerdict => ({ kind: 'refused', why })
