// The language of an SMS is its owner's: a thief's browser does not make it one that nobody there can read.

import { describe, expect, it } from 'vitest'
import { alertLanguage, alertLocales, ownerLanguage } from '../../../src/deliver/alert-language.ts'
import { logins } from '../../../src/schema.ts'
import { chooseLanguage, localeOfCountry } from '../../../src/words/languages.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLogin } from './fixtures.ts'

const NONE = { accountLocale: null, familiarLocale: null, country: null }
const thief = { locale: 'th', isFamiliar: false }
const owner = { locale: 'th', isFamiliar: true }

describe('an alert speaks', () => {
  it.each([
    ['the account’s language', { ...NONE, accountLocale: 'de', login: thief, country: 'FR' }, 'de'],
    [
      'that of the logins before',
      { ...NONE, familiarLocale: 'de', login: thief, country: 'FR' },
      'de',
    ],
    ['that of the number’s country', { ...NONE, login: thief, country: 'FR' }, 'fr'],
    ['the login’s, where nothing else is known', { ...NONE, login: thief, country: 'MN' }, 'th'],
    ['the login’s, where it is familiar', { ...NONE, login: owner, country: 'FR' }, 'th'],
    [
      'the account’s, also where the login is familiar',
      { ...NONE, accountLocale: 'de', login: owner },
      'de',
    ],
  ])('%s', (_which, spoken, tag) => {
    expect(chooseLanguage(alertLocales(spoken)).tag).toBe(tag)
  })

  it.each([
    ['US', 'en'],
    ['DE', 'de'],
    ['CH', 'de'],
    ['TW', 'zh-Hant'],
    ['HK', 'zh-Hant-HK'],
    ['CN', 'zh-Hans'],
    ['BR', 'pt'],
    ['PT', 'pt-PT'],
    ['AO', 'pt-PT'],
    ['MY', 'ms'],
    ['KE', 'sw'],
    ['UG', 'en'],
    ['RO', 'ro'],
    ['PH', 'fil'],
    ['UA', 'uk'],
    ['IR', 'fa'],
    ['SG', 'en'],
    ['PY', 'es'],
    ['HT', 'fr'],
    ['MG', 'fr'],
    ['BI', 'fr'],
    ['TJ', 'ru'],
    ['TM', 'ru'],
  ])('in %s %s, as likely', (country, tag) => {
    expect(chooseLanguage([localeOfCountry(country)]).tag).toBe(tag)
  })

  it('of what is no country, nothing', () => {
    expect(['', 'de', 'DEU', '+1'].map(localeOfCountry)).toEqual([null, null, null, null])
  })

  it('as the newest familiar login shortly before did', async () => {
    const db = openMemoryDb()
    const rows = [
      { seq: 1, locale: 'fr', isFamiliar: true },
      { seq: 130, locale: 'ja', isFamiliar: true },
      { seq: 131, locale: 'de', isFamiliar: true },
      { seq: 132, locale: null, isFamiliar: true },
      { seq: 133, locale: 'th', isFamiliar: false },
    ]
    for (const row of rows) {
      await db.insert(logins).values(aLogin({ ...row, alertId: `alr_${row.seq}` }))
    }
    const spoken = async (seq: number) =>
      (await alertLanguage(db, aLogin({ seq, locale: 'th', isFamiliar: false }), null))(null).tag
    expect(await spoken(134)).toBe('de')
    expect(await spoken(131)).toBe('ja')
    expect(await spoken(130)).toBe('th')
  })
})

describe('any other text to an owner without a language of his own', () => {
  it('speaks as the newest familiar login did, else as the number’s country', async () => {
    const db = openMemoryDb()
    const spoken = async (locale: string | null = null) =>
      (await ownerLanguage(db, '1001', locale))('JP').tag
    expect([await spoken(), await spoken('de')]).toEqual(['ja', 'de'])
    for (const row of [
      { seq: 1, locale: 'fr', isFamiliar: true },
      { seq: 2, locale: 'th', isFamiliar: false },
    ]) {
      await db.insert(logins).values(aLogin({ ...row, alertId: `alr_${row.seq}` }))
    }
    expect([await spoken(), await spoken('de')]).toEqual(['fr', 'de'])
  })
})
