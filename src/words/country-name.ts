// A country code as a word, from the runtime's own tables; made-up and private codes have no word.

import type { Language } from './language.ts'
import { SHORT_COUNTRY_NAMES } from './short-country-names.ts'

type Style = 'long' | 'short'

const formatters = new Map<string, Intl.DisplayNames>()

// ISO 3166-1 leaves these to users, so Intl answers with placeholders; XK (Kosovo) is in real use.
const USER_ASSIGNED = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ)$/

/**
 * @param code ISO 3166-1 alpha-2, in any case.
 * @param locale the language of the answer; must be one the runtime accepts.
 * @returns null when the code names no country ("T1", "XX", garbage).
 */
export function countryName(code: string, locale: string, style: Style = 'long'): string | null {
  const region = code.toUpperCase()
  if (!/^[A-Z]{2}$/.test(region) || USER_ASSIGNED.test(region)) return null
  return formatterFor(locale, style).of(region) ?? null
}

/**
 * What a country can be called where there is little room, the fullest first: the runtime's name, its short one, ours, and
 * the code. Empty when the code names no country.
 */
export function countryNames(
  code: string,
  { tag, intl }: Pick<Language, 'tag' | 'intl'>,
): readonly string[] {
  const region = code.toUpperCase()
  const name = countryName(region, intl)
  if (name === null) return []
  const short = countryName(region, intl, 'short') ?? name
  return [name, short, SHORT_COUNTRY_NAMES[tag]?.[region] ?? short, region]
}

// Making a formatter costs far more than asking one, and there are two per language shipped.
function formatterFor(locale: string, style: Style): Intl.DisplayNames {
  const key = `${locale} ${style}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none', style })
  formatters.set(key, made)
  return made
}
