// One text out of its parts: an opening, an act, a closing. Chooses among a language's wordings by what
// the destination allows and how much room there is; leaves out nothing by itself.

import type { AlertWords, Language } from '../words/language.ts'
import type { AlertFacts, Parts, TextRules } from './facts.ts'
import { fill, fillIfPresent, fillTime } from './fill.ts'
import { namedNetwork } from './network-words.ts'
import { formatNumbers } from './numbers.ts'
import { isDigest } from './parts.ts'

/** `short` has fewer words; `shortest` does not name another live session either. */
export type Phrasing = 'full' | 'short' | 'shortest'

type Draft = {
  readonly parts: Parts
  readonly facts: AlertFacts
  readonly rules: TextRules
  readonly language: Language
  readonly phrasing: Phrasing
}

export function render(draft: Draft): string {
  const { parts, language } = draft
  const phrase = fillIfPresent(language.alert.phrase, 'phrase', parts.phrase)
  const closing = draft.phrasing === 'full' ? phrase || parts.ending : ''
  return [renderOpening(draft), renderAct(draft), closing].filter((text) => text !== '').join(' ')
}

function renderOpening({ parts, facts, language, phrasing }: Draft): string {
  const { alert: words } = language
  const details = renderDetails(parts, facts, language)
  if (facts.mergedNumbers.length > 1 && phrasing === 'full') {
    return fill(isDigest(facts) ? words.digestOpening : words.mergedOpening, {
      exchange: parts.exchange,
      count: String(facts.mergedNumbers.length),
      numbers: formatNumbers(facts.mergedNumbers),
      details,
    })
  }
  const parallel = { full: words.parallel, short: words.shortParallel, shortest: '' }[phrasing]
  return fill(phrasing === 'full' ? words.opening : words.shortOpening, {
    exchange: parts.exchange,
    number: renderNumber(facts),
    details,
    parallel: facts.isParallel ? parallel : '',
  })
}

/** After its `#`. Several are never told as one, in however few words: `43-#47`. */
function renderNumber({ alertNumber, mergedNumbers }: AlertFacts): string {
  if (mergedNumbers.length > 1) return formatNumbers(mergedNumbers).slice(1)
  return /^\d{1,10}$/.test(String(alertNumber)) ? String(alertNumber) : '?'
}

function renderAct({ parts, facts, rules, language, phrasing }: Draft): string {
  const { alert: words } = language
  const code = rules.canReply ? facts.replyCode : facts.typedCode
  if (!rules.hasLink) {
    const alone = rules.canReply ? words.replyAlone : words.typedAlone
    const told = fill(alone, { code, exchange: parts.exchange })
    return fill(words.actWithoutLink, { code: told })
  }
  const link = facts.lockUrl
  if (phrasing !== 'full')
    return fill(words.shortAct, { link, code: rules.canReply ? `LOCK ${code}` : code })
  const after = fill(rules.canReply ? words.replyCode : words.typedCode, { code })
  return fill(words.act, { link, code: after })
}

function renderDetails(parts: Parts, facts: AlertFacts, language: Language): string {
  const { alert: words } = language
  // In this order, in every language.
  const details = [
    fillTime(facts.occurredAt, language),
    renderPlace(parts, facts, words),
    parts.newCountry,
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
