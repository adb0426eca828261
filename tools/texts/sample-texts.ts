// Every SMS there is in a language: alerts of each situation by each way to lock, and each notice, with what it costs
// and what it leaves out. Pure.

import { composeAlert } from '../../src/alert/compose.ts'
import type { AlertFacts, PartName, TextRules } from '../../src/alert/facts.ts'
import { countSegments, type SegmentCount } from '../../src/alert/segments.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts'
import { ACTIVITIES } from '../../src/login/activity.ts'
import { composeNotice, type NoticeFacts, type WordedKind } from '../../src/notice/notice.ts'
import { ACTIVITY_KINDS, type ActivityKind } from '../../src/words/activity-words.ts'
import type { Language } from '../../src/words/language.ts'
import { linkFor, SITUATIONS } from '../../test/support/alert-situations.ts'
import { USUAL_ALERT } from '../../test/support/usual-alert.ts'

export type SampleText = {
  readonly name: string
  readonly text: string
  readonly count: SegmentCount
  /** Of the language it is written in: English stands in where a link is too long. */
  readonly tag: string
  readonly dropped: readonly PartName[]
}

const WAYS = {
  'link, reply': { hasLink: true, canReply: true },
  'link, code for the lock page': { hasLink: true, canReply: false },
  reply: { hasLink: false, canReply: true },
  'code for the lock page': { hasLink: false, canReply: false },
} as const satisfies Readonly<Record<string, Omit<TextRules, 'isNameBarred'>>>

export function alertTexts(language: Language): readonly SampleText[] {
  return Object.entries(SITUATIONS).flatMap(([situation, facts]) =>
    Object.entries(WAYS).map((way) => sampleOf(situation, facts, way, language)),
  )
}

function sampleOf(
  situation: string,
  facts: AlertFacts,
  [way, rules]: readonly [string, Omit<TextRules, 'isNameBarred'>],
  language: Language,
): SampleText {
  const told = composeAlert(facts, { ...rules, isNameBarred: false }, language)
  const { text, dropped } = told
  const name = `${situation}: ${way}`
  return { name, text, count: countSegments(text), tag: told.language, dropped }
}

/** Each kind with what the exchange says of it and, where it holds withdrawals, that they wait; several by every way. */
export function activityTexts(language: Language): readonly SampleText[] {
  const usual = { ...SITUATIONS['usual login'], deviceName: 'trading bot' }
  const numbers = { mergedNumbers: [1_234, 1_235, 1_236, 1_240], times: 4_321 }
  const several = { ...usual, activity: 'logins_failed', deviceName: null, ...numbers } as const
  const reply = ['reply', WAYS.reply] as const
  return [
    ...ACTIVITY_KINDS.map((activity) =>
      sampleOf(activity, { ...usual, activity, holdUntil: holdOf(activity) }, reply, language),
    ),
    ...Object.entries(WAYS).map((way) => sampleOf('several logins_failed', several, way, language)),
  ]
}

function holdOf(activity: ActivityKind): number | null {
  return ACTIVITIES[activity].startsHold ? USUAL_ALERT.occurredAt + 12 * HOUR_MS : null
}

/** Each kind, and how it is told apart where it has several texts. */
const NOTICES: Readonly<Record<WordedKind, readonly NoticeForm[]>> = {
  locked: ['confirmed', 'asked for', 'in part'],
  wrong_code: ['plain'],
  not_locked: ['plain'],
  stopped: ['plain'],
  started: ['plain'],
  help: ['plain'],
  code: ['plain'],
  phone_changed: ['link', 'link and anti-phishing code', 'no link'],
  drill: ['link', 'link and anti-phishing code', 'no link'],
  hold_lifted: ['plain'],
  alerts_off: ['plain'],
  alerts_unusual: ['plain'],
  phrase_changed: ['plain'],
  language_changed: ['plain'],
  authenticator_added: ['plain'],
  authenticator_removed: ['plain'],
  passkey_added: ['plain'],
  passkey_removed: ['plain'],
  push_added: ['plain'],
  push_removed: ['plain'],
  proof_code: ['plain'],
  copies_ended: ['plain'],
  contact_code: ['plain'],
  contact_added: ['plain'],
  contact_locked: ['plain'],
  contact_refused: ['plain'],
  ways_changed: ['plain'],
  lock_asked: ['link', 'link and anti-phishing code', 'no link'],
  hold_planned: ['plain'],
  lift_asked: ['link', 'link and anti-phishing code', 'no link'],
  lift_loosened: ['plain'],
}

type NoticeForm =
  | 'plain'
  | 'confirmed'
  | 'asked for'
  | 'in part'
  | 'link'
  | 'link and anti-phishing code'
  | 'no link'

const PLAIN: Omit<NoticeFacts, 'kind'> = {
  untilAt: USUAL_ALERT.occurredAt + 24 * HOUR_MS,
  isConfirmed: true,
  exchange: USUAL_ALERT.exchangeName,
  code: { digits: '482913', lifetimeMs: 10 * MINUTE_MS },
  link: null,
  isNameBarred: false,
}

export function noticeTexts(language: Language): readonly SampleText[] {
  return noticeKinds().flatMap((kind) =>
    NOTICES[kind].map((form) => {
      const { text } = composeNotice({ ...PLAIN, ...factsOf(form), kind }, language)
      const name = form === 'plain' ? kind : `${kind}: ${form}`
      return { name, text, count: countSegments(text), tag: language.tag, dropped: [] }
    }),
  )
}

function noticeKinds(): readonly WordedKind[] {
  const isKind = (key: string): key is WordedKind => Object.hasOwn(NOTICES, key)
  return Object.keys(NOTICES).filter(isKind)
}

function factsOf(form: NoticeForm): Partial<NoticeFacts> {
  const link = linkFor('10482113', 0)
  switch (form) {
    case 'asked for':
      return { isConfirmed: false }
    case 'in part':
      return { isConfirmed: false, partly: { done: 4, count: 5 } }
    case 'link':
      return { link }
    case 'link and anti-phishing code':
      return { link, phrase: 'blue heron' }
    default:
      return {}
  }
}
