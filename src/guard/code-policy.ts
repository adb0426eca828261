// CODE_COUNTRIES, CODE_GUARD and CODE_SPEND_CAP: what the operator wants of code SMS. Parsing only; all are
// optional, and the defaults guard every country.

import { isSupportedCountry } from 'libphonenumber-js/mobile'
import { err, ok, type Result } from '../lib/result.ts'
import { readBy, whole } from '../lib/setting-kinds.ts'
import { setting, type ValuesOf } from '../lib/settings.ts'

export type CodeCountries = '*' | ReadonlySet<string>

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

/** True for `enforce`, which is meant where nothing is set. */
export function parseCodeGuard(setting: unknown): Result<boolean, string> {
  if (setting === undefined || setting === '' || setting === 'enforce') return ok(true)
  return setting === 'record' ? ok(false) : err('must be enforce or record')
}

export const CODE_SETTINGS = {
  /** ISO 3166-1 alpha-2, or all of them. */
  countries: setting('CODE_COUNTRIES', readBy(parseCodeCountries, '*'), {
    help: 'countries a code SMS may go to, like `DE GB TW`, or `*`; numbers verified before get theirs anyway',
  }),
  /** False: refusals are recorded, and the code is sent all the same. */
  isEnforced: setting('CODE_GUARD', readBy(parseCodeGuard, 'enforce'), {
    help: '`enforce`, or `record`: [codes nobody types](docs/security.md#codes-nobody-types) are only recorded, not stopped',
  }),
  /**
   * Segments of code SMS in one day, from midnight UTC. At five cents a segment 500 a day: far above what
   * bindings of new numbers need, far below a ruin.
   */
  spendCapSegments: setting('CODE_SPEND_CAP', whole({ fallback: 10_000, max: 10_000_000 }), {
    help: 'segments of code SMS a day, from midnight UTC',
  }),
}

export type CodePolicy = ValuesOf<typeof CODE_SETTINGS>
