// The copy for a former number tells of the login it was posted for, and of none that has its sequence now.

import { expect, it } from 'vitest'
import { findAccount, saveAccountStatement } from '../../../src/account/accounts.ts'
import { copyNotice } from '../../../src/deliver/copy-notice.ts'
import type { DeliverContext } from '../../../src/deliver/deliver-context.ts'
import { noticeTextFor } from '../../../src/deliver/notice-text.ts'
import { findNotice, insertNotice } from '../../../src/notice/notices.ts'
import { logins } from '../../../src/schema.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLogin, NOW } from './fixtures.ts'

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
      db,
      config: {
        linkKeys: [new Uint8Array(32)],
        exchangeName: 'X',
        publicOrigin: 'https://a.example',
      },
    },
  }
  const context: DeliverContext = Object.assign(Object.create(null), parts)
  return noticeTextFor(context, notice, account, false)
}

it('a copy of an alert has words while its login is there', async () => {
  expect(await textOf('alr_1', 'alr_1')).not.toBe(null)
})

it('a copy that outlived its account tells nobody of the login of one that came back', async () => {
  expect(await textOf('alr_1', 'alr_2')).toBe(null)
})
