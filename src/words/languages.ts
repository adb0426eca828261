// The languages there are, and which one a reader gets. A new language is one file in languages/ and its
// name in this list.

import type { Language } from './language.ts'
import { ar } from './languages/ar.ts'
import { bn } from './languages/bn.ts'
import { cs } from './languages/cs.ts'
import { de } from './languages/de.ts'
import { el } from './languages/el.ts'
import { en } from './languages/en.ts'
import { es } from './languages/es.ts'
import { fa } from './languages/fa.ts'
import { fil } from './languages/fil.ts'
import { fr } from './languages/fr.ts'
import { he } from './languages/he.ts'
import { hi } from './languages/hi.ts'
import { hu } from './languages/hu.ts'
import { id } from './languages/id.ts'
import { it } from './languages/it.ts'
import { ja } from './languages/ja.ts'
import { ko } from './languages/ko.ts'
import { ms } from './languages/ms.ts'
import { nl } from './languages/nl.ts'
import { pl } from './languages/pl.ts'
import { pt } from './languages/pt.ts'
import { ptPt } from './languages/pt-pt.ts'
import { ro } from './languages/ro.ts'
import { ru } from './languages/ru.ts'
import { sv } from './languages/sv.ts'
import { sw } from './languages/sw.ts'
import { th } from './languages/th.ts'
import { tr } from './languages/tr.ts'
import { uk } from './languages/uk.ts'
import { ur } from './languages/ur.ts'
import { vi } from './languages/vi.ts'
import { zhHans } from './languages/zh-hans.ts'
import { zhHant } from './languages/zh-hant.ts'
import { zhHantHk } from './languages/zh-hant-hk.ts'

export const LANGUAGES: readonly Language[] = [
  en,
  ar,
  bn,
  cs,
  de,
  el,
  es,
  fa,
  fil,
  fr,
  he,
  hi,
  hu,
  id,
  it,
  ja,
  ko,
  ms,
  nl,
  pl,
  pt,
  ptPt,
  ro,
  ru,
  sv,
  sw,
  th,
  tr,
  uk,
  ur,
  vi,
  zhHans,
  zhHant,
  zhHantHk,
]

const BY_TAG = new Map(LANGUAGES.map((language) => [language.tag.toLowerCase(), language]))

/** Tags that mean one of ours though they begin differently (RFC 5646 §3.1.5 old codes, Chinese and Portuguese by region). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['zh', 'zh-Hans'],
  ['zh-cn', 'zh-Hans'],
  ['zh-sg', 'zh-Hans'],
  ['zh-my', 'zh-Hans'],
  ['zh-tw', 'zh-Hant'],
  ['zh-hk', 'zh-Hant-HK'],
  ['zh-mo', 'zh-Hant-HK'],
  ['zh-hant-mo', 'zh-Hant-HK'],
  ['yue', 'zh-Hant-HK'],
  ['cmn', 'zh-Hans'],
  ['cmn-hant', 'zh-Hant'],
  ['cmn-tw', 'zh-Hant'],
  ['cmn-hk', 'zh-Hant-HK'],
  ['pt-ao', 'pt-PT'],
  ['pt-cv', 'pt-PT'],
  ['pt-gw', 'pt-PT'],
  ['pt-mz', 'pt-PT'],
  ['pt-st', 'pt-PT'],
  ['pt-tl', 'pt-PT'],
  ['tl', 'fil'],
  ['in', 'id'],
  ['iw', 'he'],
])

/** Another language that readers of the first commonly read: better than English, as long as we lack theirs. */
const NEAREST: ReadonlyMap<string, string> = new Map([
  ['prs', 'fa'],
  ['be', 'ru'],
  ['kk', 'ru'],
  ['ky', 'ru'],
  ['uz', 'ru'],
  ['tg', 'ru'],
  ['tk', 'ru'],
  ['gn', 'es'],
  ['ht', 'fr'],
  ['mg', 'fr'],
  ['rn', 'fr'],
  ['ca', 'es'],
  ['eu', 'es'],
  ['gl', 'es'],
])

/** The language of the first tag that names one of ours; English when none does. Tags are BCP 47, `_` allowed. */
export function chooseLanguage(tags: readonly (string | null)[]): Language {
  return firstOfOurs(tags) ?? en
}

/** From an Accept-Language header (RFC 9110 §12.5.4): by weight, then by order; English when none is ours. */
export function languageOfHeader(acceptLanguage: string | undefined): Language {
  return findLanguageOfHeader(acceptLanguage ?? '') ?? en
}

/** The same, or null when the header names none of ours. */
export function findLanguageOfHeader(acceptLanguage: string): Language | null {
  const ranges = acceptLanguage
    .split(',')
    .slice(0, RANGES_MAX)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = /^q=([01](?:\.\d{0,3})?)$/.exec(parameters[0] ?? 'q=1')?.[1] ?? '0'
      return { tag, weight: Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
  ranges.sort((left, right) => right.weight - left.weight)
  return firstOfOurs(ranges.map(({ tag }) => tag))
}

/** What is most likely spoken in a country (Unicode CLDR, likely subtags), maybe none of ours; null for what is no country. */
export function localeOfCountry(country: string): string | null {
  if (!/^[A-Z]{2}$/.test(country)) return null
  // Swahili to CLDR; banks and schools there write English, and many read no Swahili.
  if (country === 'UG') return 'en-UG'
  const { language, script } = new Intl.Locale(`und-${country}`).maximize()
  return [language, script, country].filter((part) => part !== undefined).join('-')
}

function firstOfOurs(tags: readonly (string | null)[]): Language | null {
  for (const tag of tags) {
    const language = tag === null ? undefined : findLanguage(tag)
    if (language) return language
  }
  return null
}

const RANGES_MAX = 10

/** From the whole tag to its first part, so that `zh-Hant-TW` is found before `zh`. */
function findLanguage(tag: string): Language | undefined {
  const parts = tag.toLowerCase().split(/[-_]/).slice(0, 3)
  const [own = '', script = '', region] = parts
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join('-'))
  // `pt-Latn-PT` is found as `pt-PT`, though `zh-Hans-HK` by its script.
  if (script.length === 4 && region) prefixes.splice(-1, 0, `${own}-${region}`)
  for (const prefix of prefixes) {
    const other = ALIASES.get(prefix) ?? NEAREST.get(prefix) ?? ''
    const language = BY_TAG.get(prefix) ?? BY_TAG.get(other.toLowerCase())
    if (language) return language
  }
  return undefined
}
