// Every text that may go to India, written by the code that writes it, with a character of private use in the place of
// each part. Pure.

import { BINDING_LIFETIME_MS } from '../../src/account/binding-rules.ts'
import type { AlertFacts, Parts, TextRules } from '../../src/alert/facts.ts'
import { fillTime } from '../../src/alert/fill.ts'
import { formatNumbers } from '../../src/alert/numbers.ts'
import { exchangeName } from '../../src/alert/parts.ts'
import { render } from '../../src/alert/render.ts'
import { composeNotice, type NoticeFacts, type WordedKind } from '../../src/notice/notice.ts'
import type { Language } from '../../src/words/language.ts'

/** Links are banned there, and a header cannot be answered. */
export const RULES: TextRules = { hasLink: false, canReply: false, isNameBarred: false }

export const NOW = Date.UTC(2026, 10, 23, 14, 3, 27)
const NUMBER = 4_242_424_242
const MANY = Array.from({ length: 8_317 }, (_, index) => index + 1)
const NETWORK = 'Amazon'

export const FACTS: AlertFacts = {
  exchangeName: '',
  alertNumber: NUMBER,
  occurredAt: NOW,
  country: 'DE',
  city: null,
  hosting: null,
  reserved: null,
  ipTail: '13.77',
  browser: null,
  os: null,
  deviceName: null,
  isParallel: false,
  phrase: null,
  lockUrl: '',
  replyCode: '',
  typedCode: '\uE00A',
  mergedNumbers: [NUMBER],
  isMixed: false,
  isNewCountry: false,
  isNewDevice: false,
}

/** A character of private use for each part, so that it is found again in the finished text. */
export const MARKS = {
  time: '\uE000',
  clock: '\uE00E',
  country: '\uE001',
  city: '\uE002',
  network: '\uE003',
  ip: '\uE004',
  browser: '\uE005',
  os: '\uE006',
  deviceName: '\uE007',
  phrase: '\uE008',
  number: '\uE009',
  code: FACTS.typedCode,
  numbers: '\uE00B',
  count: '\uE00C',
  digits: '\uE00D',
} as const

/** Name and text. */
type MarkedText = readonly [name: string, text: string]

export function markedTexts(language: Language, exchange: string): readonly MarkedText[] {
  return [...alertsOf(language, exchange), ...noticesOf(language, exchange)]
}

function alertsOf(language: Language, exchange: string): readonly MarkedText[] {
  const { alert: words } = language
  const parts: Parts = {
    exchange: exchangeName(exchange, language),
    country: MARKS.country,
    elsewhere: words.unknownPlace,
    time: MARKS.time,
    clock: MARKS.clock,
    city: MARKS.city,
    dataCentre: '',
    newCountry: '',
    newDevice: '',
    parallel: '',
    network: '',
    ip: MARKS.ip,
    browser: MARKS.browser,
    os: MARKS.os,
    deviceName: '',
    phrase: '',
    ending: words.ending,
  }
  const fromNetwork = { dataCentre: words.dataCentre, network: MARKS.network }
  const several = { mergedNumbers: MANY }
  const beside = { parallel: words.parallel }
  const logins: readonly (readonly [string, Partial<AlertFacts>, Partial<Parts>])[] = [
    ['login', {}, {}],
    ['login beside another session', {}, beside],
    ['login from a data centre', { hosting: NETWORK }, fromNetwork],
    [
      'login from a data centre beside another session',
      { hosting: NETWORK },
      { ...fromNetwork, ...beside },
    ],
    ['login from a new country', {}, { newCountry: words.newCountry }],
    ['login by a named device', {}, { deviceName: MARKS.deviceName }],
    ['login, place unknown', {}, { country: '', city: '' }],
    ['several logins', several, {}],
    [
      'several logins, some of new devices',
      { ...several, isMixed: true },
      { newDevice: words.newDevice },
    ],
  ]
  const variants: readonly (readonly [string, boolean, Partial<Parts>])[] = [
    ['', false, {}],
    [', with the phrase', false, { phrase: MARKS.phrase, ending: '' }],
    [', short', true, { ending: '' }],
    [', short, with the phrase', true, { phrase: MARKS.phrase, ending: '' }],
  ]
  return logins.flatMap(([name, ofFacts, ofParts]) =>
    variants.map(([suffix, isOpeningShort, ofVariant]): MarkedText => {
      const text = render({
        parts: { ...parts, ...ofParts, ...ofVariant },
        facts: { ...FACTS, ...ofFacts },
        rules: RULES,
        language,
        isOpeningShort,
        isActShort: false,
      })
      return [`${name}${suffix}`, markWritten(text, language)]
    }),
  )
}

/** What the renderer writes itself, found by its value. */
function markWritten(text: string, language: Language): string {
  return text
    .replaceAll(fillTime(NOW, language), MARKS.time)
    .replaceAll(formatNumbers(MANY, language.alert.numberMark), MARKS.numbers)
    .replaceAll(String(MANY.length), MARKS.count)
    .replaceAll(String(NUMBER), MARKS.number)
}

/** Every kind but the copy of an alert, which is written as alerts are. */
const KINDS: Readonly<Record<WordedKind, Partial<NoticeFacts>>> = {
  locked: { untilAt: NOW, isConfirmed: true },
  not_locked: {},
  wrong_code: {},
  stopped: {},
  started: {},
  help: {},
  code: { code: { digits: MARKS.digits, lifetimeMs: BINDING_LIFETIME_MS } },
  phone_changed: {},
  drill: {},
  hold_lifted: {},
  alerts_off: {},
  alerts_unusual: {},
  phrase_changed: {},
  language_changed: {},
  authenticator_added: {},
  authenticator_removed: {},
  passkey_added: {},
  passkey_removed: {},
  push_added: {},
  push_removed: {},
  proof_code: { code: { digits: MARKS.digits, lifetimeMs: BINDING_LIFETIME_MS } },
  copies_ended: {},
}

function noticesOf(language: Language, exchange: string): readonly MarkedText[] {
  const write = (kind: WordedKind, own: Partial<NoticeFacts>) => {
    const facts: NoticeFacts = {
      kind,
      untilAt: null,
      isConfirmed: false,
      exchange,
      code: null,
      link: null,
      isNameBarred: false,
      ...own,
    }
    return markWritten(composeNotice(facts, language).text, language)
  }
  return [
    ...kindsOf(KINDS).map((kind): MarkedText => [kind, write(kind, KINDS[kind])]),
    ['locked, not confirmed yet', write('locked', { untilAt: NOW })],
  ]
}

function kindsOf(kinds: typeof KINDS): readonly WordedKind[] {
  const isKind = (key: string): key is WordedKind => key in kinds
  return Object.keys(kinds).filter(isKind)
}
