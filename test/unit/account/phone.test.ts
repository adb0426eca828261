// Phone numbers: every mobile example of every region is taken, and nothing that would swallow an
// alert, cost a fortune or mean somebody else.

import fc from 'fast-check'
import { type CountryCode, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import { getCountries } from 'libphonenumber-js/mobile'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { parseKnownPhone, parsePhone } from '../../../src/account/phone.ts'

const COUNTRIES: readonly CountryCode[] = getCountries()

function exampleOf(country: CountryCode) {
  const example = getExampleNumber(country, examples)
  if (!example) throw new Error(`no example for ${country}`)
  return example
}

describe('a mobile number', () => {
  it.each(COUNTRIES)('of %s is taken, in its own or a country of the same dial code', (country) => {
    const { number } = exampleOf(country)
    const parsed = parsePhone(number)
    expect(parsed.ok && parsed.value.e164).toBe(number)
    const found = parsed.ok ? parsed.value.country : 'none'
    expect(COUNTRIES).toContain(found)
    expect(parsed.ok && getCountryCallingCode(parsed.value.country)).toBe(
      getCountryCallingCode(country),
    )
  })

  it('comes in any usual spelling to the same E.164', () => {
    for (const spelling of [
      '+12025550123',
      '+1 202 555 0123',
      '+1 (202) 555-0123',
      '+1-202-555-0123',
      '+1.202.555.0123',
      ' +12025550123 ',
      '+1\u00a0202\u00a0555\u00a00123',
    ]) {
      expect(parsePhone(spelling)).toEqual({
        ok: true,
        value: { e164: '+12025550123', country: 'US' },
      })
    }
  })

  it('reads the same again from what was stored', () => {
    for (const country of COUNTRIES) {
      const parsed = parsePhone(exampleOf(country).number)
      expect(parsed.ok && parsePhone(parsed.value.e164)).toEqual(parsed)
    }
  })
})

describe('a number in its country\u2019s other form', () => {
  it.each([
    ['+54 11 15 2345-6789', '+5491123456789'],
    ['+54 9 11 15 2345 6789', '+5491123456789'],
    ['+54 2944 15 551234', '+5492944551234'],
    ['+54 9 2944 551234', '+5492944551234'],
    ['+52 1 55 1234 5678', '+525512345678'],
    ['+5215512345678', '+525512345678'],
    ['+52 044 55 1234 5678', '+525512345678'],
    ['+55 11 8765-4321', '+5511987654321'],
    ['+225 07 12 34 56', '+2250707123456'],
    ['+225 44 12 34 56', '+2250544123456'],
    ['+225 02 12 34 56', '+2250102123456'],
    ['+229 95 12 34 56', '+2290195123456'],
    ['+237 71 23 45 67', '+237671234567'],
  ])('B14 %s is %s', (typed, e164) => {
    expect(parsePhone(typed)).toMatchObject({ ok: true, value: { e164 } })
    expect(parseKnownPhone(typed)).toMatchObject({ ok: true, value: { e164 } })
  })

  it.each([
    ['+54 11 2345-6789', '+5491123456789'],
    ['+542944551234', '+5492944551234'],
  ])(
    'B14 %s may be a landline: refused at import, read as %s where it is a phone',
    (typed, e164) => {
      expect(parsePhone(typed)).toEqual({ ok: false, error: 'not_a_mobile' })
      expect(parseKnownPhone(typed)).toMatchObject({ ok: true, value: { e164 } })
    },
  )

  it.each(['+55 11 3265-4321', '+225 20 12 34 56', '+52 2 55 1234 5678', '+54 11 15 234'])(
    'B14 %s stays what it is: no mobile number',
    (typed) => {
      expect(parsePhone(typed)).toEqual({ ok: false, error: 'not_a_mobile' })
    },
  )

  it('B14 every Argentine mobile number is found without its 9 and with its 15', () => {
    const area = fc.constantFrom('11', '351', '341', '261', '2944', '2966', '3821')
    fc.assert(
      fc.property(area, fc.stringMatching(/^[4-6]\d{7}$/), (code, digits) => {
        const local = digits.slice(0, 10 - code.length)
        const canonical = parsePhone(`+549${code}${local}`)
        fc.pre(canonical.ok)
        expect(parseKnownPhone(`+54${code}${local}`)).toEqual(canonical)
        expect(parsePhone(`+54${code}15${local}`)).toEqual(canonical)
      }),
    )
  })

  it('B8 is read in the digits and signs of any keyboard', () => {
    const ok = { ok: true, value: { e164: '+819012345678', country: 'JP' } }
    for (const typed of [
      '＋８１ ９０-1234-5678',
      '\u202a+81 90\u20111234\u20115678\u202c',
      '“+81 90 1234 5678”',
      '(+81) 90 1234 5678',
      '+٨١ ٩٠ ١٢٣٤ ٥٦٧٨',
      '+८१ ९० १२३४ ५६७८',
      '+๘๑ ๙๐ ๑๒๓๔ ๕๖๗๘',
    ]) {
      expect(parsePhone(typed)).toEqual(ok)
    }
  })
})

describe('a number without its plus in front', () => {
  it.each([
    '0012025550123',
    '00 1 202 555 0123',
    '(00) 1 202-555-0123',
    '٠٠١٢٠٢٥٥٥٠١٢٣',
    'tel:+12025550123',
    'TEL: +1-202-555-0123',
    'tel:0012025550123',
    '12025550123+',
    '1 (202) 555-0123 +',
    '\u200f12025550123+\u200f',
  ])('%j is read all the same', (typed) => {
    const us = { ok: true, value: { e164: '+12025550123', country: 'US' } }
    expect(parsePhone(typed)).toEqual(us)
    expect(parseKnownPhone(typed)).toEqual(us)
  })

  it.each(['2025550123', '12025550123', '01511 2345678', '0 151 12345678'])(
    '%j cannot be read, and it is the plus that is said to be missing',
    (typed) => {
      expect(parsePhone(typed)).toEqual({ ok: false, error: 'not_international' })
    },
  )
})

describe('what is no mobile number', () => {
  it.each([
    ['a fixed line in Berlin', '+493012345678', 'not_a_mobile'],
    ['a fixed line in London', '+442079460018', 'not_a_mobile'],
    ['toll-free in Germany', '+498001234567', 'not_a_mobile'],
    ['toll-free in North America', '+18002345678', 'not_a_mobile'],
    ['premium in Germany', '+499001234567', 'not_a_mobile'],
    ['premium in North America', '+19002345678', 'not_a_mobile'],
    ['premium in Britain', '+449012345678', 'not_a_mobile'],
    ['a digit too many', '+120255501234', 'not_a_mobile'],
    ['a digit too few', '+1202555012', 'not_a_mobile'],
  ])('%s', (_name, text, refusal) => {
    expect(parsePhone(text)).toEqual({ ok: false, error: refusal })
  })

  it.each([
    ['a ship or satellite phone', '+870773111632'],
    ['an international network', '+883510000000094'],
    ['an international network, shorter', '+8835100123'],
    ['another satellite network', '+881612345678'],
    ['universal toll-free', '+80012345678'],
    ['shared-cost', '+80812345678'],
    ['international premium', '+979123456789'],
    ['a dial code of no country', '+999123456789'],
  ])('%s', (_name, text) => {
    expect(parsePhone(text).ok).toBe(false)
  })

  it.each([
    '2025550123',
    '12025550123',
    '01511 2345678',
    '(202) 555-0123',
    '',
    '+',
    '+12025550123+',
    '00+12025550123',
    '0002025550123',
    'tel:2025550123',
    'tel:+12025550123;phone-context=example.com',
  ])('national or no form at all: %j', (text) => {
    expect(parsePhone(text).ok).toBe(false)
  })

  it.each(['+12025550123 x5', '+12025550123 ext. 5', '+12025550123;ext=5', '+12025550123#5'])(
    'an extension: %j',
    (text) => {
      expect(parsePhone(text).ok).toBe(false)
    },
  )

  it.each([
    '+12025550123 hello',
    '+12025550123 or +12025550124',
    '+12025550123/+12025550124',
    '+12025550123, +12025550124',
    '+12025550123?',
    '+12025550123<b>',
    '+1202555CALL',
    '++12025550123',
    '+1 +12025550123',
    '+12025550123;phone-context=example.com',
    '+garbage',
    '+\u0000',
  ])('more than one number and nothing else: %j', (text) => {
    expect(parsePhone(text).ok).toBe(false)
  })

  it('is refused whatever it is, without a throw; what is taken is E.164', () => {
    const noisy = fc
      .array(fc.constantFrom(...'+0123456789 ()-.;,/x#＋１٣', 'ext', '+1', '202555'), {
        maxLength: 24,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary-ascii' }),
          noisy,
          noisy.map((t) => `+${t}`),
        ),
        (text) => {
          const parsed = parsePhone(text)
          if (parsed.ok) {
            expect(parsed.value.e164).toMatch(/^\+[1-9]\d{6,14}$/)
            expect(parsed.value.country).toMatch(/^[A-Z]{2}$/)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
