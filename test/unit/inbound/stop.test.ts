// STOP and START are the number's: they reach every account of it, and each is told to the exchange once.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import { answerInbound } from '../../../src/inbound/answer.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { accounts, callbacks } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const PHONE = '+12025550123'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what an answer uses of it. */
function contextOf(db: Db, onNudge: () => void): Context {
  const callbackQueue = Object.assign(Object.create(null), { send: async () => onNudge() })
  const alerts = Object.assign(Object.create(null), { send: async () => {} })
  const config = { dataKeys: KEYS }
  const parts = { ...storesOf(db), now: () => NOW, callbacks: callbackQueue, alerts, config }
  return Object.assign(Object.create(null), parts)
}

describe('A8 a STOP by SMS', () => {
  it('mutes all of seven accounts on one number, and tells the exchange of each once', async () => {
    const db = openMemoryDb()
    const phoneTag = await makePhoneTag(KEYS, PHONE)
    for (let index = 0; index < 7; index += 1) {
      await db
        .insert(accounts)
        .values({ ...inSlot(`a${index}`), phoneTag, createdAt: 0, updatedAt: 0 })
    }
    let nudges = 0
    const context = contextOf(db, () => {
      nudges += 1
    })
    const send = (text: string, id: string) =>
      answerInbound(context, {
        provider: 'twilio',
        message: { providerMessageId: id, from: PHONE, to: '72345', text, isAnswered: false },
      })
    await send('STOP', 'SM1')
    await send('STOP', 'SM2')
    const stopped = await db.select().from(accounts)
    expect(stopped.map(({ phoneState }) => phoneState)).toEqual(Array(7).fill('opted_out'))
    expect([(await db.select().from(callbacks)).length, nudges]).toEqual([7, 7])
    await send('START', 'SM3')
    const started = await db.select().from(accounts)
    expect(started.map(({ phoneState }) => phoneState)).toEqual(Array(7).fill('ok'))
    expect(nudges).toBe(14)
  })
})
