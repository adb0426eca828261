// What an import changes of the protection, as the owner is to be told of it: the same kinds as on the owner's pages. An
// exchange may show these settings on a page of its own, and whoever has the owner's session there must not weaken them in
// silence. What the statement finds in the account decides, so two imports at once tell of what each has changed.

import { type SQL, sql } from 'drizzle-orm'
import { type Account, type AccountChange, openField } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { hasSettingSql } from '../account/preferences.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import { chooseLanguage, localeOfCountry } from '../words/languages.ts'

export type SettingsNotice = {
  readonly kind: NoticeKind
  readonly subject: string | null
  /** True before the import in its batch, if it is going to change this. */
  readonly when: SQL
  /** That it will, as far as the account was read. */
  readonly isExpected: boolean
}

/** Of an account that is known; a first import tells nothing. */
export async function settingsNotices(
  keys: SealKeys,
  before: Account,
  change: AccountChange,
): Promise<readonly SettingsNotice[]> {
  const { accountId } = before
  const has = (fact: SQL) => hasSettingSql(accountId, fact)
  const notices: SettingsNotice[] = []
  const tell = (kind: NoticeKind, when: SQL, isExpected: boolean, subject: string | null = null) =>
    notices.push({ kind, subject, when: has(when), isExpected })

  if (change.alerts === 'off') tell('alerts_off', sql`alerts <> 'off'`, before.alerts !== 'off')
  if (change.alerts === 'unusual') {
    tell('alerts_unusual', sql`alerts = 'all'`, before.alerts === 'all')
  }
  if (change.locale !== undefined) {
    const isOther = isOtherLanguage(before.locale, change.locale, await countryOf(keys, before))
    const when = otherThan(sql`locale`, before.locale, isOther)
    tell('language_changed', when, isOther, before.locale)
  }
  const { phraseSealed, totpSealed } = change
  if (phraseSealed !== undefined) {
    const isOther = await isOtherText(keys, accountId, 'phrase', [
      before.phraseSealed,
      phraseSealed,
    ])
    const is = otherThan(sql`phrase_sealed`, before.phraseSealed, isOther)
    const hadOne = before.phraseSealed !== null
    tell('phrase_changed', sql`phrase_sealed IS NOT NULL AND ${is}`, hadOne && isOther)
  }
  if (totpSealed === null) {
    tell('authenticator_removed', sql`totp_sealed IS NOT NULL`, before.totpSealed !== null)
  }
  if (typeof totpSealed === 'string') {
    const isOther = await isOtherText(keys, accountId, 'totp', [before.totpSealed, totpSealed])
    tell('authenticator_added', otherThan(sql`totp_sealed`, before.totpSealed, isOther), isOther)
  }
  return notices
}

/** What is there was compared, or it is not what was compared. */
function otherThan(column: SQL, compared: string | null, isOther: boolean): SQL {
  return isOther ? sql`true` : sql`${column} IS NOT ${compared}`
}

/** Without one of its own, an account is told in the language of its number's country; see deliver/alert-language.ts. */
function isOtherLanguage(before: string | null, after: string | null, country: string | null) {
  if (after === null) return before !== null
  const told = before ?? (country === null ? null : localeOfCountry(country))
  return chooseLanguage([told]) !== chooseLanguage([after])
}

/** Null also where no key opens the number any more. */
async function countryOf(keys: SealKeys, account: Account): Promise<string | null> {
  try {
    return (await openPhone(keys, account))?.country ?? null
  } catch {
    return null
  }
}

/** What no key opens any more says nothing: it was lost before. */
async function isOtherText(
  keys: SealKeys,
  accountId: string,
  field: 'phrase' | 'totp',
  [before, after]: readonly [string | null, string | null],
): Promise<boolean> {
  try {
    const texts = [before, after].map((sealed) => openField(keys, accountId, field, sealed))
    const [one, other] = await Promise.all(texts)
    return one !== other
  } catch {
    return false
  }
}
