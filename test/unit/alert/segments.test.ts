// The count is held against two independent counters. Where they are wrong is said where they are
// kept away from it.

import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { split } from 'split-sms'
import { describe, expect, it } from 'vitest'
import { countSegments } from '../../../src/alert/segments.ts'
import { isGsm7 } from '../../../src/lib/gsm7.ts'
import { anyText } from '../../support/any-text.ts'

// TS 23.038 6.2.1 in the order of the code, written out by hand rather than taken from the source.
// biome-ignore format: sixteen to a line, like the specification's columns
const BASIC = [
  '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å',
  'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', 'Æ', 'æ', 'ß', 'É',
  ...' !"#¤%&\'()*+,-./0123456789:;<=>?¡', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§',
  ...'¿abcdefghijklmnopqrstuvwxyzäöñüà',
]
const EXTENSION = ['\f', '^', '{', '}', '\\', '[', '~', ']', '|', '€']

function bySplitSms(text: string) {
  const { characterSet, parts, bytes } = split(text)
  return {
    encoding: characterSet === 'GSM' ? 'GSM-7' : 'UCS-2',
    units: characterSet === 'GSM' ? bytes : bytes / 2,
    segments: text === '' ? 0 : parts.length,
  }
}

function counted(text: string) {
  const { encoding, units, segments } = countSegments(text)
  return { encoding, units, segments }
}

const gsmText = fc
  .array(fc.constantFrom(...BASIC, ...EXTENSION, ...EXTENSION, ...EXTENSION), { maxLength: 500 })
  .map((characters) => characters.join(''))

describe('isGsm7', () => {
  it('accepts exactly the 127 basic and 10 extension characters of the whole BMP', () => {
    const accepted: string[] = []
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code)
      if (isGsm7(character)) accepted.push(character)
    }
    expect(BASIC).toHaveLength(127)
    expect(accepted.sort()).toEqual([...BASIC, ...EXTENSION].sort())
  })
})

describe('countSegments', () => {
  it.each([
    ['', 'GSM-7', 0, 0, 160],
    ['a'.repeat(160), 'GSM-7', 160, 1, 160],
    ['a'.repeat(161), 'GSM-7', 161, 2, 153],
    ['a'.repeat(306), 'GSM-7', 306, 2, 153],
    ['a'.repeat(307), 'GSM-7', 307, 3, 153],
    ['€'.repeat(80), 'GSM-7', 160, 1, 160],
    // The pair at 153/154 moves on whole and leaves the first segment one septet short.
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3, 153],
    ['’', 'UCS-2', 1, 1, 70],
    ['é'.repeat(160), 'GSM-7', 160, 1, 160],
    ['ç'.repeat(70), 'UCS-2', 70, 1, 70],
    ['ç'.repeat(71), 'UCS-2', 71, 2, 67],
    [`${'ç'.repeat(66)}😀${'ç'.repeat(66)}`, 'UCS-2', 134, 3, 67],
  ] as const)(
    '%#: counts what a carrier charges',
    (text, encoding, units, segments, perSegment) => {
      expect(countSegments(text)).toEqual({ encoding, units, segments, perSegment })
    },
  )

  it('agrees with split-sms on any GSM-7 text', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        expect(counted(text)).toEqual(bySplitSms(text))
      }),
      { numRuns: 3000 },
    )
  })

  // split-sms takes every high surrogate and whatever follows it for a pair, so a lone one at the
  // end counts as two units there: well-formed text only.
  it('agrees with split-sms on any well-formed text', () => {
    fc.assert(
      fc.property(anyText({ minLength: 1, maxLength: 300 }), (text) => {
        fc.pre(text.isWellFormed())
        expect(counted(text)).toEqual(bySplitSms(text))
      }),
      { numRuns: 2000 },
    )
  })

  // sms-segments-calculator says one segment for the empty text; nothing is sent then.
  it('agrees with sms-segments-calculator on any GSM-7 text', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        fc.pre(text !== '' && !text.includes('\r\n'))
        const theirs = new SegmentedMessage(text)
        expect(counted(text)).toEqual({
          encoding: theirs.encodingName,
          units: theirs.numberOfCharacters,
          segments: theirs.segmentsCount,
        })
      }),
      { numRuns: 1000 },
    )
  })

  // It also keeps whole grapheme clusters (an emoji family) in one segment, which neither the
  // specification nor a carrier does: characters that cluster with nothing only.
  it('agrees with sms-segments-calculator on texts without clusters', () => {
    const plain = fc.constantFrom('a', 'ç', '’', '漢', '😀', '𝒜', '[', '€')
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 200 }), (characters) => {
        const text = characters.join('')
        const theirs = new SegmentedMessage(text)
        const { encoding, segments } = countSegments(text)
        expect({ encoding, segments }).toEqual({
          encoding: theirs.encodingName,
          segments: theirs.segmentsCount,
        })
      }),
      { numRuns: 1000 },
    )
  })
})
