// A code typed or replied finds the alert among all accounts of its number.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { deriveLockCodes } from '../../../src/lock/code.ts'
import { lockByCode } from '../../../src/lock/code-lock.ts'
import { lockClaims } from '../../../src/lock/link.ts'
import { accounts, logins } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const PHONE = '+12025550123'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what a lock by code uses of it. */
function contextOf(db: Db): Context {
  const callbacks = Object.assign(Object.create(null), { send: async () => {} })
  const config = { linkKeys: KEYS, dataKeys: KEYS }
  return Object.assign(Object.create(null), { db, now: () => NOW, callbacks, config })
}

async function stage(count: number) {
  const db = openMemoryDb()
  const phoneTag = await makePhoneTag(KEYS, PHONE)
  for (let index = 0; index < count; index += 1) {
    const accountId = `a${String(index).padStart(3, '0')}`
    await db.insert(accounts).values({ ...inSlot(accountId), phoneTag, createdAt: 0, updatedAt: 0 })
    await db
      .insert(logins)
      .values({ ...aLogin({ accountId, alertId: `alr_${accountId}` }), ...inSlot(accountId) })
  }
  return db
}

async function lock(db: Db, accountId: string) {
  const [code = ''] = await deriveLockCodes(KEYS, lockClaims(accountId, 42, NOW))
  return lockByCode(contextOf(db), { phone: PHONE, code, via: 'reply', ip: null })
}

describe('A8 a LOCK', () => {
  it('finds the alert of each of many accounts on one number', async () => {
    const db = await stage(12)
    for (const accountId of ['a000', 'a006', 'a011']) {
      expect(await lock(db, accountId)).toMatchObject({ kind: 'locked', claims: { accountId } })
    }
  })

  it('for one account uses up no tries of the others', async () => {
    const db = await stage(7)
    for (let turn = 0; turn < 12; turn += 1) {
      expect(await lock(db, 'a000')).toMatchObject({ kind: 'locked' })
    }
    expect(await lock(db, 'a006')).toMatchObject({ kind: 'locked' })
  })
})
