// Imported keys, once per isolate. Keeps the keys, not the promises of them: a promise belongs to the
// request that made it, and may end with it.

type RawKey = Uint8Array<ArrayBuffer>

export const HMAC_SHA256 = { name: 'HMAC', hash: 'SHA-256' } as const

/** A function from raw bytes to the key for `usages`; the same bytes object is imported once. */
export function createKeyCache(
  algorithm: typeof HMAC_SHA256 | { readonly name: 'AES-GCM' | 'Ed25519' | 'HKDF' },
  usages: readonly ('sign' | 'verify' | 'encrypt' | 'decrypt' | 'deriveBits')[],
): (raw: RawKey) => Promise<CryptoKey> {
  const imported = new WeakMap<RawKey, CryptoKey>()
  return async function importKey(raw) {
    const known = imported.get(raw)
    if (known) return known
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, [...usages])
    imported.set(raw, key)
    return key
  }
}
