// What an import does with the number there was: told, kept as it is but sealed anew, or let go where no key opens it.

import { describe, expect, it } from 'vitest'
import { findAccount, openField, sealField } from '../../../src/account/accounts.ts'
import { importAccount } from '../../../src/api/import-account.ts'
import { callbacks as outbox } from '../../../src/exchange/tables.ts'
import { randomBytes } from '../../support/ports.ts'
import { aProvider } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const ID = '1001'
const PHONE = '+12025550123'
const OTHER = '+12025550124'
const NOW = Date.UTC(2026, 10, 28)
const KEY = new Uint8Array(32).fill(1)
const NEWER = new Uint8Array(32).fill(2)

function stage(keys: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]) {
  const db = openMemoryDb()
  let told = 0
  const contextOf = (dataKeys: typeof keys) =>
    ({
      db,
      randomBytes,
      now: () => NOW,
      config: {
        dataKeys,
        providers: [{ ...aProvider('twilio'), defaultSender: 'Lockline' }],
        routes: new Map(),
        senders: new Map(),
      },
      alerts: {
        send: async () => {
          told += 1
        },
      },
    }) as unknown as Parameters<typeof importAccount>[0]
  const put = async (e164: string, dataKeys = keys, country: 'US' | 'AU' = 'US') => {
    const phoneSealed = await sealField(randomBytes, dataKeys, ID, 'phone', e164)
    const number = { phone: { e164, country }, isFormerTold: false, isOptedIn: false } as const
    await importAccount(contextOf(dataKeys), ID, { phoneSealed, phoneTag: e164 }, number)
  }
  const callbacks = () => db.select().from(outbox)
  return { put, told: () => told, account: () => findAccount(db, ID), callbacks }
}

describe('A10 an import', () => {
  it('of another number keeps the one before as the former one, and tells it', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(OTHER)
    const former = (await account())?.formerPhones?.[0]?.sealed ?? null
    expect(await openField([KEY], ID, 'phone', former)).toBe(PHONE)
    expect(told()).toBe(1)
  })

  it('of the same number seals it with the current key, and tells nobody', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER, KEY])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhones).toBeNull()
    expect(told()).toBe(0)
  })

  it('after the key was lost takes the number, and no former one that nobody could open', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhones).toBeNull()
    expect(told()).toBe(0)
  })
})

describe('a number that no sender may be used for', () => {
  const AUSTRALIAN = '+61412345678'

  it('is told to the exchange before the first login, once', async () => {
    const { put, callbacks } = stage([KEY])
    await put(AUSTRALIAN, [KEY], 'AU')
    await put(AUSTRALIAN, [KEY], 'AU')
    const [told, ...more] = await callbacks()
    expect([told?.type, more]).toEqual(['alert.unserved', []])
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'alert.unserved',
      data: { account_id: ID, country: 'AU', reason: 'sender_branded' },
    })
  })

  it('is told after another one too; one that is served is not', async () => {
    const { put, callbacks, told } = stage([KEY])
    await put(PHONE)
    expect(await callbacks()).toEqual([])
    await put(AUSTRALIAN, [KEY], 'AU')
    expect((await callbacks()).map(({ type }) => type)).toEqual(['alert.unserved'])
    expect(told()).toBe(1)
  })
})
