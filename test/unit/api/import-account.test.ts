// What an import does with the number there was: told, kept as it is but sealed anew, or let go where no key opens it.

import { describe, expect, it } from 'vitest'
import { findAccount, openField, sealField } from '../../../src/account/accounts.ts'
import { importAccount } from '../../../src/api/import-account.ts'
import { randomBytes } from '../../support/ports.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const ID = '1001'
const PHONE = '+12025550123'
const OTHER = '+12025550124'
const KEY = new Uint8Array(32).fill(1)
const NEWER = new Uint8Array(32).fill(2)

function stage(keys: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]) {
  const db = openMemoryDb()
  let told = 0
  const contextOf = (dataKeys: typeof keys) =>
    ({
      db,
      randomBytes,
      now: () => 1_000,
      config: { dataKeys },
      alerts: {
        send: async () => {
          told += 1
        },
      },
    }) as unknown as Parameters<typeof importAccount>[0]
  const put = async (e164: string, dataKeys = keys) => {
    const phoneSealed = await sealField(randomBytes, dataKeys, ID, 'phone', e164)
    const number = { e164, isFormerTold: false, isOptedIn: false }
    await importAccount(contextOf(dataKeys), ID, { phoneSealed, phoneTag: e164 }, number)
  }
  return { put, told: () => told, account: () => findAccount(db, ID) }
}

describe('A10 an import', () => {
  it('of another number keeps the one before as the former one, and tells it', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(OTHER)
    const former = (await account())?.formerPhoneSealed ?? null
    expect(await openField([KEY], ID, 'phone', former)).toBe(PHONE)
    expect(told()).toBe(1)
  })

  it('of the same number seals it with the current key, and tells nobody', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER, KEY])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhoneUntil).toBeNull()
    expect(told()).toBe(0)
  })

  it('after the key was lost takes the number, and no former one that nobody could open', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhoneSealed).toBeNull()
    expect(told()).toBe(0)
  })
})
