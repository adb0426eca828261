// Which language a reader gets: the first tag that names one of ours, whatever else somebody sent.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLanguage, LANGUAGES, languageOfHeader } from '../../../src/words/languages.ts'
import { anyText } from '../../support/any-text.ts'

const ourTag = fc.constantFrom(...LANGUAGES.map((language) => language.tag))
/** What a browser could send that is none of ours. */
const otherTag = fc.constantFrom('is', 'xx-YY', 'mul', '*', 'i-klingon', 'x-private', '-', '')

function randomCase(text: string, bits: readonly boolean[]): string {
  return [...text]
    .map((letter, index) => (bits[index % 8] ? letter.toUpperCase() : letter.toLowerCase()))
    .join('')
}

describe('chooseLanguage', () => {
  it('knows each language by its own tag, however it is written', () => {
    const bits = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(ourTag, bits, fc.constantFrom('-', '_'), (tag, cases, joint) => {
        const written = randomCase(tag.replace('-', joint), cases)
        expect(chooseLanguage([written]).tag).toBe(tag)
      }),
    )
  })

  it.each([
    ['zh-TW', 'zh-Hant'],
    ['zh-MO', 'zh-Hant-HK'],
    ['zh-Hant-MO', 'zh-Hant-HK'],
    ['zh-Hant-HK', 'zh-Hant-HK'],
    ['zh-Hant-US', 'zh-Hant'],
    ['yue-HK', 'zh-Hant-HK'],
    ['zh-Hans-HK', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['pt-BR', 'pt'],
    ['pt-MZ', 'pt-PT'],
    ['pt-Latn-PT', 'pt-PT'],
    ['pt-Latn-BR', 'pt'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['es-419', 'es'],
    ['de-CH-1996', 'de'],
    ['tl', 'fil'],
    ['in-ID', 'id'],
    ['en-u-ca-buddhist', 'en'],
    ['cmn-Hant', 'zh-Hant'],
    ['cmn-Hant-TW', 'zh-Hant'],
    ['cmn-TW', 'zh-Hant'],
    ['cmn', 'zh-Hans'],
    ['prs-AF', 'fa'],
    ['be-BY', 'ru'],
    ['kk-Cyrl-KZ', 'ru'],
    ['ky', 'ru'],
    ['uz-Latn-UZ', 'ru'],
    ['ca-ES', 'es'],
    ['gl', 'es'],
    ['eu', 'es'],
  ])('reads %s as %s', (tag, expected) => {
    expect(chooseLanguage(['is', tag]).tag).toBe(expected)
  })

  it('takes no word that merely begins like a tag', () => {
    expect(chooseLanguage(['debug', 'french', 'itx', 'zhx']).tag).toBe('en')
  })

  it('passes over what is none of ours', () => {
    const others = fc.array(fc.option(otherTag, { nil: null }))
    fc.assert(
      fc.property(others, ourTag, ourTag, (before, tag, after) => {
        expect(chooseLanguage([...before, tag, after]).tag).toBe(tag)
      }),
    )
  })

  it.each(['__proto__', 'constructor', 'toString', '../de', 'de\u0000', 'ⅾe', 'd e', ' de'])(
    'is English for %j',
    (tag) => {
      expect(chooseLanguage([tag]).tag).toBe('en')
    },
  )

  it('reads no more of an endless tag than it needs', () => {
    expect(chooseLanguage([`fr${'-x'.repeat(100_000)}`]).tag).toBe('fr')
  })
})

describe('languageOfHeader', () => {
  it.each([
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr'],
    ['en;q=0.8,tr;q=0.801', 'tr'],
    ['nl;q=0.5,pl;q=0.5', 'nl'],
    ['it; q=0.3 , id ;q=0.4', 'id'],
    ['es;q=0.000,vi;q=0.001', 'vi'],
    ['de;q=0', 'en'],
    ['de;q=2, it;q=0.1', 'it'],
    ['de;q=, it;q=0.1', 'it'],
    ['de;q=-1, it;q=0.1', 'it'],
    ['de;q=1e9, it;q=0.1', 'it'],
    ['de;level=1, it;q=0.1', 'it'],
    ['*, fr', 'fr'],
    ['', 'en'],
  ])('reads %j as %s', (header, expected) => {
    expect(languageOfHeader(header).tag).toBe(expected)
  })

  it('puts weight before order', () => {
    fc.assert(
      fc.property(ourTag, ourTag, fc.integer({ min: 1, max: 999 }), (light, heavy, weight) => {
        fc.pre(light !== heavy)
        const part = (thousandths: number) => (thousandths / 1000).toFixed(3)
        const header = `${light};q=${part(weight)}, ${heavy};q=${part(weight + 1)}`
        expect(languageOfHeader(header).tag).toBe(heavy)
      }),
    )
  })

  it('looks at ten ranges, and no further', () => {
    const others = (count: number) => Array.from({ length: count }, () => 'is').join(',')
    expect(languageOfHeader(`${others(9)},de`).tag).toBe('de')
    expect(languageOfHeader(`${others(10)},de`).tag).toBe('en')
  })

  it('answers every header with a language of ours', () => {
    const piece = fc.oneof(ourTag, otherTag, fc.constantFrom(',', ';', 'q=', '=', '0.5', ' '))
    const header = fc.oneof(
      anyText(),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(header, (text) => {
        expect(LANGUAGES).toContain(languageOfHeader(text))
      }),
      { numRuns: 1000 },
    )
  })
})
