// The SMS of one alert, from plain facts to finished text: the link in the middle, the code after it. Says in which
// order words and facts give way where there is too little room. Pure. It decides nothing about whether to send, and
// sends nothing.

import { PRIVATE_RELAY } from '../place/relay.ts'
import type { Language } from '../words/language.ts'
import { en } from '../words/languages/en.ts'
import { type AlertFacts, PART_NAMES, type PartName, type TextRules } from './facts.ts'
import { shorten } from './field.ts'
import { fillClock } from './fill.ts'
import { readParts, waitSentence } from './parts.ts'
import { type Draft, render } from './render.ts'
import { countSegments } from './segments.ts'

/** What the alert of one login costs at most, whatever stands in it, but for what follows. */
export const SEGMENTS_MAX = { 'GSM-7': 2, 'UCS-2': 3 } as const

/**
 * In a script of its own, where there is something to warn of: `ALERT_SEGMENTS_MAX` says how many. A fourth segment holds
 * 67 characters more and costs a third more.
 */
export const WARNING_SEGMENTS_MAX = 4

export function segmentsMax(
  facts: AlertFacts,
  { encoding }: Pick<Language, 'encoding'>,
  warningMax = WARNING_SEGMENTS_MAX,
): number {
  const usual = SEGMENTS_MAX[encoding]
  return encoding === 'UCS-2' && isWarning(facts) ? Math.max(usual, warningMax) : usual
}

/** The owner has to act on it, or to see by their own code that it is genuine; nobody has an activity told as usual. */
function isWarning(facts: AlertFacts): boolean {
  return isDanger(facts) || facts.phrase !== null || Boolean(facts.activity)
}

function isDanger(facts: AlertFacts): boolean {
  const { isParallel, isNewCountry, isNewDevice, hosting, mergedNumbers, holdUntil } = facts
  // The phone of many an owner sends every login through Apple's relay.
  const isHidden = hosting !== null && hosting !== PRIVATE_RELAY
  const isHeld = holdUntil !== null
  return isParallel || isNewCountry || isNewDevice || isHidden || isHeld || mergedNumbers.length > 1
}

/** Up to this many GSM-7 septets of link, the limits above are kept; `compose.test.ts` proves it. Real ones have fewer. */
export const LOCK_URL_LIMIT_SEPTETS = 200

export type AlertText = {
  readonly text: string
  readonly segments: number
  /** Of the language it was written in at last. */
  readonly language: string
  /** The least important first. */
  readonly dropped: readonly PartName[]
}

type Step = {
  /** When a segment more is taken rather than this step; `usually`: up to what any alert may cost. */
  readonly worthMore: 'never' | 'usually' | 'in danger' | 'always'
  readonly giveUp: (draft: Draft) => Draft
}

const SHORT_EXCHANGE_LIMIT = 10

/**
 * What gives way, in this order, each only if the text is still too long. First the ends of long names, and what only an
 * expert reads or the one who logged in merely claims; then words; then facts, from the owner's code to what must not
 * be missed. A code is whole or absent: half of it looks forged.
 */
const STEPS: readonly Step[] = [
  shortening('never', 'network', 20),
  shortening('never', 'city', 20),
  shortening('never', 'deviceName', 12),
  leavingOut('never', 'network'),
  leavingOut('never', 'ending'),
  leavingOut('usually', 'deviceName'),
  leavingOut('usually', 'ip'),
  { worthMore: 'usually', giveUp: (draft) => ({ ...draft, isOpeningShort: true }) },
  shortening('usually', 'city', 12),
  { worthMore: 'in danger', giveUp: (draft) => ({ ...draft, isActShort: true }) },
  { worthMore: 'always', giveUp: withShortWait },
  leavingOut('always', 'phrase'),
  leavingOut('always', 'os'),
  leavingOut('always', 'browser'),
  leavingOut('always', 'city'),
  { worthMore: 'always', giveUp: withShortExchange },
  { worthMore: 'always', giveUp: withCountryCode },
  // The SMS has a time of its own.
  leavingOut('always', 'clock'),
  leavingOut('always', 'newCountry'),
  leavingOut('always', 'newDevice'),
  leavingOut('always', 'dataCentre'),
  leavingOut('always', 'wait'),
  leavingOut('always', 'parallel'),
]

/** Some carriers keep a letter and its marks in one segment, and leave the end of the one before empty. */
const UNSPLIT_UNITS = 4
const HAS_MARKS = /[\p{M}\u200c\u200d]/u

/**
 * Within `segmentsMax` for every `facts` whose link is GSM-7 and within `LOCK_URL_LIMIT_SEPTETS`. Where a link is so
 * long that a language of its own script cannot be told in that, the text is English. A worse link is never cut: the barest
 * text goes out with all of it, and `segments` says what that costs, because a dear warning is better than a dead link.
 */
export function composeAlert(
  facts: AlertFacts,
  rules: TextRules,
  language: Language,
  warningMax = WARNING_SEGMENTS_MAX,
): AlertText {
  const most = segmentsMax(facts, language, warningMax)
  const own = composeWithin(most, facts, rules, language)
  if (language === en || own.segments <= most) return own
  return composeWithin(SEGMENTS_MAX[en.encoding], facts, rules, en)
}

/** In the fewest segments in which nothing is missing that would be worth one more. */
function composeWithin(
  most: number,
  facts: AlertFacts,
  rules: TextRules,
  language: Language,
): AlertText {
  const parts = readParts(facts, rules, language)
  const whole: Draft = { parts, facts, rules, language, isOpeningShort: false, isActShort: false }
  const usual = SEGMENTS_MAX[language.encoding]
  let limit = Math.min(most, countSegments(render(after(whole, STEPS))).segments)
  let draft = whole
  const taken: Step[] = []
  let isFit = fits(render(draft), limit)
  for (const step of STEPS) {
    while (!isFit && limit < most && isWorthMore(step, limit < usual, facts)) {
      limit += 1
      isFit = fits(render(draft), limit)
    }
    if (isFit) break
    const lesser = step.giveUp(draft)
    if (lesser === draft) continue
    draft = lesser
    taken.push(step)
    isFit = fits(render(draft), limit)
  }
  const last = after(whole, withRoomUsed(whole, taken, limit))
  const text = render(last)
  const { segments } = countSegments(text)
  const dropped = PART_NAMES.filter((part) => parts[part] !== '' && last.parts[part] === '')
  return { text, segments, language: language.tag, dropped }
}

function isWorthMore({ worthMore }: Step, isUsual: boolean, facts: AlertFacts): boolean {
  if (worthMore === 'usually') return isUsual
  if (worthMore === 'in danger') return isUsual || isDanger(facts)
  return worthMore === 'always'
}

/** What went last may have left room for something smaller that went before it: the weightier comes back first. */
function withRoomUsed(whole: Draft, taken: readonly Step[], limit: number): readonly Step[] {
  return taken.reduceRight((steps, step) => {
    const fewer = steps.filter((one) => one !== step)
    return fits(render(after(whole, fewer)), limit) ? fewer : steps
  }, taken)
}

function fits(text: string, limit: number): boolean {
  const { units, segments, perSegment } = countSegments(text)
  const spare = segments > 1 && HAS_MARKS.test(text) ? UNSPLIT_UNITS * (limit - 1) : 0
  return segments <= limit && units <= limit * perSegment - spare
}

function after(draft: Draft, steps: readonly Step[]): Draft {
  return steps.reduce((lesser, { giveUp }) => giveUp(lesser), draft)
}

function shortening(worthMore: Step['worthMore'], part: PartName, limit: number): Step {
  return { worthMore, giveUp: (draft) => withPart(draft, part, shorten(draft.parts[part], limit)) }
}

function leavingOut(worthMore: Step['worthMore'], part: PartName): Step {
  return { worthMore, giveUp: (draft) => withPart(draft, part, '') }
}

/** The same draft where nothing changes. */
function withPart(draft: Draft, part: keyof Draft['parts'], text: string): Draft {
  if (draft.parts[part] === text) return draft
  return { ...draft, parts: { ...draft.parts, [part]: text } }
}

function withShortExchange(draft: Draft): Draft {
  const { parts, language } = draft
  const exchange = shorten(parts.exchange, SHORT_EXCHANGE_LIMIT) || language.alert.exchange
  return withPart(draft, 'exchange', exchange)
}

/** Until what o'clock, without the day: it is one of the next three. */
function withShortWait(draft: Draft): Draft {
  const { holdUntil } = draft.facts
  if (holdUntil === null || draft.parts.wait === '') return draft
  return withPart(draft, 'wait', waitSentence(fillClock(holdUntil, draft.language), draft.language))
}

/** A country is still named, by its code; that it is unknown goes unsaid. */
function withCountryCode(draft: Draft): Draft {
  const { parts, facts } = draft
  const country = parts.country === '' ? '' : (facts.country ?? '').toUpperCase()
  return withPart(withPart(draft, 'country', country), 'elsewhere', '')
}
