// Phone numbers: every mobile example of every region is taken, and nothing that would swallow an
// alert, cost a fortune or mean somebody else.

import fc from 'fast-check'
import { type CountryCode, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import { getCountries } from 'libphonenumber-js/mobile'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/account/phone.ts'

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
    '0012025550123',
    '01511 2345678',
    '(202) 555-0123',
    '',
    '+',
    'tel:+12025550123',
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
