// Durations in words: the plural forms of languages that have many, and that no sentence says one by itself.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsDurations } from '../../../src/alert/fill.ts'
import { isGsm7Basic } from '../../../src/lib/gsm7.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { durationParts } from '../../../src/words/durations.ts'
import type { Language } from '../../../src/words/language.ts'
import { chooseLanguage, LANGUAGES } from '../../../src/words/languages.ts'
import { sentencesOf } from './sentences.ts'

const EACH = LANGUAGES.map((language) => [language.tag, language] as const)
const COUNTS = [1, 2, 3, 5, 21, 24]

function say(tag: string, ms: number, form?: string): string | undefined {
  const parts = durationParts(chooseLanguage([tag]), { time: ms })
  return parts[form === undefined ? 'time' : `time.${form}`]
}

describe('hours, minutes and seconds', () => {
  it.each([
    ['en', undefined, '1 hour|2 hours|3 hours|5 hours|21 hours|24 hours'],
    [
      'en',
      'more',
      '1 more hour|2 more hours|3 more hours|5 more hours|21 more hours|24 more hours',
    ],
    ['ru', undefined, '1 час|2 часа|3 часа|5 часов|21 час|24 часа'],
    ['ru', 'genitive', '1 часа|2 часов|3 часов|5 часов|21 часа|24 часов'],
    ['uk', undefined, '1 годину|2 години|3 години|5 годин|21 годину|24 години'],
    ['uk', 'genitive', '1 години|2 годин|3 годин|5 годин|21 години|24 годин'],
    ['pl', undefined, '1 godzinę|2 godziny|3 godziny|5 godzin|21 godzin|24 godziny'],
    ['pl', 'nominative', '1 godzina|2 godziny|3 godziny|5 godzin|21 godzin|24 godziny'],
    ['ar', undefined, 'ساعة واحدة|ساعتين|3 ساعات|5 ساعات|21 ساعة|24 ساعة'],
    ['fil', undefined, '1 oras|2 oras|3 oras|5 oras|21 oras|24 na oras'],
    ['hi', undefined, '1 घंटे|2 घंटे|3 घंटे|5 घंटे|21 घंटे|24 घंटे'],
    ['it', 'more', 'un’altra ora|altre 2 ore|altre 3 ore|altre 5 ore|altre 21 ore|altre 24 ore'],
    ['ja', undefined, '1時間|2時間|3時間|5時間|21時間|24時間'],
    ['tr', 'ablative', '1 saatten|2 saatten|3 saatten|5 saatten|21 saatten|24 saatten'],
  ])('in %s, form %s', (tag, form, expected) => {
    expect(COUNTS.map((count) => say(tag, count * HOUR_MS, form)).join('|')).toBe(expected)
  })

  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [30 * SECOND_MS, '30 seconds'],
    [60 * SECOND_MS, '1 minute'],
    [90 * SECOND_MS, '90 seconds'],
    [90 * MINUTE_MS, '90 minutes'],
    [60 * MINUTE_MS, '1 hour'],
    [72 * HOUR_MS, '72 hours'],
    [1_000 * HOUR_MS, '1000 hours'],
  ])('are chosen so that nothing is rounded off: %d ms are %s', (ms, expected) => {
    expect(say('en', ms)).toBe(expected)
  })
})

describe.each(EACH)('durations in %s', (_tag, language) => {
  it('are said with Latin digits, in all forms, with nothing left open', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 5_000 }),
        fc.constantFrom(...UNITS),
        (count, unitMs) => {
          fc.pre(unitMs === HOUR_MS || count % 60 !== 0)
          for (const said of Object.values(durationParts(language, { time: count * unitMs }))) {
            expect(said).toMatch(new RegExp(`(?<!\\p{Nd})${count}(?!\\p{Nd})`, 'u'))
            expect(said).not.toMatch(/[{}\u202f]|undefined/)
            expect(said.trim()).toBe(said)
          }
        },
      ),
    )
  })

  it('cost an SMS no other alphabet', () => {
    for (const unitMs of UNITS) {
      for (const count of COUNTS) {
        const said = Object.values(smsDurations({ time: count * unitMs }, language)).join('')
        const foreign = [...said].filter((one) => !isGsm7Basic(one))
        if (language.encoding === 'GSM-7') expect(foreign).toEqual([])
        expect(said).not.toMatch(/[\u00a0\u200e\u200f\u202a-\u202f\u2066-\u2069]/u)
      }
    }
  })

  it('are asked for in forms that the language has', () => {
    const forms = Object.values(sentencesOf(language)).flatMap((text) =>
      [...text.matchAll(/\{\w+\.(\w+)\}/g)].map((match) => match[1]),
    )
    const { plain: _plain, ...named } = language.durations
    expect([...new Set(forms)].sort()).toEqual(Object.keys(named).sort())
  })

  it('stand in no sentence as a number', () => {
    const found = Object.entries(sentencesOf(language))
      .filter(([key]) => !ORDINALS_AND_LENGTHS.has(key))
      .filter(([, text]) => /\p{Nd}/u.test(text.replace(/\{[\w.]+\}|\+\d[\d -]+\d|7K3Q/g, '')))
    expect(found).toEqual([])
  })

  it('stand in no sentence as a word', () => {
    const found = Object.entries(sentencesOf(language)).flatMap(([key, text]) =>
      unitsIn(text, language)
        .map((unit) => `${key}: ${unit}`)
        .filter((one) => !isNoDuration(language.tag, one)),
    )
    expect(found).toEqual([])
  })
})

describe('the search for durations in sentences', () => {
  it.each([
    ['en', 'It works once, within five minutes. Go back to {exchange}.', 'minutes'],
    ['en', 'The number gets every alert for three days.', 'days'],
    ['de', 'Er gilt einmal und fünf Minuten lang.', 'minuten'],
    ['ru', 'Она работает один раз в течение пяти минут.', 'минут'],
    ['uk', 'виведення коштів зупиняється на добу, або 24 години', 'години'],
    ['pl', 'Działa raz, przez godzinę.', 'godzinę'],
    ['tr', 'Beş dakika içinde bir kez çalışır.', 'dakika'],
    ['ar', 'يعمل مرة واحدة خلال خمس دقائق.', 'دقائق'],
    ['hi', 'यह पाँच मिनट के भीतर एक बार काम करता है।', 'मिनट'],
    ['th', 'ใช้ได้ครั้งเดียวภายในห้านาที กลับไปที่ {exchange}', 'นาที'],
    ['ja', 'リンクは五分以内に一度だけ使えます。', '分'],
    ['zh-Hant', '連結僅可使用一次，五分鐘內有效。', '分鐘'],
  ])('finds it in %s: %s', (tag, text, unit) => {
    expect(unitsIn(text, chooseLanguage([tag]))).toContain(unit)
  })
})

const UNITS = [HOUR_MS, MINUTE_MS, SECOND_MS]

/** “2nd session”, and how many digits a code has. Durations in them are found by their words. */
const ORDINALS_AND_LENGTHS = new Set([
  'alert.shortParallel',
  'lock.codeHint',
  'portal.number.codeLabel',
  'portal.common.totpHint',
])

/** Sentences that name a unit without being about a fixed duration, in whatever language. */
const NO_DURATION = [
  // “within seconds”
  'portal.number.notBound',
  // Measured and filled in where they are shown, beside an abbreviation.
  'portal.hold.remaining',
  'portal.drill.accepted',
  'portal.drill.delivered',
  // “the clock of your phone” is the word for hour in many.
  'portal.common.totpRefused',
]

/** By language and key, or word alone: what looks like a unit and is another word. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  // “measure the time”
  fil: ['portal.drill.intro: oras'],
  ja: ['portal.drill.intro: 時間', 'portal.settings.phraseHint: 分'],
  ko: ['portal.drill.intro: 시간'],
  // “now”
  it: [': ora'],
  // “at once”
  pt: ['lock.effects: hora'],
  // “never”; “in a moment”
  vi: ['lock.noPassword: giờ', 'portal.common.never: giờ', 'lock.unrecorded: giây'],
}

function isNoDuration(tag: string, found: string): boolean {
  if (NO_DURATION.some((key) => found.startsWith(`${key}: `))) return true
  return (OTHER_WORDS[tag] ?? []).some((other) => found.endsWith(other))
}

/**
 * The language's own words for hours, minutes and seconds, in all their forms, so that this needs no list of
 * number words and finds “half an hour” too; and for days where that is a word by itself.
 */
function unitWords(language: Language): readonly string[] {
  const counts = [1, 2, 3, 5, 11]
  const said = UNITS.flatMap((unitMs) =>
    counts.flatMap((count) => Object.values(durationParts(language, { time: count * unitMs }))),
  )
  const days = new Intl.NumberFormat(language.intl, {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
  })
  if (!isUnspaced(language)) said.push(...counts.map((count) => days.format(count)))
  const words = said.map((text) => text.replace(/\d+/g, '').trim().toLowerCase())
  return [...new Set(words)]
}

function isUnspaced({ tag }: Language): boolean {
  return /^(ja|ko|th|zh)/.test(tag)
}

function unitsIn(text: string, language: Language): readonly string[] {
  const own = text.replace(/\{[\w.]+\}/g, ' ')
  return unitWords(language).filter((unit) => saysWord(own, unit, language))
}

/** As a whole word; anywhere, where words are not set apart. */
function saysWord(text: string, word: string, language: Language): boolean {
  const lower = text.toLowerCase()
  if (isUnspaced(language)) return lower.includes(word)
  return new RegExp(`(?<![\\p{L}\\p{M}])${word}(?![\\p{L}\\p{M}])`, 'u').test(lower)
}
