// The texts that may go to India, as templates of a DLT platform: each variable with its type and the most characters
// it may have. Written by the code that writes the texts; what it cannot know, which parts of a login are known, it
// says. Pure; registers nothing.
//
// Types of TRAI's direction of 18 November 2025 (TCCCPR 2018): numeric, alphanumeric, url, urlott, cbn, email.
// https://msg91.com/help/dlt-registration-in-india/variable-tagging-on-dlt-sms-templates

import { getCountries } from 'libphonenumber-js/mobile'
import { fillClock, fillTime } from '../../src/alert/fill.ts'
import { readParts } from '../../src/alert/parts.ts'
import { LAST_RESORTS, registeredName } from '../../src/country/registered-texts.ts'
import type { Language } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages.ts'
import { FACTS, MARKS, markedTexts, NOW, RULES } from './marked-texts.ts'

const DAY_MS = 86_400_000

/** The constitution's languages of India and English, which its owners read. */
const OF_INDIA = [
  'en',
  'as',
  'bn',
  'gu',
  'hi',
  'kn',
  'ks',
  'ml',
  'mr',
  'ne',
  'or',
  'pa',
  'sd',
  'ta',
  'te',
  'ur',
]

export function languagesOfIndia(): readonly Language[] {
  return LANGUAGES.filter(({ tag }) => OF_INDIA.includes(tag))
}

type VariableType = 'numeric' | 'alphanumeric'

export type Variable = {
  readonly name: string
  readonly type: VariableType
  readonly lengthMax: number
  /** What its values hold beside letters and digits; `any`: whatever somebody typed. */
  readonly others: string
}

export type Template = {
  readonly name: string
  /** Variables stand as `{#type#}`. */
  readonly text: string
  /** In the order of the text. */
  readonly variables: readonly Variable[]
}

/** `exchange` as EXCHANGE_NAME has it: the same in every text, so it is no variable. */
export function templatesFor(language: Language, exchange: string): readonly Template[] {
  const variables = variablesOf(language)
  const readTemplate = (name: string, marked: string): Template => {
    const found = [...marked].map((character) => variables.get(character) ?? character)
    return {
      name,
      text: found.map((one) => (typeof one === 'string' ? one : `{#${one.type}#}`)).join(''),
      variables: found.filter((one) => typeof one !== 'string'),
    }
  }
  return markedTexts(language, exchange).map(([name, marked]) => readTemplate(name, marked))
}

function variablesOf(language: Language): ReadonlyMap<string, Variable> {
  const long = 'm'.repeat(200)
  const limits = readParts(
    {
      ...FACTS,
      city: long,
      hosting: long,
      browser: long,
      os: long,
      deviceName: long,
      phrase: long,
    },
    RULES,
    language,
  )
  const times = Array.from({ length: 366 }, (_, day) => fillTime(NOW + day * DAY_MS, language))
  const countries = getCountries().map(
    (country) => readParts({ ...FACTS, country }, RULES, language).country,
  )
  const sampled = (name: string, values: readonly string[]): Variable => ({
    name,
    type: 'alphanumeric',
    lengthMax: Math.max(...values.map((value) => value.length)),
    others: [...new Set(values.join('').replace(/[\p{L}\p{M}\p{N}]/gu, ''))].toSorted().join(''),
  })
  const typed = (name: string, value: string): Variable => ({
    name,
    type: 'alphanumeric',
    lengthMax: value.length,
    others: 'any',
  })
  const digits = (name: string, lengthMax: number): Variable => ({
    name,
    type: 'numeric',
    lengthMax,
    others: '',
  })
  return new Map([
    [MARKS.time, sampled('time', times)],
    [MARKS.clock, sampled('clock', [fillClock(NOW, language)])],
    [MARKS.country, sampled('country', countries)],
    [MARKS.city, typed('city', limits.city)],
    [MARKS.network, typed('network', limits.network)],
    [MARKS.ip, sampled('end of the address', ['255.255', 'ffff'])],
    [MARKS.browser, sampled('browser', [limits.browser, 'a b.c'])],
    [MARKS.os, sampled('system', [limits.os, 'a b'])],
    [MARKS.deviceName, typed('device', limits.deviceName)],
    [MARKS.phrase, typed('phrase', limits.phrase)],
    [MARKS.number, digits('number of the alert', 10)],
    [MARKS.code, sampled('code', ['AAAA AAAA'])],
    [
      MARKS.numbers,
      sampled('numbers of the alerts', ['#1234567890-#1234567899', '#1-#2, #4-#5, #7-#8, #10']),
    ],
    [MARKS.count, digits('how many', 4)],
    [MARKS.digits, digits('code', 6)],
  ])
}

const HEAD = `Texts for India, as templates of a DLT platform. Links are left out there, and a header cannot be answered.
The exchange's name is part of each. {#numeric#} and {#alphanumeric#} stand for a variable of that type; platforms differ
in how it is entered (some take it without braces, some in a form of its own). A variable that holds other characters than
letters and digits is named: ask the platform before you count on it.
The line above each is its name: with the id that the platform gave it, it goes into template_ids of SMS_SENDERS. An alert
is told by the fullest text that is registered and whose places are all known; “en ${LAST_RESORTS[0]}” and
“en ${LAST_RESORTS[1]}” tell any and have to be there. Another text that is not registered does not go out.
`

export function renderTemplates(languages: readonly Language[], exchange: string): string {
  const blocks = languages.flatMap((language) =>
    templatesFor(language, exchange).map(({ name, text, variables }) => {
      const lines = variables.map(({ name: variable, type, lengthMax, others }, index) => {
        const also =
          others === '' ? '' : others === 'any' ? ', any character' : `, also “${others}”`
        return `  ${index + 1}. ${variable}: ${type}, up to ${lengthMax}${also}`
      })
      return [registeredName(language.tag, name), text, ...lines, ''].join('\n')
    }),
  )
  return [HEAD, ...blocks].join('\n')
}
