// Recording a round: what the provider said of the number is what the account shows, and a receipt
// that came between is not lost.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { createGroupWriter } from '../../../src/deliver/group-writer.ts'
import { recordRound } from '../../../src/deliver/record.ts'
import { decideAfterRound, type FinishedRound } from '../../../src/deliver/round.ts'
import type { Db } from '../../../src/lib/db.ts'
import { accounts, callbacks, logins } from '../../../src/schema.ts'
import { after } from '../../support/ports.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLogin, anAttempt, NOW } from './fixtures.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what recording uses of it. */
function contextOf(db: Db): Context {
  const callbackQueue = Object.assign(Object.create(null), { send: async () => {} })
  const context: Partial<Context> = { db, now: () => NOW, callbacks: callbackQueue }
  return Object.assign(Object.create(null), context)
}

async function stage() {
  const db = openMemoryDb()
  await db.insert(accounts).values({ accountId: '1001', createdAt: 0, updatedAt: 0 })
  const login = aLogin()
  await db.insert(logins).values(login)
  return { db, login }
}

function record(db: Db, login: ReturnType<typeof aLogin>, round: FinishedRound) {
  const writer = createGroupWriter({ db, after }, 1)
  return recordRound(contextOf(db), writer, login, (current) =>
    decideAfterRound(current, round, NOW),
  )
}

describe('recordRound', () => {
  it('shows on the account which code the number was refused with', async () => {
    const { db, login } = await stage()
    await record(db, login, {
      conclusion: 'stopped',
      attempts: [anAttempt({ state: 'failed', class: 'recipient_permanent', code: '21211' })],
      awaitsReceipt: true,
    })
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState: 'invalid', phoneStateCode: '21211' })
    const [callback] = await db.select().from(callbacks)
    expect(JSON.parse(callback?.body ?? '')).toMatchObject({
      type: 'alert.undelivered',
      data: { alert_id: 'alr_1', alert_number: 42, reason: 'recipient_permanent' },
    })
  })

  it('leaves a number alone that was imported after the call', async () => {
    const { db, login } = await stage()
    await db.update(accounts).set({ updatedAt: NOW + 1 })
    await record(db, login, {
      conclusion: 'stopped',
      attempts: [anAttempt({ state: 'failed', class: 'recipient_permanent', code: '21211' })],
      awaitsReceipt: true,
    })
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState: 'ok', phoneStateCode: null })
  })

  it('honours an opt-out that a receipt reported while other providers were tried', async () => {
    const { db, login } = await stage()
    const optedOut = { state: 'failed', class: 'opted_out', code: '21610', failedAt: NOW } as const
    await db.update(logins).set({ attempts: [anAttempt(optedOut)], version: login.version + 1 })
    await record(db, login, {
      conclusion: 'exhausted',
      attempts: [
        anAttempt({ number: 1, state: 'unknown', class: 'ambiguous', code: 'timeout' }),
        anAttempt({ number: 2, provider: 'infobip', state: 'failed', class: 'expired', code: '9' }),
      ],
      awaitsReceipt: true,
    })
    const [stored] = await db.select().from(logins)
    expect(stored).toMatchObject({ state: 'undelivered', isOpen: false })
    const [account] = await db.select().from(accounts)
    expect(account).toMatchObject({ phoneState: 'opted_out', phoneStateCode: '21610' })
  })

  it('decides again over a receipt that was written meanwhile', async () => {
    const { db, login } = await stage()
    const delivered = anAttempt({ state: 'delivered', deliveredAt: NOW + 50 })
    await db.update(logins).set({ attempts: [delivered], version: login.version + 1 })
    await record(db, login, {
      conclusion: 'accepted',
      attempts: [anAttempt({ state: 'accepted', providerMessageId: 'm_1' })],
      awaitsReceipt: true,
    })
    const [stored] = await db.select().from(logins)
    expect(stored).toMatchObject({ state: 'delivered', isOpen: false, leaseUntil: null })
    expect(stored?.attempts).toEqual([{ ...delivered, providerMessageId: 'm_1' }])
  })
})
