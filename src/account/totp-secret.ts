// The secret of an authenticator app, as others write it down: base32 (RFC 4648 §6) in groups, in lower case, with padding
// or without, of any length. Read as the apps read it: what is left of the last character, less than a byte, counts for
// nothing.

/** 80 to 512 bits; RFC 4226 §4 asks for 128 or more. */
const SECRET = /^[A-Z2-7]{16,103}$/

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The secret in capitals, without spaces, dashes and padding; null for what is none. */
export function readTotpSecret(text: string): string | null {
  const plain = text
    .replace(/[\s-]+/g, '')
    .replace(/=+$/, '')
    .toUpperCase()
  return SECRET.test(plain) ? plain : null
}

/** The key behind a secret that `readTotpSecret` gave. Any other character counts for nothing, too. */
export function totpKey(secret: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const character of secret) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) continue
    buffer = ((buffer << 5) | value) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}
