// An alert where a country takes registered texts alone: of those that the operator has registered, the one that tells
// the most of what matters. What it has no place for goes unsaid; the barest one tells any login, so none is kept back. Pure.

import {
  LAST_RESORTS,
  REGISTERED_ALERTS,
  type RegisteredAlert,
  type RegisteredPart,
} from '../country/registered-texts.ts'
import type { ActivityKind } from '../words/activity-words.ts'
import type { Language } from '../words/language.ts'
import { type AlertText, segmentsMax, WARNING_SEGMENTS_MAX } from './compose.ts'
import { type AlertFacts, PART_NAMES, type Parts, type TextRules } from './facts.ts'
import { readParts } from './parts.ts'
import { render } from './render.ts'
import { countSegments } from './segments.ts'

export type RegisteredAlertText = AlertText & { readonly name: string }

/** Null where none is registered that fits in this language. */
export function composeRegistered(
  facts: AlertFacts,
  rules: TextRules,
  language: Language,
  isRegistered: (name: string) => boolean,
  warningMax = WARNING_SEGMENTS_MAX,
): RegisteredAlertText | null {
  const parts = readParts(facts, rules, language)
  const isSeveral = facts.mergedNumbers.length > 1
  const ofActivity = (activity: ActivityKind | null) =>
    REGISTERED_ALERTS.filter(
      (one) =>
        one.activity === activity &&
        one.isSeveral === isSeveral &&
        isRegistered(one.name) &&
        isTrue(one, facts, parts, language),
    )
  const activity = facts.activity ?? null
  // A kind without a text of its own is told as a change to the account: that is true of each.
  const candidates = [...ofActivity(activity), ...(activity === null ? [] : ofActivity('other'))]
  for (const one of candidates) {
    const kept = partsOf(one, parts, language)
    const text = renderRegistered(one, kept, facts, rules, language)
    const { segments } = countSegments(text)
    const isBarest = one.activity !== null && one.tells.length === 0
    const isLast = isBarest || LAST_RESORTS.some((name) => name === one.name)
    if (!isLast && segments > segmentsMax(facts, language, warningMax)) continue
    const dropped = PART_NAMES.filter((part) => parts[part] !== '' && kept[part] === '')
    return { text, segments, language: language.tag, dropped, name: one.name }
  }
  return null
}

/** Its words, however many its parts are, and nothing that is not in its template. */
export function renderRegistered(
  { isShort, tells, activity }: RegisteredAlert,
  parts: Parts,
  facts: AlertFacts,
  rules: TextRules,
  language: Language,
): string {
  const isNewDevice = tells.includes('newDevice')
  const said = { ...facts, activity, isNewDevice, isMixed: isNewDevice }
  const draft = { parts, rules, language, facts: said, isOpeningShort: isShort, isActShort: false }
  return render(draft)
}

/** What the text has a place for; the closing line where there is no anti-phishing code. */
export function partsOf(one: RegisteredAlert, parts: Parts, language: Language): Parts {
  const { alert: words } = language
  const keep = (part: RegisteredPart) => (one.tells.includes(part) ? parts[part] : '')
  return {
    exchange: parts.exchange,
    time: parts.time,
    clock: parts.clock,
    country: keep('country'),
    elsewhere: one.isElsewhere ? words.unknownPlace : '',
    city: keep('city'),
    ip: keep('ip'),
    browser: keep('browser'),
    os: keep('os'),
    deviceName: keep('deviceName'),
    dataCentre: keep('dataCentre'),
    network: keep('network'),
    newCountry: keep('newCountry'),
    newDevice: keep('newDevice'),
    wait: keep('wait'),
    parallel: keep('parallel'),
    phrase: one.hasPhrase ? parts.phrase : '',
    ending: one.hasPhrase || one.isShort ? '' : words.ending,
  }
}

function isTrue(
  one: RegisteredAlert,
  { isMixed, isNewDevice }: AlertFacts,
  parts: Parts,
  { alert: words }: Language,
): boolean {
  // In full, several of no new device are said to be usual, and the one whose facts follow to be the last.
  const isOfNewDevice = isMixed || isNewDevice
  if (one.isSeveral && isOfNewDevice && !one.isShort && !one.tells.includes('newDevice'))
    return false
  if (one.tells.some((part) => parts[part] === '')) return false
  if (one.hasPhrase && parts.phrase === '') return false
  // A relay or a VPN is no data centre, nor a private network an unknown place.
  if (one.tells.includes('dataCentre') && parts.dataCentre !== words.dataCentre) return false
  if (!one.isElsewhere) return true
  return parts.country === '' && parts.city === '' && parts.elsewhere === words.unknownPlace
}
