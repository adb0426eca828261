// base64 with Node's Buffer as the oracle: one spelling for some bytes, and only that one is read.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asUtf8,
  fromBase64,
  fromBase64Url,
  fromUtf8,
  toBase64,
  toBase64Url,
  utf8,
} from '../../../src/lib/base64.ts'
import { anyText } from '../../support/any-text.ts'

const anyBytes = fc.uint8Array({ maxLength: 300 })
const almost = fc
  .array(fc.constantFrom(...'ABCwxyz019+/-_= \n', 'AA', '==', 'é', '\0'), { maxLength: 12 })
  .map((parts) => parts.join(''))

describe.each([
  ['base64', toBase64, fromBase64],
  ['base64url', toBase64Url, fromBase64Url],
] as const)('%s', (encoding, encode, decode) => {
  it('writes what Buffer writes, and reads it back', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = encode(bytes)
        expect(text).toBe(Buffer.from(bytes).toString(encoding))
        expect(decode(text)).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  it('reads a text exactly when it is what Buffer would write of some bytes', () => {
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: 'grapheme' })), (text) => {
        const canonical = Buffer.from(text, encoding).toString(encoding) === text
        expect(decode(text) !== null).toBe(canonical)
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads one of the 64 spellings of a last character with loose bits', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
    const padding = encoding === 'base64' ? '==' : ''
    const read = letters.filter((letter) => decode(`A${letter}${padding}`) !== null)
    expect(read).toEqual(['A', 'Q', 'g', 'w'])
  })
})

describe('utf8', () => {
  it('comes back for every text that has a UTF-8 form', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text)
      }),
    )
    expect(fromUtf8(utf8('\ufeffx'))).toBe('\ufeffx')
  })

  it('A1 can be read whatever the bytes are, without a byte order mark', () => {
    expect(asUtf8(Uint8Array.of(0x61, 0xff, 0xc0, 0x80, 0x62))).toBe('a\ufffd\ufffd\ufffdb')
    expect(asUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b))).toBe('{')
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(asUtf8(utf8(text))).toBe(text.replace(/^\ufeff/, ''))
      }),
    )
  })

  it('reads bytes exactly when they are UTF-8', () => {
    expect(fromUtf8(Uint8Array.of(0xff))).toBe(null)
    expect(fromUtf8(Uint8Array.of(0xc0, 0x80))).toBe(null)
    expect(fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBe(null)
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = fromUtf8(bytes)
        if (text !== null) expect(Buffer.from(text).equals(bytes)).toBe(true)
      }),
    )
  })
})
