// One text out of its parts: an opening, an act, a closing. Chooses among a language's wordings by what
// the destination allows and how much room there is; leaves out nothing by itself.

import type { AlertWords, Language } from '../words/language.ts'
import type { AlertFacts, Parts, TextRules } from './facts.ts'
import { fill, fillIfPresent } from './fill.ts'
import { namedNetwork } from './network-words.ts'
import { formatNumbers } from './numbers.ts'

export type Draft = {
  readonly parts: Parts
  readonly facts: AlertFacts
  readonly rules: TextRules
  readonly language: Language
  /** In the fewest words, and the clock without the date. */
  readonly isOpeningShort: boolean
  /** The same of what to do; it then no longer says that the code can be a reply. */
  readonly isActShort: boolean
}

export function render(draft: Draft): string {
  const { parts, language } = draft
  const phrase = fillIfPresent(language.alert.phrase, 'phrase', parts.phrase)
  return joinSentences([renderOpening(draft), parts.wait, renderAct(draft), phrase || parts.ending])
}

/** A full-width stop brings its own space. */
function joinSentences(sentences: readonly string[]): string {
  return sentences
    .filter((text) => text !== '')
    .reduce((text, next) => (/[。？]$/.test(text) ? text + next : `${text} ${next}`))
}

/** Beyond it a phone would offer to call the number; nobody minds whether it was a million times. */
const TIMES_MAX = 999_999

function renderOpening(draft: Draft): string {
  const { parts, facts, language, isOpeningShort } = draft
  const { alert: words } = language
  const template = openingOf(draft)
  const details = renderDetails(draft)
  const { mergedNumbers } = facts
  return fill(template, {
    exchange: parts.exchange,
    number: renderNumber(facts, words),
    count: String(Math.max(Math.min(facts.times ?? 0, TIMES_MAX), mergedNumbers.length)),
    activity: facts.activity ? language.activity.kinds[facts.activity] : '',
    numbers: formatNumbers(mergedNumbers, words.numberMark),
    // A month or a country that is abbreviated brings the stop of the sentence.
    details: /\{details\}[.。।۔]/.test(template) ? details.replace(/\.$/, '') : details,
    parallel: parts.parallel && isOpeningShort ? words.shortParallel : parts.parallel,
  })
}

/** Several are never told as one, in however few words. */
function openingOf({ facts, language, isOpeningShort }: Draft): string {
  const { alert: words, activity } = language
  if (facts.activity) return facts.mergedNumbers.length > 1 ? activity.several : activity.opening
  if (facts.mergedNumbers.length <= 1) return isOpeningShort ? words.shortOpening : words.opening
  if (isOpeningShort) return words.shortMerged
  if (!facts.isMixed) return words.mergedOpening
  // Known devices in a new country or network: neither of the longer wordings would be true.
  return facts.isNewDevice ? words.digestOpening : words.shortMerged
}

function renderNumber({ alertNumber }: AlertFacts, { numberMark }: AlertWords): string {
  return numberMark + (/^\d{1,10}$/.test(String(alertNumber)) ? String(alertNumber) : '?')
}

function renderAct({ parts, facts, rules, language, isActShort }: Draft): string {
  const { alert: words } = language
  const code = rules.canReply ? facts.replyCode : facts.typedCode
  if (!rules.hasLink) {
    const alone = rules.canReply ? words.replyAlone : words.typedAlone
    const told = fill(alone, { code, exchange: parts.exchange })
    return fill(words.actWithoutLink, { code: told })
  }
  const link = facts.lockUrl
  if (isActShort)
    return fill(words.shortAct, { link, code: rules.canReply ? `LOCK ${code}` : code })
  const after = fill(rules.canReply ? words.replyCode : words.typedCode, { code })
  return fill(words.act, { link, code: after })
}

function renderDetails({ parts, facts, language, isOpeningShort }: Draft): string {
  const { alert: words } = language
  const isOne = facts.mergedNumbers.length <= 1
  // In this order, in every language.
  const details = [
    // Of several it is said before the facts of one of them; their full opening says it by itself.
    !isOne && isOpeningShort ? parts.newDevice : '',
    isOpeningShort ? parts.clock : parts.time,
    renderPlace(parts, facts, words),
    parts.newCountry,
    isOne ? parts.newDevice : '',
    fillIfPresent(words.ip, 'ip', parts.ip),
    parts.browser && parts.os
      ? fill(words.software, { browser: parts.browser, os: parts.os })
      : parts.browser || parts.os,
    fillIfPresent(words.deviceName, 'deviceName', parts.deviceName),
  ]
  return details.filter((detail) => detail !== '').join(words.detailSeparator)
}

function renderPlace(parts: Parts, facts: AlertFacts, words: AlertWords): string {
  const place = renderPlaceName(parts, words)
  if (parts.dataCentre === '') return place
  const dataCentre = namedNetwork(facts.hosting ?? '', parts.network, words)
  return fill(words.placeWithDataCentre, { place, dataCentre })
}

function renderPlaceName(parts: Parts, words: AlertWords): string {
  const { city, country } = parts
  if (city !== '' && country !== '') return fill(words.cityAndCountry, { city, country })
  if (city !== '') return fill(words.cityAlone, { city })
  return country || parts.elsewhere
}
