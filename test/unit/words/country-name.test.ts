import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countryName } from '../../../src/words/country-name.ts'
import { anyText } from '../../support/any-text.ts'

describe('countryName', () => {
  it.each([
    ['DE', 'en', 'Germany'],
    ['de', 'en', 'Germany'],
    ['DE', 'fr', 'Allemagne'],
    ['XK', 'en', 'Kosovo'],
    ['T1', 'en', null],
    ['XX', 'en', null],
    ['XA', 'en', null],
    ['ZZ', 'en', null],
    ['DEU', 'en', null],
    ['', 'en', null],
  ])('%s in %s is %s', (code, locale, name) => {
    expect(countryName(code, locale)).toBe(name)
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(anyText(), (code) => {
        const name = countryName(code, 'en')
        expect(name === null || name.length > 0).toBe(true)
      }),
    )
  })
})
