// The parts of an alert's text out of its facts: cleaned, bounded, in the text's language and alphabet.

import { holdsAnyWord } from '../country/content-rules.ts'
import { countryNames } from '../words/country-name.ts'
import type { Language } from '../words/language.ts'
import { en } from '../words/languages/en.ts'
import type { AlertFacts, Parts, TextRules } from './facts.ts'
import { cleanField, cleanNativeField, shorten } from './field.ts'
import { fill, fillClock, fillTime } from './fill.ts'
import { networkWord, reservedWord } from './network-words.ts'
import { transliterate } from './transliterate.ts'

/** A longer anti-phishing code would push the place out of the SMS. */
export const PHRASE_MAX_LENGTH = 24

const LIMITS = {
  'GSM-7': {
    exchange: 20,
    country: 24,
    city: 28,
    network: 28,
    browser: 16,
    os: 16,
    deviceName: 20,
  },
  // A character of these scripts says more, and there is room for fewer.
  'UCS-2': {
    exchange: 16,
    country: 18,
    city: 12,
    network: 12,
    browser: 12,
    os: 12,
    deviceName: 12,
  },
} as const

export function readParts(facts: AlertFacts, rules: TextRules, language: Language): Parts {
  const { alert: words, encoding } = language
  const limits = LIMITS[encoding]
  const cleaned = encoding === 'GSM-7' ? cleanField : cleanNativeField
  // An intruder who may name his device must not have the whole text filtered by it.
  const arriving = (text: string) => (holdsAnyWord(text, rules.barredWords ?? []) ? '' : text)
  const clean = (text: string | null, limit: number) => arriving(cleaned(text, limit))
  const phrase = arriving(phraseIn(facts.phrase, language))
  const isNewCountry = facts.isNewCountry && facts.country !== null
  return {
    exchange: rules.isNameBarred ? words.account : exchangeName(facts.exchangeName, language),
    country: readCountry(facts.country, language),
    elsewhere: readElsewhere(facts, words),
    time: fillTime(facts.occurredAt, language),
    clock: fillClock(facts.occurredAt, language),
    city: clean(facts.city, limits.city),
    dataCentre: facts.hosting === null ? '' : networkWord(facts.hosting, words),
    newCountry: isNewCountry ? words.newCountry : '',
    newDevice: facts.isNewDevice ? words.newDevice : '',
    wait:
      facts.holdUntil === null ? '' : waitSentence(fillTime(facts.holdUntil, language), language),
    parallel: facts.isParallel ? words.parallel : '',
    network: clean(facts.hosting, limits.network),
    ip: /^(?:\d{1,3}\.\d{1,3}|[0-9a-f]{1,4})$/.test(facts.ipTail) ? facts.ipTail : '',
    browser: clean(facts.browser, limits.browser),
    os: clean(facts.os, limits.os),
    deviceName: withoutKeyword(clean(facts.deviceName, limits.deviceName)),
    phrase,
    // An anti-phishing code says enough at the end.
    ending: phrase === '' ? words.ending : '',
  }
}

/** A month that is abbreviated brings the stop of the sentence. */
export function waitSentence(time: string, { coolingOff }: Language): string {
  const isAtStop = /\{time\}[.。।۔]/.test(coolingOff.sms)
  return fill(coolingOff.sms, { time: isAtStop ? time.replace(/\.$/, '') : time })
}

// What a reply may say, in the words of our own texts.
const KEYWORD = /(?<![\p{L}\p{N}])(?:LOCK|STOP|START)(?![\p{L}\p{N}])/iu

/** "Reply STOP to end" is no name: whoever did as it says would mute his alerts, and quotation marks stop nobody. */
function withoutKeyword(deviceName: string): string {
  return KEYWORD.test(deviceName) ? '' : deviceName
}

/** The owner's anti-phishing code in the text's alphabet; '' for none. */
export function phraseIn(phrase: string | null, { encoding }: Language): string {
  const clean = encoding === 'GSM-7' ? cleanField : cleanNativeField
  return clean(phrase, PHRASE_MAX_LENGTH)
}

/** The exchange's own setting, so a name like "Example.com" is kept; only its cost is bounded. */
export function exchangeName(name: string, { alert: words, encoding }: Language): string {
  const spelled = encoding === 'GSM-7' ? transliterate(name) : name.normalize('NFC').trim()
  return shorten(spelled, LIMITS[encoding].exchange) || words.exchange
}

/**
 * The longest name that fits whole, in the text's language, in English where that cannot be written in its alphabet; else
 * the ISO code. A name is never cut: its beginning may be another country's.
 */
function readCountry(code: string | null, language: Language): string {
  if (code === null) return ''
  const limit = LIMITS[language.encoding].country
  const own = countryNames(code, language)
  if (language.encoding === 'UCS-2') return own.find((name) => name.length <= limit) ?? ''
  const spelled = own.map(transliterate)
  const latin = spelled[0] === '' ? countryNames(code, en).map(transliterate) : spelled
  return latin.find((name) => name.length <= limit) ?? ''
}

function readElsewhere(facts: AlertFacts, words: Language['alert']): string {
  return facts.reserved === null ? words.unknownPlace : reservedWord(facts.reserved, words)
}
