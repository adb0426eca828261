// What people type, whatever their keyboard: digits of every script, look-alikes, what cannot be seen.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSixDigits } from '../../../src/account/six-digits.ts'
import { foldCode, foldDigits, foldPhone, foldTyped } from '../../../src/lib/typed-text.ts'
import { readReplyCode } from '../../../src/lock/code.ts'
import { anyText } from '../../support/any-text.ts'

/** Every row of ten digits that Unicode has, by its zero. */
const ZEROS = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(isZero)

/** The first of its row; rows of mathematical digits stand back to back. */
function isZero(code: number): boolean {
  if (!isDigit(code)) return false
  return code >= 0x1d7ce && code <= 0x1d7ff ? (code - 0x1d7ce) % 10 === 0 : !isDigit(code - 1)
}

function isDigit(code: number): boolean {
  return code >= 0 && /^\p{Nd}$/u.test(String.fromCodePoint(code))
}

const zero = fc.constantFrom(...ZEROS)
const sign = fc.constantFrom(...'23456789ABCDEFGHJKLMNPQRSTUVWXYZ')
const code = fc
  .array(sign, { minLength: 4, maxLength: 4 })
  .map((signs) => signs.join(''))
  .filter((text) => /\d/.test(text))
const unseen = fc.constantFrom(
  '',
  '\u200b',
  '\u200e',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u00ad',
  '\ufe0f',
)
const joint = fc.constantFrom('', ' ', '\u00a0', '\u202f', '-', '\u2011', '\u2013', '\u2212')

/** By the Latin letter: what stands on other keyboards in its place, or looks like it. */
const ALIKE: Readonly<Record<string, string>> = {
  A: 'АΑａÀ',
  B: 'ВΒ',
  C: 'С',
  E: 'ЕΕё',
  H: 'НΗ',
  J: 'Ј',
  K: 'КΚк',
  M: 'МΜ',
  N: 'Ν',
  P: 'РΡ',
  Q: 'Ԛ',
  S: 'Ѕ',
  T: 'ТΤт',
  W: 'Ԝ',
  X: 'ХΧ',
  Y: 'УΥҮ',
  Z: 'Ζ',
}

function spellDigits(text: string, from: number): string {
  return text.replace(/\d/g, (digit) => String.fromCodePoint(from + Number(digit)))
}

describe('what was typed', () => {
  it('B8 finds the digits of every script', () => {
    expect(ZEROS.length).toBeGreaterThan(70)
    for (const from of ZEROS) {
      expect(foldTyped(spellDigits('0123456789', from))).toBe('0123456789')
    }
  })

  it('B8 a code of six digits is read in each of them, with what a phone puts in', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{6}$/),
        zero,
        joint,
        unseen,
        (digits, from, between, hidden) => {
          const half = spellDigits(digits.slice(0, 3), from)
          const typed = `\u201c${half}${hidden}${between}${spellDigits(digits.slice(3), from)}\u201d `
          expect(readSixDigits(typed)).toBe(digits)
        },
      ),
    )
  })

  it('B8 a lock code is read in look-alikes, small letters, other digits, pieces and quotes', () => {
    const choice = fc.nat(9)
    fc.assert(
      fc.property(code, zero, joint, unseen, choice, (right, from, between, hidden, at) => {
        const alike = [...right].map((letter) => {
          const others = [letter, letter.toLowerCase(), ...(ALIKE[letter] ?? '')]
          return others[at % others.length]
        })
        const spelled = spellDigits(alike.join(''), from)
        const pieces = [...spelled]
        const typed = `${pieces.slice(0, 2).join('')}${between}${hidden}${pieces.slice(2).join('')}`
        expect(readReplyCode(typed)).toBe(right)
        expect(readReplyCode(`\u00ab LOCK ${typed} \u00bb`)).toBe(right)
        expect(readReplyCode(`${typed} lock`)).toBe(right)
        expect(readReplyCode(`${' '.repeat(400)}${typed}`)).toBe(right)
      }),
    )
  })

  it.each([
    ['＋８１ ９０-1234-5678', '+81 90-1234-5678'],
    ['\u202a+49\u00a0151\u202c', '+49 151'],
    ['“+49 151”', '+49 151'],
    ['(+49) 151', '+49) 151'],
    ['+٩٧١ ٥٠', '+971 50'],
  ])('B8 a number typed as %j is %j', (typed, expected) => {
    expect(foldPhone(typed)).toBe(expected)
  })

  it('B8 is folded whatever it is, and folding again changes nothing', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        for (const fold of [foldTyped, foldDigits, foldCode])
          expect(fold(fold(text))).toBe(fold(text))
        expect(foldTyped(text)).not.toMatch(/[\p{Nd}--[0-9]]|\p{Cf}/v)
      }),
    )
  })
})
