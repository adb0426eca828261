// What an owner is told of each kind of login, in every language: which facts stand in the text, read out of it. A word
// that grows so that a fact drops out of its SMS turns this red; so does one that makes room for a fact.

import { describe, expect, it } from 'vitest'
import { composeAlert, SEGMENTS_MAX } from '../../../src/alert/compose.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { SITUATIONS, type Situation } from '../../support/alert-situations.ts'
import { FACTS_BY_WEIGHT, factsMissing } from './facts-told.ts'

type Way = 'with a link' | 'without a link'

/** Facts that have no room → the languages they have none in; all others tell all. */
const MISSING: Readonly<
  Record<Situation, Readonly<Record<Way, Readonly<Record<string, string>>>>>
> = {
  'usual login': {
    'with a link': { IP: 'bn el fa he hi ru th uk ur' },
    'without a link': {},
  },
  'usual login, anti-phishing code': {
    'with a link': { IP: 'ar fa he ja ko ru uk ur' },
    'without a link': {},
  },
  'usual login through Apple’s relay': {
    'with a link': { IP: 'ar bn el fa hi ko ru th uk' },
    'without a link': {},
  },
  'login on a new device': {
    'with a link': { IP: 'ar fa he' },
    'without a link': {},
  },
  'intruder’s login': {
    'with a link': {
      IP: 'en ar bn cs de el es fil fr he hi it nl pt pt-PT ro sv th uk ur vi zh-Hans zh-Hant zh-Hant-HK',
    },
    'without a link': { IP: 'ar bn el fa hi ru uk' },
  },
  'intruder’s login, UUID account': {
    'with a link': {
      IP: 'en ar de fa he id nl pl sw tr uk ur',
      'anti-phishing code, IP': 'bn hi ru',
      'anti-phishing code': 'el th',
    },
    'without a link': { IP: 'ar bn el fa hi ru uk' },
  },
  'intruder’s login, longest exchange name': {
    'with a link': {
      IP: 'en de fa he hi hu id ms nl pl ru sw tr uk',
      'anti-phishing code, IP': 'bn el th',
    },
    'without a link': { IP: 'he hi th ur' },
  },
  'login on a new device that holds withdrawals': {
    'with a link': { IP: 'bn el he ru th uk ur zh-Hans zh-Hant zh-Hant-HK' },
    'without a link': { IP: 'uk' },
  },
  'intruder’s login that holds withdrawals': {
    'with a link': {
      IP: 'en cs de id ko nl pl pt sv tr vi',
      'anti-phishing code': 'ar hu it ms sw',
      'anti-phishing code, IP': 'el es fa fil fr he hi pt-PT ro ru th uk ur',
      'device, anti-phishing code, IP': 'bn',
    },
    'without a link': {},
  },
  'burst of known devices': {
    'with a link': { IP: 'en bn el ru th uk zh-Hans zh-Hant zh-Hant-HK' },
    'without a link': { IP: 'ar' },
  },
  'burst, new devices, data centre, new country': {
    'with a link': {
      IP: 'en es fa fil fr he id it ko pt-PT ro sv sw ur',
      'anti-phishing code, IP': 'ar bn hi th uk',
      'anti-phishing code': 'el ru',
    },
    'without a link': { IP: 'ar he ur' },
  },
}

const CASES = Object.entries(SITUATIONS).flatMap(([name, facts]) =>
  Object.entries(MISSING)
    .filter(([situation]) => situation === name)
    .flatMap(([, ways]) => Object.entries(ways))
    .map(([way, missing]) => ({ name, way, facts, missing, hasLink: way === 'with a link' })),
)

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  '%s',
  (tag, language) => {
    it.each(CASES)('D1 tells of a $name, $way', ({ facts, missing, hasLink }) => {
      const rules = { hasLink, canReply: true, isNameBarred: false }
      const { text, segments } = composeAlert(facts, rules, language)
      const expected = Object.entries(missing).find(([, tags]) =>
        tags.split(' ').includes(tag),
      )?.[0]
      expect(factsMissing(text, facts, language).join(', ')).toBe(expected ?? '')
      expect(segments).toBeLessThanOrEqual(language.encoding === 'GSM-7' ? 2 : 4)
      expect(text).toContain('7K3Q')
      expect(text.includes(facts.lockUrl)).toBe(hasLink)
    })

    it.each(CASES)(
      'D1 tells where, and what must not be missed, of a $name, $way, whoever sends it',
      (one) => {
        const { facts, hasLink } = one
        const rules = { hasLink, canReply: false, isNameBarred: true }
        const { text } = composeAlert(facts, rules, language)
        const weighty = FACTS_BY_WEIGHT.slice(0, FACTS_BY_WEIGHT.indexOf('city') + 1)
        const missing = factsMissing(text, facts, language)
        expect(weighty.filter((fact) => missing.includes(fact))).toEqual([])
      },
    )

    it('takes no segment more for a usual login, nor for any where the operator wants none', () => {
      const max = SEGMENTS_MAX[language.encoding]
      const rules = { hasLink: true, canReply: true, isNameBarred: false }
      const usual = composeAlert(SITUATIONS['usual login'], rules, language)
      expect(usual.segments).toBeLessThanOrEqual(max)
      for (const facts of Object.values(SITUATIONS)) {
        const { text, segments } = composeAlert(facts, rules, language, max)
        expect(segments).toBeLessThanOrEqual(max)
        const missing = factsMissing(text, facts, language)
        expect(missing.filter((fact) => MUST.includes(fact))).toEqual([])
      }
    })

    it.each(CASES)(
      'ends no sentence with two stops, nor runs into the next, for a $name, $way',
      (one) => {
        const rules = { hasLink: one.hasLink, canReply: true, isNameBarred: false }
        for (const unknown of [{}, { country: null, city: null, hosting: null }]) {
          const facts = { ...one.facts, ...unknown }
          for (let month = 0; month < 12; month += 1) {
            const occurredAt = Date.UTC(2026, month, 23, 14, 3)
            const { text } = composeAlert({ ...facts, occurredAt }, rules, language)
            expect(text.replace(/IP \.\./, 'IP ')).not.toMatch(
              /[.。।۔][.。।۔]|[。？，、] (?!https:)/u,
            )
            expect(text).toMatch(/7K3Q[^.。।۔]{0,12}[.。।۔]/u)
          }
        }
      },
    )
  },
)

/** Without a fourth segment, too. */
const MUST: readonly string[] = ['login', 'second session', 'data centre or relay', 'how many']

describe.each(
  LANGUAGES.filter(({ direction }) => direction === 'rtl').map((one) => [one.tag, one] as const),
)('%s, right to left', (_tag, language) => {
  it.each(CASES)('D5 begins with a word of its script, for a $name, $way', ({ facts, hasLink }) => {
    const rules = { hasLink, canReply: true, isNameBarred: false }
    const { text } = composeAlert(facts, rules, language)
    expect(text).toMatch(/^[\p{Script=Arabic}\p{Script=Hebrew}]/u)
  })
})
