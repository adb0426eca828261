// Every text that may go to India, written by the code that writes it, with a character of private use in the place of
// each part. Pure.

import { BINDING_LIFETIME_MS } from '../../src/account/binding-rules.ts'
import { partsOf, renderRegistered } from '../../src/alert/compose-registered.ts'
import type { AlertFacts, Parts, TextRules } from '../../src/alert/facts.ts'
import { fillTime } from '../../src/alert/fill.ts'
import { formatNumbers } from '../../src/alert/numbers.ts'
import { exchangeName, waitSentence } from '../../src/alert/parts.ts'
import {
  REGISTERED_ALERTS,
  REGISTERED_NOTICES,
  type RegisteredNotice,
} from '../../src/country/registered-texts.ts'
import { composeNotice, type NoticeFacts } from '../../src/notice/notice.ts'
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
  holdUntil: null,
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
    dataCentre: words.dataCentre,
    newCountry: words.newCountry,
    newDevice: words.newDevice,
    wait: waitSentence(MARKS.time, language),
    parallel: words.parallel,
    network: MARKS.network,
    ip: MARKS.ip,
    browser: MARKS.browser,
    os: MARKS.os,
    deviceName: MARKS.deviceName,
    phrase: MARKS.phrase,
    ending: words.ending,
  }
  return REGISTERED_ALERTS.map((one): MarkedText => {
    const facts = {
      ...FACTS,
      hosting: NETWORK,
      ...(one.isSeveral && { mergedNumbers: MANY, isMixed: true }),
    }
    const kept = partsOf(one, parts, language)
    return [one.name, markWritten(renderRegistered(one, kept, facts, RULES, language), language)]
  })
}

/** What the renderer writes itself, found by its value. */
function markWritten(text: string, language: Language): string {
  return text
    .replaceAll(fillTime(NOW, language), MARKS.time)
    .replaceAll(formatNumbers(MANY, language.alert.numberMark), MARKS.numbers)
    .replaceAll(String(MANY.length), MARKS.count)
    .replaceAll(String(NUMBER), MARKS.number)
}

/** What stands in a notice beside the exchange's name. */
const NOTICE_FACTS: Readonly<Partial<Record<RegisteredNotice, Partial<NoticeFacts>>>> = {
  locked: { untilAt: NOW, isConfirmed: true },
  'locked, not confirmed yet': { untilAt: NOW },
  code: { code: { digits: MARKS.digits, lifetimeMs: BINDING_LIFETIME_MS } },
  proof_code: { code: { digits: MARKS.digits, lifetimeMs: BINDING_LIFETIME_MS } },
}

function noticesOf(language: Language, exchange: string): readonly MarkedText[] {
  return REGISTERED_NOTICES.map((name): MarkedText => {
    const facts: NoticeFacts = {
      kind: name === 'locked, not confirmed yet' ? 'locked' : name,
      untilAt: null,
      isConfirmed: false,
      exchange,
      code: null,
      link: null,
      isNameBarred: false,
      ...NOTICE_FACTS[name],
    }
    return [name, markWritten(composeNotice(facts, language).text, language)]
  })
}
