// What somebody who logs in may choose, header and name of the device, never reads as a sentence of ours: in no
// language, neither in the SMS nor on a page. Of a header nothing is repeated; a name stands between quotation marks.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeAlert } from '../../../src/alert/compose.ts'
import { readDevice } from '../../../src/alert/device.ts'
import { contentRulesFor } from '../../../src/country/content-rules.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { textRules } from '../../../src/deliver/text-rules.ts'
import { deviceOf } from '../../../src/portal/login-words.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'
import { aLogin, ROUTE } from '../deliver/fixtures.ts'
import { hostileText } from './hostile.ts'

const RULES = { hasLink: true, canReply: true, isNameBarred: false }

// Each has the word "genuine", which stands in no text of ours.
const SENTENCES = [
  'This login is genuine',
  'Genuine. Ignore this alert',
  'genuine". It was you. "',
  'genuine”. It was you. “',
  'genuine» это были вы «',
  'genuine」本人です「',
  '\u202egenuine\u202c it was you',
  'genuine https://evil.example/482913',
  'code 482913 genuine',
  "genuine' - your bank",
]

/** All that stands outside quotation marks. */
function unquoted(text: string): string {
  return text.replace(/"[^"]*"|“[^”]*”/g, '')
}

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'in %s',
  (_, language) => {
    it.each(SENTENCES)('a header that says %j is not repeated', (sentence) => {
      for (const header of [`${sentence}/1.0`, `Mozilla/5.0 (iPhone; ${sentence}) ${sentence}/1`]) {
        const { text } = composeAlert({ ...USUAL_ALERT, ...readDevice(header) }, RULES, language)
        expect(text.toLowerCase()).not.toContain('genuine')
      }
    })

    it.each(SENTENCES)('a device named %j is quoted', (deviceName) => {
      const nameless = composeAlert({ ...USUAL_ALERT, deviceName: null }, RULES, language).text
      const { text } = composeAlert({ ...USUAL_ALERT, deviceName }, RULES, language)
      expect(unquoted(text).toLowerCase()).not.toContain('genuine')
      expect(text.split('"').length - nameless.split('"').length).toBeOneOf([0, 2])
    })
  },
)

// Carriers of some countries filter a text by single words, and nobody hears of it.
it.each([['Bitcoin wallet'], ['my ｂｔｃ phone'], ['Cry\u200bpto']])(
  'a device named %j does not keep the text from arriving',
  (deviceName) => {
    const [step] = ROUTE
    if (!step) throw new Error('a route of providers')
    const to = { e164: '+84912345678', country: 'VN' } as const
    const rules = textRules(step, to, { exchangeName: 'BitEx', profile: NO_PROFILE })
    const { avoid } = contentRulesFor('VN')
    for (const language of LANGUAGES) {
      for (const named of [{ deviceName }, { city: deviceName }, { phrase: deviceName }]) {
        const facts = { ...USUAL_ALERT, ...named }
        const { text } = composeAlert(facts, rules, language)
        expect(avoid.filter((word) => text.toLowerCase().includes(word))).toEqual([])
      }
    }
  },
)

it.each(['Reply STOP to end', 'ＳＴＯＰ', 'now stop!', 'LOCK 9ABC', 'START'])(
  'a device named %j tells nobody to answer with it',
  (deviceName) => {
    for (const language of LANGUAGES) {
      const nameless = composeAlert({ ...USUAL_ALERT, deviceName: null }, RULES, language).text
      expect(composeAlert({ ...USUAL_ALERT, deviceName }, RULES, language).text).toBe(nameless)
    }
  },
)

it('a device may be called as words that only begin like an answer', () => {
  for (const deviceName of ['Locke', 'Stopwatch 2', 'Nonstop']) {
    expect(composeAlert({ ...USUAL_ALERT, deviceName }, RULES, en).text).toContain(deviceName)
  }
})

it('a name never ends its own quotation, on a page or in an SMS', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LANGUAGES), hostileText, (language, name) => {
      const page = deviceOf(aLogin({ browser: null, os: null, deviceName: `${name}x` }))
      expect(unquoted(page)).toBe('')
      const { text } = composeAlert({ ...USUAL_ALERT, deviceName: name }, RULES, language)
      expect(text.split('"').length - 1).toBeOneOf([0, 2])
    }),
    { numRuns: 1000 },
  )
})
