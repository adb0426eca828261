// What every language file has to keep, whatever it says: its parts, its alphabet, its bounds.

import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillTime } from '../../../src/alert/fill.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { isGsm7Basic } from '../../../src/lib/gsm7.ts'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import { composeNotice, WORDED_KINDS } from '../../../src/notice/notice.ts'
import { en } from '../../../src/words/languages/en.ts'
import { chooseLanguage, LANGUAGES, languageOfHeader } from '../../../src/words/languages.ts'
import { anyText } from '../../support/any-text.ts'
import { sentencesOf } from './sentences.ts'

/** Without the form in which a duration is asked for: that is the language's own affair. */
function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)(?:\.\w+)?\}/g)].map((match) => match[1] ?? '').sort()
}

const english = sentencesOf(en)

describe('the languages', () => {
  it('are each there once, by a canonical tag, and none that was promised is missing', () => {
    const tags = LANGUAGES.map((language) => language.tag)
    const promised =
      'ar bn cs de el en es fa fil fr he hi hu id it ja ko ms nl pl pt pt-PT ro ru sv sw th tr uk ur vi zh-Hans zh-Hant zh-Hant-HK'.split(
        ' ',
      )
    expect(promised.filter((tag) => !tags.includes(tag))).toEqual([])
    expect(new Set(tags).size).toBe(tags.length)
    expect(Intl.getCanonicalLocales(tags)).toEqual(tags)
  })

  it('are all the files there are', () => {
    const files = readdirSync(new URL('../../../src/words/languages', import.meta.url))
    const tags = LANGUAGES.map((language) => `${language.tag.toLowerCase()}.ts`)
    expect(files.sort()).toEqual(tags.sort())
  })
})

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  '%s',
  (_tag, language) => {
    const texts = sentencesOf(language)

    it.each(Object.keys(english))('%s has the parts of the English text', (key) => {
      expect(placeholders(texts[key] ?? '')).toEqual(placeholders(english[key] ?? ''))
    })

    it('leaves nothing unsaid, and says it without markup', () => {
      for (const [key, text] of Object.entries(texts)) {
        if (key !== 'alert.numberMark') expect(text.trim()).not.toBe('')
        expect(text).not.toMatch(/[<>&]/)
      }
    })

    it('keeps the keywords that people have to send', () => {
      for (const [key, text] of Object.entries(english)) {
        for (const word of ['LOCK', 'STOP', 'START']) {
          expect(texts[key]?.includes(word), `${key} ${word}`).toBe(text.includes(word))
        }
      }
    })

    it('spells its SMS in the alphabet it names', () => {
      const sms = Object.entries(texts).filter(
        ([key]) => !/^(?:lock|portal|ways\.(?!sms\.)|coolingOff\.(?:why|plan[A-Z]))/.test(key),
      )
      for (const [key, text] of sms) {
        const foreign = [...text.replace(/\{[\w.]+\}/g, '')].filter((one) => !isGsm7Basic(one))
        if (language.encoding === 'GSM-7') expect([key, foreign]).toEqual([key, []])
        expect(text).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u)
      }
    })

    it('writes Gregorian dates in Latin digits', () => {
      for (let month = 0; month < 12; month += 1) {
        const text = fillTime(Date.UTC(2026, month, 23, 4, 5), language)
        expect(text).toMatch(/04:05/)
        expect(text).toMatch(/23/)
        expect(text).not.toMatch(/(?![0-9])\p{Nd}/u)
      }
    })

    it.each(WORDED_KINDS)('says the notice %s within the room of an alert', (kind) => {
      const facts = {
        kind,
        untilAt: Date.UTC(2026, 10, 24, 14, 3),
        exchange: 'Bolsa Internacional de Activos',
        code: { digits: '012345', lifetimeMs: 10 * MINUTE_MS },
        link: null,
        isConfirmed: true,
        isNameBarred: false,
      }
      const { text } = composeNotice(facts, language)
      const { segments, encoding } = countSegments(text)
      expect(encoding).toBe(language.encoding)
      expect(segments).toBeLessThanOrEqual(encoding === 'GSM-7' ? 2 : 3)
    })
  },
)

describe('chooseLanguage', () => {
  it.each([
    [['zh-TW'], 'zh-Hant'],
    [['zh_HK'], 'zh-Hant-HK'],
    [['zh-Hant-US'], 'zh-Hant'],
    [['zh'], 'zh-Hans'],
    [['zh-CN'], 'zh-Hans'],
    [['pt-BR'], 'pt'],
    [['pt_PT'], 'pt-PT'],
    [['pt-AO'], 'pt-PT'],
    [['tl-PH'], 'fil'],
    [['in'], 'id'],
    [['iw-IL'], 'he'],
    [['DE-at'], 'de'],
    [['is', 'fr'], 'fr'],
    [[null, 'ja'], 'ja'],
    [['ja', 'fr'], 'ja'],
    [['is', null], 'en'],
    [[], 'en'],
    [['__proto__', 'constructor', ''], 'en'],
  ])('%j reads %s', (tags, language) => {
    expect(chooseLanguage(tags).tag).toBe(language)
  })

  it.each([
    [undefined, 'en'],
    ['de-DE,de;q=0.9,en;q=0.8', 'de'],
    ['en;q=0.2, uk', 'uk'],
    ['is, th;q=0.5', 'th'],
    ['fr;q=0, it', 'it'],
    ['*', 'en'],
    [',;,', 'en'],
  ])('the header %j reads %s', (header, language) => {
    expect(languageOfHeader(header).tag).toBe(language)
  })

  it('is total', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(LANGUAGES).toContain(chooseLanguage([text]))
        expect(LANGUAGES).toContain(languageOfHeader(text))
      }),
    )
  })
})
