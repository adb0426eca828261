// CODE_COUNTRIES, CODE_GUARD and CODE_SPEND_CAP: what the operator wants of code SMS. Parsing only; all are
// optional, and the defaults guard every country.

import { isSupportedCountry } from 'libphonenumber-js/mobile'
import { err, ok, type Result } from '../lib/result.ts'

export type CodePolicy = {
  /** ISO 3166-1 alpha-2, or all of them. */
  readonly countries: CodeCountries
  /** False: refusals are recorded, and the code is sent all the same. */
  readonly isEnforced: boolean
  /** Segments of code SMS in one day, from midnight UTC. */
  readonly spendCapSegments: number
}

export type CodeCountries = '*' | ReadonlySet<string>

/** At five cents a segment 500 a day: far above what bindings of new numbers need, far below a ruin. */
export const SPEND_CAP_DEFAULT_SEGMENTS = 10_000
export const SPEND_CAP_MAX_SEGMENTS = 10_000_000

const COUNTRIES_PROBLEM = 'must be * or countries like "DE GB", in capitals of ISO 3166-1'

/** Countries separated by spaces, or `*` alone; `UK` is no country, `GB` is. */
export function parseCodeCountries(setting: unknown): Result<CodeCountries, string> {
  if (setting === undefined) return ok('*')
  if (typeof setting !== 'string') return err(COUNTRIES_PROBLEM)
  const names = setting.split(/\s+/).filter(Boolean)
  if (names.length === 0 || (names.length === 1 && names[0] === '*')) return ok('*')
  if (names.every((name) => isSupportedCountry(name))) return ok(new Set(names))
  return err(COUNTRIES_PROBLEM)
}

export function parseCodeGuard(setting: unknown): Result<'enforce' | 'record', string> {
  if (setting === undefined || setting === '' || setting === 'enforce') return ok('enforce')
  return setting === 'record' ? ok('record') : err('must be enforce or record')
}
