// How long a text may be, and what it becomes once it is filled: room in an SMS is what a language has least of.

import { describe, expect, it } from 'vitest'
import { parsePhone } from '../../../src/account/phone.ts'
import { composeAlert } from '../../../src/alert/compose.ts'
import type { AlertFacts } from '../../../src/alert/facts.ts'
import { countSegments } from '../../../src/alert/segments.ts'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import { readTypedCode } from '../../../src/lock/code.ts'
import { composeNotice, type NoticeFacts, WORDED_KINDS } from '../../../src/notice/notice.ts'

import type { AlertWords } from '../../../src/words/language.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'

/** Characters without the parts: what is said around a link must leave room for the facts. */
const LIMITS: Partial<Readonly<Record<keyof AlertWords, number>>> = {
  opening: 35,
  shortOpening: 17,
  mergedOpening: 59,
  digestOpening: 73,
  shortMerged: 26,
  newCountry: 14,
  newDevice: 18,
  act: 30,
  shortAct: 20,
  actWithoutLink: 24,
  replyCode: 26,
  typedCode: 26,
  replyAlone: 46,
  typedAlone: 70,
  parallel: 32,
  shortParallel: 17,
  phrase: 22,
  ending: 28,
  // The barest text cuts a name at ten, so a longer stand-in would lose its end.
  exchange: 10,
  account: 10,
}

const NOTICE: Omit<NoticeFacts, 'kind'> = {
  untilAt: null,
  exchange: 'BitEx',
  code: { digits: '012345', lifetimeMs: 10 * MINUTE_MS },
  link: null,
  isConfirmed: true,
  isNameBarred: false,
}
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 28, 14, 3))

/** Of 24 characters of origin: 89 have room for an account id of 8 digits, 103 for a UUID. */
function linkOf(length: number): string {
  return 'https://lock.example.com/l/'.padEnd(length, 'aB3-dE_5.f')
}

const FACTS: AlertFacts = {
  ...USUAL_ALERT,
  exchangeName: '',
  city: null,
  browser: null,
  os: null,
  isParallel: true,
  lockUrl: linkOf(103),
}
const USUAL = { exchangeName: 'BitEx', city: 'Berlin', browser: 'Firefox' }
const RULES = { hasLink: true, canReply: true, isNameBarred: false }

function withoutParts(text: string): string {
  return text.replace(/\{\w+\}/g, '')
}

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  '%s',
  (_tag, language) => {
    const { alert, lock } = language

    it('says nothing at length', () => {
      const lengths = Object.entries(LIMITS).flatMap(([name, limit]) => {
        const text = Object.entries(alert).find(([key]) => key === name)?.[1]
        const length = typeof text === 'string' ? withoutParts(text).length : Number.NaN
        return length <= limit ? [] : [`${name}: ${length} > ${limit}`]
      })
      expect(lengths).toEqual([])
    })

    it('fits beside a usual link without becoming English', () => {
      expect(composeAlert({ ...FACTS, ...USUAL }, RULES, language).language).toBe(language.tag)
    })

    it('A12 says of a digest how many, and that a country is new, beside the link of a UUID', () => {
      const several = { mergedNumbers: Array.from({ length: 80 }, (_, nth) => nth + 21) }
      const facts = { ...FACTS, exchangeName: 'BitEx', ...several, isMixed: true }
      const { text } = composeAlert({ ...facts, isNewCountry: true }, RULES, language)
      const mark = alert.numberMark
      const said = ['80', `${mark}21-${mark}100`, alert.newCountry]
      expect(said.filter((part) => !text.includes(part))).toEqual([])
    })

    it('names the place beside the link of an id of eight digits', () => {
      const facts = { ...FACTS, ...USUAL, isParallel: false, lockUrl: linkOf(89) }
      const { dropped } = composeAlert(facts, RULES, language)
      expect(dropped).not.toContain('city')
    })

    it.each([
      ['a name that cannot be written', RULES, alert.exchange],
      ['a name that is barred', { ...RULES, isNameBarred: true }, alert.account],
    ])('has a whole word for %s, even in the barest text', (_what, rules, word) => {
      // So long a link that everything is shortened, and not so long that the text becomes English.
      const length = language.encoding === 'GSM-7' ? 230 : 110
      const lockUrl = linkOf(length)
      const { text } = composeAlert({ ...FACTS, lockUrl }, rules, language)
      expect(text.split(/[:：]? ?#?42/)[0]?.trim()).toContain(word)
    })

    it('names each part once', () => {
      const texts = [alert, language.notice, lock].flatMap((words) => Object.values(words))
      const doubled = texts.filter(
        (text) => typeof text === 'string' && /(\{[\w.]+\}).*\1/.test(text),
      )
      expect(doubled).toEqual([])
    })

    it('has dates of its own, not those of the machine', () => {
      expect(Intl.DateTimeFormat.supportedLocalesOf(language.intl)).toHaveLength(1)
      const { calendar, numberingSystem } = new Intl.DateTimeFormat(language.intl).resolvedOptions()
      expect([calendar, numberingSystem]).toEqual(['gregory', 'latn'])
    })
  },
)

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'the notices of %s',
  (_tag, language) => {
    const max = language.encoding === 'GSM-7' ? 2 : 3

    it.each(['phone_changed', 'drill'] as const)('leave %s room for a usual link', (kind) => {
      const { text, segments } = composeNotice({ ...NOTICE, kind, link: FACTS.lockUrl }, language)
      expect(countSegments(text).encoding).toBe(language.encoding)
      expect(segments).toBeLessThanOrEqual(max)
      expect(text).toMatch(/(^|\s)https?:\/\/[^\s]*[A-Za-z0-9](\s|$)/)
    })

    it.each(['phone_changed', 'drill'] as const)(
      'prove by the owner’s code that %s is ours',
      (kind) => {
        const facts = { ...NOTICE, kind, phrase: 'blue heron' }
        const { text, segments } = composeNotice({ ...facts, link: FACTS.lockUrl }, language)
        expect(text).toMatch(/[a-z0-9] [^ ].*blue heron$/i)
        expect(segments).toBeLessThanOrEqual(max)
        expect(composeNotice({ ...facts, link: null }, language).text).not.toContain('heron')
      },
    )

    it('say a code once, whole, and not beside another digit', () => {
      const { text } = composeNotice({ ...NOTICE, kind: 'code' }, language)
      expect(text.match(/(?<!\d)012345(?!\d)/g)).toHaveLength(1)
    })

    it('never call a test an earnest alert', () => {
      const { text } = composeNotice({ ...NOTICE, kind: 'drill' }, language)
      expect(text).toMatch(/^TEST /)
    })
  },
)

describe.each(
  LANGUAGES.filter(({ encoding }) => encoding === 'GSM-7').map(
    (language) => [language.tag, language] as const,
  ),
)('%s in GSM-7', (_tag, language) => {
  it('tells all of a usual login beside the link of a UUID, and where and on what in any case', () => {
    const usual = {
      ...FACTS,
      ...USUAL,
      os: 'Windows',
      deviceName: 'iPhone 15',
      phrase: 'blue heron',
    }
    expect(composeAlert({ ...usual, isParallel: false }, RULES, language).dropped).toEqual([])
    const { dropped } = composeAlert({ ...FACTS, ...USUAL }, RULES, language)
    expect(dropped.filter((part) => part !== 'ending')).toEqual([])
  })

  it.each(WORDED_KINDS)('ends no sentence of the notice %s with two stops', (kind) => {
    for (const untilAt of MONTHS) {
      const { text } = composeNotice({ ...NOTICE, kind, untilAt }, language)
      expect(text).not.toMatch(/\.\.|\.。/)
    }
  })

  it('gives examples that its own forms would take', () => {
    const number = /\+[\d -]*\d/.exec(language.lock.phoneHint)?.[0] ?? ''
    expect(parsePhone(number)).toMatchObject({ ok: true })
    const code = /[2-9A-Z]{4} [2-9A-Z]{4}/.exec(language.lock.codeHint)?.[0] ?? ''
    expect(readTypedCode(code)).toBe(code.replace(' ', ''))
  })

  it('B4 says a lock that is only asked for in one segment, whatever the month', () => {
    for (const untilAt of MONTHS) {
      const facts = { ...NOTICE, kind: 'locked', untilAt, isConfirmed: false } as const
      for (const partly of [null, { done: 4, count: 7 }]) {
        const { text } = composeNotice(
          { ...facts, partly, exchange: 'Bolsa Internacional de Activos' },
          language,
        )
        expect(countSegments(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 })
      }
    }
  })

  it.each(WORDED_KINDS)('says the notice %s in one segment, whatever the month', (kind) => {
    for (const untilAt of MONTHS) {
      const exchange = 'Bolsa Internacional de Activos'
      const { text } = composeNotice({ ...NOTICE, exchange, kind, untilAt }, language)
      expect(countSegments(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 })
    }
  })
})
