// The SMS of one alert, from plain facts to finished text: at most two GSM-7 segments, or three in a
// language with its own script; the link in the middle, the code after it. Pure. It decides nothing
// about whether to send, and sends nothing.

import type { AlertWords, Language } from '../words/language.ts'
import { en } from '../words/languages/en.ts'
import type { AlertFacts, PartName, Parts, TextRules } from './facts.ts'
import { shorten } from './field.ts'
import { isDigest, readParts } from './parts.ts'
import { type Phrasing, render } from './render.ts'
import { countSegments } from './segments.ts'

/** What the alert of one login costs at most, whatever stands in it. */
export const SEGMENTS_MAX = { 'GSM-7': 2, 'UCS-2': 3 } as const

/** One SMS that stands for a flood has a fourth segment in a script of its own: how many they were must be in it. */
export function segmentsMax(facts: AlertFacts, { encoding }: Language): number {
  return SEGMENTS_MAX[encoding] + (encoding === 'UCS-2' && isDigest(facts) ? 1 : 0)
}

/** Up to this many GSM-7 septets of link, the limit above is kept; `compose.test.ts` proves it. */
export const LOCK_URL_LIMIT_SEPTETS = 242

export type AlertText = {
  readonly text: string
  readonly segments: number
  /** Of the language it was written in at last. */
  readonly language: string
  /** In the order they were given up. */
  readonly dropped: readonly PartName[]
}

/**
 * What is given up, least important first; each step only if the text is still too long. First
 * the ends of long names, then what the one who logged in merely claims, or what only an expert reads; last
 * what tells a frightened owner that this text is genuine. A phrase is whole or absent: half a phrase looks forged.
 */
const STEPS: readonly { readonly part: PartName; readonly limit: number }[] = [
  { part: 'network', limit: 20 },
  { part: 'city', limit: 20 },
  { part: 'deviceName', limit: 12 },
  { part: 'deviceName', limit: 0 },
  { part: 'network', limit: 0 },
  { part: 'ending', limit: 0 },
  { part: 'ip', limit: 0 },
  { part: 'os', limit: 0 },
  { part: 'city', limit: 12 },
  { part: 'browser', limit: 0 },
  { part: 'city', limit: 0 },
  { part: 'dataCentre', limit: 0 },
  { part: 'newCountry', limit: 0 },
  { part: 'phrase', limit: 0 },
]

/** Some carriers keep a letter and its marks in one segment, and leave the end of the one before empty. */
const UNSPLIT_UNITS = 8

const SHORT_EXCHANGE_LIMIT = 10

/**
 * Two GSM-7 segments at most, or three of UCS-2, for every `facts` whose link is GSM-7 and within
 * `LOCK_URL_LIMIT_SEPTETS`. Where a link is so long that a language of its own script cannot be told in
 * three, the text is English. A worse link is never cut: the barest text goes out with all of it, and
 * `segments` says what that costs, because a dear warning is better than a dead link.
 */
export function composeAlert(facts: AlertFacts, rules: TextRules, language: Language): AlertText {
  const own = compose(facts, rules, language)
  if (language === en || own.segments <= segmentsMax(facts, language)) return own
  return compose(facts, rules, en)
}

function compose(facts: AlertFacts, rules: TextRules, language: Language): AlertText {
  const limit = segmentsMax(facts, language)
  const fits = (text: string) => {
    const { encoding, units, segments, perSegment } = countSegments(text)
    const spare = encoding === 'UCS-2' && segments > 1 ? UNSPLIT_UNITS : 0
    return segments <= limit && units <= limit * perSegment - spare
  }
  const write = (parts: Parts, phrasing: Phrasing) =>
    render({ parts, facts, rules, language, phrasing })

  const whole = readParts(facts, rules, language)
  let parts = whole
  let text = write(parts, 'full')
  const givenUp: PartName[] = []
  for (const { part, limit: length } of STEPS) {
    if (fits(text)) break
    if (parts[part].length <= length) continue
    parts = { ...parts, [part]: length === 0 ? '' : shorten(parts[part], length) }
    if (parts[part] === '') givenUp.push(part)
    text = write(parts, 'full')
  }
  const dropped = new Set(givenUp)
  // A long part that went last may have left room for a shorter one that went before it.
  for (const part of givenUp.toReversed()) {
    const more = { ...parts, [part]: whole[part] }
    const longer = write(more, 'full')
    if (longer === text || !fits(longer)) continue
    parts = more
    text = longer
    dropped.delete(part)
  }
  if (!fits(text)) {
    parts = barest(parts, facts, language.alert)
    text = write(parts, 'full')
  }
  // A long account id makes a long link: then few words, and the other session last of all.
  for (const phrasing of ['short', 'shortest'] as const) {
    if (!fits(text)) text = write(parts, phrasing)
  }
  const { segments } = countSegments(text)
  return { text, segments, language: language.tag, dropped: [...dropped] }
}

/** The last resort: a country is still named, by its code; that it is unknown goes unsaid. */
function barest(parts: Parts, facts: AlertFacts, words: AlertWords): Parts {
  const country = parts.country === '' ? '' : (facts.country ?? '').toUpperCase()
  const exchange = shorten(parts.exchange, SHORT_EXCHANGE_LIMIT) || words.exchange
  return { ...parts, country, exchange, elsewhere: '' }
}
