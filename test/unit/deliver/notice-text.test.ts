// The copy for a former number tells of the login it was posted for, and of none that has its sequence now.

import { expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { copyNotice } from '../../../src/deliver/copy-notice.ts'
import type { DeliverContext } from '../../../src/deliver/deliver-context.ts'
import { noticeTextFor } from '../../../src/deliver/notice-text.ts'
import { findNotice, insertNotice } from '../../../src/notice/notices.ts'
import { logins } from '../../../src/schema.ts'
import type { Language } from '../../../src/words/language.ts'
import { ar } from '../../../src/words/languages/ar.ts'
import { en } from '../../../src/words/languages/en.ts'
import { th } from '../../../src/words/languages/th.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { aLogin, NOW, ROUTE } from './fixtures.ts'

async function textOf(told: string, stored: string) {
  const db = openMemoryDb()
  await saveAccountStatement(db, '1001', {}, NOW)
  await db.insert(logins).values(aLogin({ alertId: stored }))
  const copy = await copyNotice(aLogin({ alertId: told }), 'sealed')
  await insertNotice(db, copy, NOW)
  const account = await findAccount(db, '1001')
  const notice = await findNotice(db, copy)
  if (!account || !notice) throw new Error('both were stored')
  const parts = {
    ...{
      ...storesOf(db),
      now: () => NOW,
      config: {
        linkKeys: [new Uint8Array(32)],
        exchangeName: 'X',
        publicOrigin: 'https://a.example',
      },
    },
  }
  const context: DeliverContext = Object.assign(Object.create(null), parts)
  return noticeTextFor(context, notice, account, { isConfirmed: false })
}

it('a copy of an alert has words while its login is there', async () => {
  expect(await textOf('alr_1', 'alr_1')).not.toBe(null)
})

it('a copy that outlived its account tells nobody of the login of one that came back', async () => {
  expect(await textOf('alr_1', 'alr_2')).toBe(null)
})

it('an answer to an owner without a language of his own is in that of his logins, else of his number’s country', async () => {
  const db = openMemoryDb()
  await saveAccountStatement(db, '1001', {}, NOW)
  const noticeId = 'ntc_1'
  await insertNotice(db, { accountId: '1001', noticeId, kind: 'wrong_code' }, NOW)
  const account = await findAccount(db, '1001')
  const notice = await findNotice(db, { accountId: '1001', noticeId })
  const [step] = ROUTE
  if (!account || !notice || !step) throw new Error('all were made')
  const config = { exchangeName: 'X', profile: NO_PROFILE }
  // The account's rows lie in a database of their own.
  const parts = { db: openMemoryDb(), dbOf: () => db, config }
  const context: DeliverContext = Object.assign(Object.create(null), parts)
  const told = async () => {
    const textFor = await noticeTextFor(context, notice, account, { isConfirmed: false })
    return (['AE', 'TH', 'US'] as const).map(
      (country) => textFor?.(step, { e164: '+1', country })?.text ?? '',
    )
  }
  const said = (languages: readonly Language[]) =>
    languages.map(({ notice: words }) => words.wrongCode.replaceAll('{exchange}', 'X'))
  expect(await told()).toEqual(said([ar, th, en]))
  await db.insert(logins).values(aLogin({ isFamiliar: true, locale: 'th' }))
  expect(await told()).toEqual(said([th, th, th]))
})
