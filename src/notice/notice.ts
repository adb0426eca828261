// A notice: one SMS to the owner that is no alert, like the confirmation of a lock by reply. Rules and text,
// no storage; it is sent over the same routes as an alert (deliver/deliver-notice.ts).

import { fill, fillTime, smsDurations } from '../alert/fill.ts'
import { exchangeName, phraseIn } from '../alert/parts.ts'
import { countSegments } from '../alert/segments.ts'
import type { Language, NoticeWords } from '../words/language.ts'
import { en } from '../words/languages/en.ts'
import { NOTICE_KINDS, type NoticeKind } from './notice-kind.ts'
import type { notices } from './tables.ts'

export type Notice = typeof notices.$inferSelect

/** An answer that comes later confuses more than it helps. */
export const NOTICE_MAX_AGE_MS = 10 * 60_000

/** Subject of a `stopped` that was put off: it is sent if the number is muted then. */
export const IF_STILL_SO = 'if_still_so'

const ASKED = 'asked '

/** Subject of a `locked` whose text said that the lock was asked for and not confirmed yet: its callback, with that mark. */
export function askedSubject(callbackId: string): string {
  return ASKED + callbackId
}

/** The callback of a `locked`, marked so or not. */
export function lockCallbackOf({ subject }: Pick<Notice, 'subject'>): string | null {
  return subject?.startsWith(ASKED) ? subject.slice(ASKED.length) : subject
}

/** Put off, and overtaken by what the owner did since; a test alert, by a STOP. */
export function isOvertaken(
  { kind, subject }: Pick<Notice, 'kind' | 'subject'>,
  isMuted: boolean,
): boolean {
  if (kind === 'drill') return isMuted
  return kind === 'stopped' && subject === IF_STILL_SO && !isMuted
}

/** A copy of an alert is written as alerts are; all others have words of their own. */
export type WordedKind = Exclude<NoticeKind, 'alert_copy'>
export const WORDED_KINDS: readonly WordedKind[] = NOTICE_KINDS.filter(
  (kind) => kind !== 'alert_copy',
)

/** Of a `locked` notice. */
export type LockProgress = {
  /** The exchange has confirmed all of it. Without that evidence, the text says what was asked for. */
  readonly isConfirmed: boolean
  /** Where it has confirmed some: how many of how many. */
  readonly partly?: { readonly done: number; readonly count: number } | null
}

export type NoticeFacts = LockProgress & {
  readonly kind: WordedKind
  readonly untilAt: number | null
  readonly exchange: string
  /** Of a binding, and how long it can be typed. */
  readonly code: { readonly digits: string; readonly lifetimeMs: number } | null
  /** Null where links are banned. */
  readonly link: string | null
  /** A country bars a word of the exchange's name, or what reads as a link. */
  readonly isNameBarred: boolean
  /** The owner's anti-phishing code, for a text with a link. */
  readonly phrase?: string | null
}

export type NoticeText = { readonly text: string; readonly segments: number }

const SEGMENTS_MAX = { 'GSM-7': 2, 'UCS-2': 3 } as const

/** The whole text. English where a long link leaves no room for a language of its own script. */
export function composeNotice(facts: NoticeFacts, language: Language): NoticeText {
  const max = SEGMENTS_MAX[language.encoding]
  const own = write(facts, language)
  if (language !== en && own.segments > max) return composeNotice(facts, en)
  const signed = withPhrase(own, facts, language)
  return signed.segments <= max ? signed : own
}

/** Beside a link, where it says that the link is ours. */
function withPhrase(
  notice: NoticeText,
  { link, phrase }: NoticeFacts,
  language: Language,
): NoticeText {
  const spelled = link === null ? '' : phraseIn(phrase ?? null, language)
  if (spelled === '') return notice
  const text = `${notice.text} ${fill(language.alert.phrase, { phrase: spelled })}`
  return { text, segments: countSegments(text).segments }
}

function write(facts: NoticeFacts, language: Language): NoticeText {
  const { untilAt, code, link } = facts
  const template = templateOf(facts, language)
  const text = fill(template, {
    done: String(facts.partly?.done ?? ''),
    count: String(facts.partly?.count ?? ''),
    exchange: facts.isNameBarred ? language.alert.account : exchangeName(facts.exchange, language),
    time: untilAt === null ? '' : fillTime(untilAt, language),
    code: code?.digits ?? '',
    ...(code && smsDurations({ life: code.lifetimeMs }, language)),
    link: link ?? '',
  })
  return { text, segments: countSegments(text).segments }
}

type PlainKind = Exclude<
  WordedKind,
  'locked' | 'phone_changed' | 'drill' | 'hold_planned' | WayKind | LiftKind
>

const WORDS: Readonly<Record<PlainKind, keyof NoticeWords>> = {
  wrong_code: 'wrongCode',
  not_locked: 'notLocked',
  stopped: 'stopped',
  started: 'started',
  help: 'help',
  code: 'code',
  proof_code: 'proofCode',
  hold_lifted: 'holdLifted',
  alerts_off: 'alertsOff',
  alerts_unusual: 'alertsUnusual',
  phrase_changed: 'phraseChanged',
  language_changed: 'languageChanged',
  authenticator_added: 'authenticatorAdded',
  authenticator_removed: 'authenticatorRemoved',
  passkey_added: 'passkeyAdded',
  passkey_removed: 'passkeyRemoved',
  push_added: 'pushAdded',
  push_removed: 'pushRemoved',
  copies_ended: 'copiesEnded',
}

/** Of the ways to lock without an alert, which have words of their own. */
type WayKind =
  | 'contact_code'
  | 'contact_added'
  | 'contact_locked'
  | 'contact_refused'
  | 'ways_changed'
  | 'lock_asked'

/** Of lifts that are due later, and of whom the owner lets lift. */
type LiftKind = 'lift_asked' | 'lift_loosened'

function templateOf(
  { kind, link, isConfirmed, partly }: NoticeFacts,
  { notice: words, ways: { sms }, lift, lockActions, coolingOff }: Language,
): string {
  const hasLink = link !== null
  switch (kind) {
    case 'locked':
      if (!isConfirmed && partly) return lockActions.sms
      return isConfirmed ? words.locked : words.lockRequested
    case 'phone_changed':
      return hasLink ? words.phoneChanged : words.phoneChangedNoLink
    case 'drill':
      return hasLink ? words.drill : words.drillNoLink
    case 'hold_planned':
      return coolingOff.planned
    case 'contact_code':
      return sms.contactCode
    case 'contact_added':
      return sms.contactAdded
    case 'contact_locked':
      return sms.contactLocked
    case 'contact_refused':
      return sms.contactRefused
    case 'ways_changed':
      return sms.changed
    case 'lock_asked':
      return hasLink ? sms.asked : sms.askedNoLink
    case 'lift_asked':
      return hasLink ? lift.sms.asked : lift.sms.askedNoLink
    case 'lift_loosened':
      return lift.sms.loosened
    default:
      return words[WORDS[kind]]
  }
}
