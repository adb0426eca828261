// In which language an alert speaks, and any other text to its owner: the account's own; without one, not that of an
// unfamiliar login before anything else, since that is a browser's header, and the browser may be a thief's.

import type { Account } from '../account/accounts.ts'
import type { Db } from '../lib/db.ts'
import { findFamiliarLocale } from '../login/familiar-locale.ts'
import type { Login } from '../login/login.ts'
import type { Language } from '../words/language.ts'
import { chooseLanguage, localeOfCountry } from '../words/languages.ts'

type Spoken = {
  readonly accountLocale: string | null
  readonly login: Pick<Login, 'locale' | 'isFamiliar'>
  /** Of the newest login before whose device, country and network were known; null without one. */
  readonly familiarLocale: string | null
  /** Of the number, ISO 3166-1 alpha-2; null where there is none. */
  readonly country: string | null
}

/** Tags, the best first. Pure. */
export function alertLocales(spoken: Spoken): readonly (string | null)[] {
  const { accountLocale, login, familiarLocale, country } = spoken
  if (login.isFamiliar) return [accountLocale, login.locale]
  const ofCountry = country === null ? null : localeOfCountry(country)
  return [accountLocale, familiarLocale, ofCountry, login.locale]
}

/**
 * By the country of the number that is told. Where the account has no language and the login is unfamiliar, it reads 100 rows at
 * most, unless `read` says what it would find.
 */
export async function alertLanguage(
  db: Db,
  login: Login,
  account: Account | null,
  read?: string | null,
): Promise<(country: string | null) => Language> {
  const accountLocale = account?.locale ?? null
  const isKnown = accountLocale !== null || login.isFamiliar || read !== undefined
  const familiarLocale = isKnown ? (read ?? null) : await findFamiliarLocale(db, login)
  return (country) =>
    chooseLanguage(alertLocales({ accountLocale, login, familiarLocale, country }))
}

/** Of a text that is no login's: as an alert of an unfamiliar one. Reads as that does. */
export async function ownerLanguage(
  db: Db,
  accountId: string,
  locale: string | null,
): Promise<(country: string | null) => Language> {
  const familiarLocale =
    locale === null ? await findFamiliarLocale(db, { accountId, seq: null }) : null
  return (country) =>
    chooseLanguage([locale, familiarLocale, country === null ? null : localeOfCountry(country)])
}
