// The public key of a passkey as others can read it: COSE (RFC 9053) to JWK (RFC 7517, 8037). Whoever has it can check what the
// passkey signed without asking us.

import { fromBase64Url, toBase64Url } from '../lib/base64.ts'

export type PasskeyJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }

/** `alg`: IANA COSE Algorithms: -7 ES256, -8 EdDSA, -257 RS256. */
export type PublicPasskey = { readonly jwk: PasskeyJwk; readonly alg: number }

/** `publicKey`: COSE, base64url. Null for a key of a kind that no passkey of ours has. */
export async function toPublicPasskey(publicKey: string): Promise<PublicPasskey | null> {
  const bytes = fromBase64Url(publicKey)
  if (!bytes) return null
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  const { COSEKEYS } = cose
  const key = decodeCredentialPublicKey(bytes)
  const alg = key.get(COSEKEYS.alg)
  if (alg === undefined) return null
  if (cose.isCOSEPublicKeyEC2(key)) {
    const [x, y] = [key.get(COSEKEYS.x), key.get(COSEKEYS.y)]
    if (alg !== cose.COSEALG.ES256 || key.get(COSEKEYS.crv) !== cose.COSECRV.P256) return null
    return x && y
      ? { jwk: { kty: 'EC', crv: 'P-256', x: toBase64Url(x), y: toBase64Url(y) }, alg }
      : null
  }
  if (cose.isCOSEPublicKeyOKP(key)) {
    const x = key.get(COSEKEYS.x)
    if (alg !== cose.COSEALG.EdDSA || key.get(COSEKEYS.crv) !== cose.COSECRV.ED25519) return null
    return x ? { jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(x) }, alg } : null
  }
  if (!cose.isCOSEPublicKeyRSA(key) || alg !== cose.COSEALG.RS256) return null
  const [n, e] = [key.get(COSEKEYS.n), key.get(COSEKEYS.e)]
  return n && e ? { jwk: { kty: 'RSA', n: toBase64Url(n), e: toBase64Url(e) }, alg } : null
}
