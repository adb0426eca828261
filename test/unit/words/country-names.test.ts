// What a country is called in an SMS, of every country in every language: a name is never cut, since the beginning of
// one is the name of another ("Republic of …"), and no two share one.

import { describe, expect, it } from 'vitest'
import { readParts } from '../../../src/alert/parts.ts'
import { transliterate } from '../../../src/alert/transliterate.ts'
import { countryName, countryNames } from '../../../src/words/country-name.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { SHORT_COUNTRY_NAMES } from '../../../src/words/short-country-names.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'

const RULES = { hasLink: true, canReply: true, isNameBarred: false }
const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** All that the runtime has a name for, each by its code of today: SU and RU are one. */
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  (code) =>
    countryName(code, 'en') !== null &&
    Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`,
)

it('looks at all countries there are', () => {
  expect(CODES.length).toBeGreaterThan(250)
  const missing = ['DE', 'TW', 'HK', 'MO', 'XK', 'PS', 'CD', 'CG'].filter((c) => !CODES.includes(c))
  expect(missing).toEqual([])
})

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  '%s',
  (tag, language) => {
    const spell = (name: string) => (language.encoding === 'GSM-7' ? transliterate(name) : name)
    const told = new Map(
      CODES.map((code) => {
        const { country } = readParts({ ...USUAL_ALERT, country: code }, RULES, language)
        return [code, country] as const
      }),
    )

    it('never cuts a name', () => {
      const cut = CODES.filter(
        (code) =>
          !countryNames(code, language)
            .map(spell)
            .includes(told.get(code) ?? ''),
      )
      expect(cut).toEqual([])
    })

    it('has a name of its own for each', () => {
      const byName = Map.groupBy(told, ([, name]) => name)
      const shared = Array.from(byName.values()).filter((one) => one.length > 1)
      expect(shared).toEqual([])
    })

    it('says by their codes only those where hardly anybody lives', () => {
      const coded = CODES.filter((code) => told.get(code) === code)
      expect(coded.filter((code) => !HARDLY_INHABITED.includes(code))).toEqual([])
    })

    it('has no short name that is not needed, or does not fit', () => {
      const ours = Object.entries(SHORT_COUNTRY_NAMES[tag] ?? {})
      expect(ours.filter(([code, name]) => told.get(code) !== spell(name))).toEqual([])
    })
  },
)

const HARDLY_INHABITED = ['CC', 'GS', 'HM', 'IO', 'PM', 'SJ', 'TC', 'TF', 'UM', 'WF']
