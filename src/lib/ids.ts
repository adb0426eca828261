// Identifiers. Derived ones answer the same question twice in the same way (a retried webhook, a
// second tap); random ones are unguessable. None carries a number, an address or a clock.

import { utf8 } from './base64.ts'
import type { Ports } from './ports.ts'

export type IdPrefix =
  | 'alr'
  | 'lck'
  | 'cbk'
  | 'ntc'
  | 'req'
  | 'smp'
  | 'vis'
  | 'bnd'
  | 'prf'
  | 'psh'
  | 'flt'
  | 'rcp'
  | 'act'
  | 'msr'
  | 'inc'
  | 'hld'
  | 'ctc'

// Crockford's base 32 in lower case: one double-click selects it, nobody misreads it aloud.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_BYTES = 16

/** Same parts, same id. The parts are length-prefixed, so `a,bc` and `ab,c` differ. */
export async function deriveId(prefix: IdPrefix, ...parts: readonly string[]): Promise<string> {
  const input = [prefix, ...parts].map((part) => `${part.length}:${part}`).join('')
  const digest = await crypto.subtle.digest('SHA-256', utf8(input))
  return `${prefix}_${toBase32(new Uint8Array(digest).subarray(0, ID_BYTES))}`
}

/** 128 random bits. */
export function randomId(random: Ports['randomBytes'], prefix: IdPrefix): string {
  return `${prefix}_${toBase32(random(ID_BYTES))}`
}

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((buffer >> bits) & 31)
    }
    buffer &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET.charAt((buffer << (5 - bits)) & 31) : text
}
