// The SMS of one alert, from plain facts to finished text: always GSM-7, at most two segments, the
// link in the middle. Pure. It decides nothing about whether to send, and sends nothing.

import type { AlertWords, DetailName } from './alert-words.ts'
import { countryName } from './country-name.ts'
import { cleanField, shorten } from './field.ts'
import { countSegments } from './segments.ts'
import { transliterate } from './transliterate.ts'

/** One alert costs two segments at most, whatever stands in its login. */
export const ALERT_TEXT_LIMIT_SEGMENTS = 2

/** Up to this many GSM-7 septets of link, the limit above is kept; `compose.test.ts` proves it. */
export const LOCK_URL_LIMIT_SEPTETS = 242

export type AlertFacts = {
  readonly exchangeName: string
  /** The account's gapless count of alerts. */
  readonly alertNumber: number
  /** Epoch milliseconds. */
  readonly occurredAt: number
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly city: string | null
  /** Name of the data-centre network the address appears to be in; '' if it has none. */
  readonly hosting: string | null
  /** Kind of reserved range the address is in: `private`, or any other. */
  readonly reserved: string | null
  /** From `maskIp`: `13.77`. */
  readonly ipTail: string
  readonly browser: string | null
  readonly os: string | null
  readonly deviceName: string | null
  /** Another session of the account was live at this login. */
  readonly isParallel: boolean
  readonly phrase: string | null
  /** Ends in a letter or digit; goes into the text as it is. */
  readonly lockUrl: string
}

/** What may be left out. Number, time, country and link never are; the parallel warning only for a very long link. */
export type PartName =
  | 'deviceName'
  | 'network'
  | 'ip'
  | 'os'
  | 'city'
  | 'browser'
  | 'dataCentre'
  | 'phrase'

/** `elsewhere` stands for the place while nothing is known of it. */
type Parts = Readonly<Record<PartName | 'exchange' | 'country' | 'elsewhere', string>>

type AlertText = {
  readonly text: string
  readonly segments: number
  /** In the order they were given up. */
  readonly dropped: readonly PartName[]
}

/** A longer phrase would push the place out of the SMS. */
export const PHRASE_MAX_LENGTH = 24

const LIMITS = {
  exchange: 20,
  country: 24,
  city: 20,
  network: 20,
  browser: 16,
  os: 16,
  deviceName: 20,
  phrase: PHRASE_MAX_LENGTH,
} as const

/**
 * What is given up, least important first; each step only if the text is still too long. First
 * what the one who logged in merely claims, or what only an expert reads; last what tells a
 * frightened owner that this text is genuine. A phrase is whole or absent: half a phrase looks forged.
 */
const STEPS: readonly { readonly part: PartName; readonly limit: number }[] = [
  { part: 'deviceName', limit: 12 },
  { part: 'deviceName', limit: 0 },
  { part: 'network', limit: 0 },
  { part: 'ip', limit: 0 },
  { part: 'os', limit: 0 },
  { part: 'city', limit: 12 },
  { part: 'browser', limit: 0 },
  { part: 'city', limit: 0 },
  { part: 'dataCentre', limit: 0 },
  { part: 'phrase', limit: 0 },
]

const SHORT_EXCHANGE_LIMIT = 10

/**
 * At most two GSM-7 segments for every `facts` whose link is GSM-7 and within
 * `LOCK_URL_LIMIT_SEPTETS`. A worse link is never cut: the barest text goes out with all of it, and
 * `segments` says what that costs, because a dear warning is better than a dead link.
 */
export function composeAlert(facts: AlertFacts, words: AlertWords): AlertText {
  let parts = readParts(facts, words)
  let text = render(parts, facts, words)
  const dropped: PartName[] = []
  for (const { part, limit } of STEPS) {
    if (isWithinLimit(text)) break
    if (parts[part] === '') continue
    parts = { ...parts, [part]: limit === 0 ? '' : shorten(parts[part], limit) }
    if (parts[part] === '') dropped.push(part)
    text = render(parts, facts, words)
  }
  if (!isWithinLimit(text)) {
    parts = barest(parts, facts, words)
    text = render(parts, facts, words)
  }
  // A long account id makes a long link: then few words, and the other session last of all.
  for (const parallel of [words.shortParallel, '']) {
    if (isWithinLimit(text)) break
    const short = { ...words, message: words.shortMessage, parallel }
    text = render(parts, facts, short)
  }
  return { text, segments: countSegments(text).segments, dropped }
}

function isWithinLimit(text: string): boolean {
  return countSegments(text).segments <= ALERT_TEXT_LIMIT_SEGMENTS
}

function readParts(facts: AlertFacts, words: AlertWords): Parts {
  return {
    // The exchange's own setting, so a name like "Example.com" is kept; only its cost is bounded.
    exchange: shorten(transliterate(facts.exchangeName), LIMITS.exchange) || words.exchange,
    country: readCountry(facts, words),
    elsewhere: readElsewhere(facts, words),
    city: cleanField(facts.city, LIMITS.city),
    dataCentre: facts.hosting === null ? '' : words.dataCentre,
    network: cleanField(facts.hosting, LIMITS.network),
    ip: /^(?:\d{1,3}\.\d{1,3}|[0-9a-f]{1,4})$/.test(facts.ipTail) ? facts.ipTail : '',
    browser: cleanField(facts.browser, LIMITS.browser),
    os: cleanField(facts.os, LIMITS.os),
    deviceName: cleanField(facts.deviceName, LIMITS.deviceName),
    phrase: cleanField(facts.phrase, LIMITS.phrase),
  }
}

/** The country's name in the text's language, in English where that has no Latin spelling. */
function readCountry(facts: AlertFacts, words: AlertWords): string {
  if (facts.country === null) return ''
  const name = transliterate(countryName(facts.country, words.locale) ?? '')
  const latin = name || transliterate(countryName(facts.country, 'en') ?? '')
  return shorten(latin, LIMITS.country)
}

function readElsewhere(facts: AlertFacts, words: AlertWords): string {
  if (facts.reserved === null) return words.unknownPlace
  return facts.reserved === 'private' ? words.privateNetwork : words.reservedNetwork
}

/** The last resort: a country is still named, by its code; that it is unknown goes unsaid. */
function barest(parts: Parts, facts: AlertFacts, words: AlertWords): Parts {
  const country = parts.country === '' ? '' : (facts.country ?? '').toUpperCase()
  const exchange = shorten(parts.exchange, SHORT_EXCHANGE_LIMIT) || words.exchange
  return { ...parts, country, exchange, elsewhere: '' }
}

function render(parts: Parts, facts: AlertFacts, words: AlertWords): string {
  const details: Record<DetailName, string> = {
    time: renderTime(facts.occurredAt, words),
    place: renderPlace(parts, words),
    ip: fillIfPresent(words.ip, 'ip', parts.ip),
    software:
      parts.browser && parts.os
        ? fill(words.software, { browser: parts.browser, os: parts.os })
        : parts.browser || parts.os,
    deviceName: fillIfPresent(words.deviceName, 'deviceName', parts.deviceName),
  }
  return fill(words.message, {
    exchange: parts.exchange,
    number: Number.isSafeInteger(facts.alertNumber) ? String(facts.alertNumber) : '?',
    details: words.details
      .map((name) => details[name])
      .filter((detail) => detail !== '')
      .join(words.detailSeparator),
    parallel: facts.isParallel ? words.parallel : '',
    link: facts.lockUrl,
    closing: fillIfPresent(words.phrase, 'phrase', parts.phrase) || words.ending,
  })
}

function renderPlace(parts: Parts, words: AlertWords): string {
  const place = renderPlaceName(parts, words)
  if (parts.dataCentre === '') return place
  const dataCentre =
    fillIfPresent(words.dataCentreNamed, 'network', parts.network) || parts.dataCentre
  return fill(words.placeWithDataCentre, { place, dataCentre })
}

function renderPlaceName(parts: Parts, words: AlertWords): string {
  const { city, country } = parts
  if (city !== '' && country !== '') return fill(words.cityAndCountry, { city, country })
  if (city !== '') return fill(words.cityAlone, { city })
  return country || parts.elsewhere
}

function renderTime(instantAt: number, words: AlertWords): string {
  const date = new Date(instantAt)
  const month = words.months[date.getUTCMonth()]
  // An instant outside the calendar has no month; better no time than a false one.
  if (month === undefined) return ''
  return fill(words.time, {
    hour: String(date.getUTCHours()).padStart(2, '0'),
    minute: String(date.getUTCMinutes()).padStart(2, '0'),
    day: String(date.getUTCDate()),
    month,
  })
}

function fillIfPresent(template: string, name: string, value: string): string {
  return value === '' ? '' : fill(template, { [name]: value })
}

/** One pass, so that a part that spells a placeholder stays what it is; an empty part leaves no gap. */
function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return template
    .replace(/ ?\{(\w+)\}/g, (match, name: string) => {
      const part = parts[name] ?? ''
      return part === '' || !match.startsWith(' ') ? part : ` ${part}`
    })
    .trim()
}
