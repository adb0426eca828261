// Strict base64 and base64url. Decoders refuse what is not canonical: two spellings of one secret
// or token would be two keys for one lock.

/** Bytes → base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Bytes → padded base64 (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Padded base64 → bytes, or null unless `text` is the one canonical spelling of them. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = decode(text)
  return bytes && toBase64(bytes) === text ? bytes : null
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return null
  }
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/**
 * Whether `text` is the one spelling of some bytes in unpadded base64url: the bits of the last
 * character that belong to no byte are zero (RFC 4648 §3.5).
 */
function isCanonicalBase64Url(text: string): boolean {
  return /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/.test(text)
}

/** Unpadded base64url → bytes, or null unless canonical. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!isCanonicalBase64Url(text)) return null
  // `atob` does without the padding (WHATWG Infra, "forgiving-base64 decode").
  return decode(text.replaceAll('-', '+').replaceAll('_', '/'))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  // A UTF-16 unit becomes three bytes at most (RFC 3629 §3).
  const bytes = new Uint8Array(text.length * 3)
  return bytes.subarray(0, encoder.encodeInto(text, bytes).written)
}

const lenientDecoder = new TextDecoder()

/** Bytes → text, with U+FFFD where they are not UTF-8, and without a byte order mark. */
export function asUtf8(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes)
}

/** Bytes → text, or null where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
