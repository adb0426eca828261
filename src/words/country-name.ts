// A country code as a word, from the runtime's own tables; made-up and private codes have no word.

const formatters = new Map<string, Intl.DisplayNames>()

// ISO 3166-1 leaves these to users, so Intl answers with placeholders; XK (Kosovo) is in real use.
const USER_ASSIGNED = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ)$/

/**
 * @param code ISO 3166-1 alpha-2, in any case.
 * @param locale the language of the answer; must be one the runtime accepts.
 * @returns null when the code names no country ("T1", "XX", garbage).
 */
export function countryName(code: string, locale: string): string | null {
  const region = code.toUpperCase()
  if (!/^[A-Z]{2}$/.test(region) || USER_ASSIGNED.test(region)) return null
  return formatterFor(locale).of(region) ?? null
}

// Making a formatter costs far more than asking one, and there is one per language shipped.
function formatterFor(locale: string): Intl.DisplayNames {
  const known = formatters.get(locale)
  if (known !== undefined) return known
  const made = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' })
  formatters.set(locale, made)
  return made
}
