// The two ceremonies of WebAuthn (Level 3, §7.1 and §7.2): what a browser is asked, and whether its answer
// holds. Asks for no attestation and reads no certificate: an answer that brings one is refused, since the
// library would fetch revocation lists from addresses that the certificate names. Knows no storage.

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import * as v from 'valibot'
import { fromBase64Url, toBase64Url, utf8 } from '../lib/base64.ts'
import { parseJson } from '../lib/json.ts'
import { keyedHash } from '../lib/keyed-hash.ts'
import type { Ports } from '../lib/ports.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { SealKeys } from '../lib/seal.ts'
import { CHALLENGE_LIFETIME_MS } from './passkey-challenge.ts'

// When it is needed, and not before: no alert shall wait for its 300 KB to start.
const loadLibrary = () => import('@simplewebauthn/server')
const loadHelpers = () => import('@simplewebauthn/server/helpers')

/** EdDSA, ES256, RS256 (IANA COSE Algorithms): fixed, so that the offer does not hang on the runtime. */
const ALGORITHMS = [-8, -7, -257]
const USER_HANDLE_BYTES = 24
/** WebAuthn §13.4.3 asks for 16 at least. */
const CHALLENGE_BYTES = 32

export type RelyingParty = {
  /** The RP ID: a domain, without a port. */
  readonly id: string
  readonly origin: string
  readonly name: string
}

/** Null where passkeys cannot be: an RP ID is a domain and never an address (WebAuthn §5.1.3). */
export function relyingPartyOf(publicOrigin: string, name: string): RelyingParty | null {
  const { hostname } = new URL(publicOrigin)
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  return isAddress ? null : { id: hostname, origin: publicOrigin, name }
}

export type KnownPasskey = {
  /** base64url */
  readonly credentialId: string
  readonly transports: readonly string[]
}

/** Names the account to the authenticator and nobody else (WebAuthn §14.6.1): nothing in it is personal. */
export async function passkeyUserHandle(
  keys: SealKeys,
  accountId: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = `passkey-user ${accountId}`
  return utf8(await keyedHash(keys[0], { use: 'passkey-user', text, length: USER_HANDLE_BYTES }))
}

/** With a fresh challenge. */
export async function registrationOptions(
  random: Ports['randomBytes'],
  rp: RelyingParty,
  userHandle: Uint8Array<ArrayBuffer>,
  known: readonly KnownPasskey[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await loadLibrary()
  return generateRegistrationOptions({
    challenge: random(CHALLENGE_BYTES),
    rpName: rp.name,
    rpID: rp.id,
    userID: userHandle,
    userName: rp.name,
    userDisplayName: rp.name,
    timeout: CHALLENGE_LIFETIME_MS,
    attestationType: 'none',
    excludeCredentials: known.map(toDescriptor),
    // One that its device names by itself: it locks from anywhere, by nobody's name.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}

/** With a fresh challenge, or one that says what is signed. */
export async function assertionOptions(
  random: Ports['randomBytes'],
  rp: RelyingParty,
  known: readonly KnownPasskey[],
  challenge: Uint8Array<ArrayBuffer> = random(CHALLENGE_BYTES),
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await loadLibrary()
  return generateAuthenticationOptions({
    challenge,
    rpID: rp.id,
    timeout: CHALLENGE_LIFETIME_MS,
    allowCredentials: known.map(toDescriptor),
    userVerification: 'required',
  })
}

function toDescriptor({ credentialId, transports }: KnownPasskey) {
  return { id: credentialId, transports: [...transports] }
}

const Text = v.pipe(v.string(), v.minLength(1))
const CredentialEntries = { id: Text, rawId: Text, type: v.literal('public-key') }

const TRANSPORT = /^[a-z-]{1,20}$/
const TRANSPORTS_MAX = 8

const RegistrationSchema = v.object({
  ...CredentialEntries,
  response: v.object({
    clientDataJSON: Text,
    attestationObject: Text,
    transports: v.optional(v.array(v.string()), []),
  }),
})

const AssertionSchema = v.object({
  ...CredentialEntries,
  response: v.object({ clientDataJSON: Text, authenticatorData: Text, signature: Text }),
})

/** The browser's answer to `assertionOptions`, unverified. */
export type Assertion = v.InferOutput<typeof AssertionSchema>

export type CeremonyRefusal = {
  /** `counter`: the answer is genuine, but an older or a copied passkey gave it. */
  readonly reason: 'malformed' | 'refused' | 'counter'
}

export type NewPasskey = KnownPasskey & {
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly signCount: number
}

/** The JSON of a new credential against the challenge it was to sign. Total. */
export async function verifyRegistration(
  rp: RelyingParty,
  challenge: string,
  text: string,
): Promise<Result<NewPasskey, CeremonyRefusal>> {
  const read = v.safeParse(RegistrationSchema, parseJson(text))
  if (!read.success) return err({ reason: 'malformed' })
  const transports = read.output.response.transports.filter((name) => TRANSPORT.test(name))
  const response = { ...read.output, clientExtensionResults: {} }
  const verified = await orNull(() => verifyNew(rp, challenge, response))
  if (!verified) return err({ reason: 'refused' })
  const { id, publicKey, counter } = verified
  return ok({
    credentialId: id,
    publicKey: toBase64Url(publicKey),
    signCount: counter,
    transports: transports.slice(0, TRANSPORTS_MAX),
  })
}

async function verifyNew(rp: RelyingParty, challenge: string, response: RegistrationResponseJSON) {
  if (!(await isWithoutCertificate(response.response.attestationObject))) return null
  const { verifyRegistrationResponse } = await loadLibrary()
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return registrationInfo?.credential ?? null
}

/** `none`, or `packed` signed by the passkey itself, which browsers let through (WebAuthn §5.1.3). */
async function isWithoutCertificate(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await loadHelpers()
  const bytes = fromBase64Url(attestationObject)
  if (!bytes) return false
  const decoded = decodeAttestationObject(bytes)
  const format = decoded.get('fmt')
  return (
    format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
  )
}

/** Null for what is no assertion at all; whose passkey it names is for the caller to find. */
export function readAssertion(text: string): Assertion | null {
  const read = v.safeParse(AssertionSchema, parseJson(text))
  return read.success ? read.output : null
}

export type AssertionTry = {
  readonly assertion: Assertion
  readonly challenge: string
  /** Of the account, with the assertion's id. */
  readonly passkey: NewPasskey
}

/** The passkey's new counter. Total. */
export async function verifyAssertion(
  rp: RelyingParty,
  { assertion, challenge, passkey }: AssertionTry,
): Promise<Result<number, CeremonyRefusal>> {
  const response = { ...assertion, clientExtensionResults: {} }
  const verify = (counter: number) =>
    orNull(() => verifySigned(rp, challenge, { response, passkey, counter }))
  const signCount = await verify(passkey.signCount)
  if (signCount !== null) return ok(signCount)
  // The library looks at the counter before the signature: only a genuine answer may accuse a copy.
  const isGenuine = (await verify(COUNTER_BELOW_ALL)) !== null
  return err({ reason: isGenuine ? 'counter' : 'refused' })
}

const COUNTER_BELOW_ALL = -1

type Signed = {
  readonly response: AuthenticationResponseJSON
  readonly passkey: NewPasskey
  readonly counter: number
}

async function verifySigned(
  rp: RelyingParty,
  challenge: string,
  { response, passkey, counter }: Signed,
): Promise<number | null> {
  const publicKey = fromBase64Url(passkey.publicKey)
  if (!publicKey) return null
  const { verifyAuthenticationResponse } = await loadLibrary()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    credential: { id: passkey.credentialId, publicKey, counter },
    requireUserVerification: true,
  })
  return verified ? authenticationInfo.newCounter : null
}

/** The library says no by throwing, and quotes what it was given: neither is let through. */
async function orNull<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work()
  } catch {
    return null
  }
}
