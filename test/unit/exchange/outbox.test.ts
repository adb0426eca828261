// A callback is tried when it is due, by whatever message: the tries are meant for days, the messages may come at once.

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallbackType } from '../../../src/exchange/callback.ts'
import type { ExchangeContext } from '../../../src/exchange/exchange-context.ts'
import { claimCallback, insertCallbackStatement } from '../../../src/exchange/outbox.ts'
import { sendCallback } from '../../../src/exchange/send.ts'
import type { Db } from '../../../src/lib/db.ts'
import { callbacks } from '../../../src/schema.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 23, 14)
const LEASE_MS = 15_000

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

function insert(db: Db, type: CallbackType, now = NOW) {
  return insertCallbackStatement(db, { accountId: '1001', callbackId: type, type, data: {} }, now)
}

/** An exchange that always answers 500, and a clock that the test moves. */
function withExchange() {
  const db = openMemoryDb()
  const clock = { now: NOW }
  const told: string[] = []
  const part: Partial<ExchangeContext> = {
    ...storesOf(db),
    now: () => clock.now,
    after: () => () => {},
    fetch: async (_input, init) => {
      told.push(new Headers(init?.headers).get('webhook-id') ?? '')
      return new Response(null, { status: 500 })
    },
  }
  const config = {
    callbackUrl: 'https://exchange.example/',
    callbackSecrets: [{ key: new Uint8Array(32) }],
  }
  const context: ExchangeContext = Object.assign(Object.create(null), part, { config })
  return { db, clock, told, send: (type: CallbackType) => sendCallback(context, '1001', type) }
}

async function rowOf(db: Db, type: CallbackType) {
  const [row] = await db.select().from(callbacks).where(eq(callbacks.callbackId, type))
  return row
}

describe('a callback', () => {
  it('is tried once however many messages nudge it before it is due', async () => {
    const { db, clock, told, send } = withExchange()
    await insert(db, 'alert.undelivered')
    expect(await send('alert.undelivered')).toBe(5_000)
    // The second try is five seconds later, the third five minutes after that.
    expect(await send('alert.undelivered')).toBe(5_000)
    clock.now += 5_000
    expect(await send('alert.undelivered')).toBe(300_000)
    for (let nudges = 0; nudges < 20; nudges += 1) {
      clock.now += 1_000
      // Not this message's to bring again: the one that made the last try does.
      expect(await send('alert.undelivered')).toBe(null)
    }
    expect(told).toHaveLength(2)
    expect(await rowOf(db, 'alert.undelivered')).toMatchObject({ state: 'open', attempts: 2 })
  })

  it('of a lock keeps a schedule of its own', async () => {
    const { db, clock, told, send } = withExchange()
    await insert(db, 'account.locked')
    const triedAt: number[] = []
    for (let seconds = 0; seconds <= 30; seconds += 1) {
      clock.now = NOW + seconds * 1_000
      const before = told.length
      await send('account.locked')
      await send('account.locked')
      if (told.length > before) triedAt.push(seconds)
    }
    expect(triedAt).toEqual([0, 1, 2, 5, 10, 30])
    expect(told).toHaveLength(6)
  })

  it('that a dead isolate had is waited for until the lease ends', async () => {
    const { db, told, send } = withExchange()
    await insert(db, 'account.locked')
    await claimCallback(db, '1001', 'account.locked', NOW)
    expect(await send('account.locked')).toBe(LEASE_MS)
    expect(told).toEqual([])
  })

  it('has used up no try by a claim whose answer was lost', async () => {
    const { db, clock, told, send } = withExchange()
    await insert(db, 'phone.changed')
    for (let lost = 0; lost < 12; lost += 1) {
      await claimCallback(db, '1001', 'phone.changed', clock.now)
      clock.now += LEASE_MS
    }
    expect(await send('phone.changed')).toBe(5_000)
    expect(told).toEqual(['phone.changed'])
    expect(await rowOf(db, 'phone.changed')).toMatchObject({ state: 'open', attempts: 1 })
  })
})

describe('a lift', () => {
  it('waits for its lock as that waits, and is told after it', async () => {
    const { db, clock, told, send } = withExchange()
    await insert(db, 'account.locked')
    await insert(db, 'hold.lifted', NOW + 1)
    await db.update(callbacks).set({ attempts: 30 }).where(eq(callbacks.type, 'account.locked'))
    clock.now += 1
    expect(await send('account.locked')).toBe(3_600_000)
    expect(await send('hold.lifted')).toBe(3_602_000)
    expect(await send('hold.lifted')).toBe(null)
    expect(told).toEqual(['account.locked'])
    expect(await rowOf(db, 'hold.lifted')).toMatchObject({ attempts: 0 })
    await db
      .update(callbacks)
      .set({ state: 'confirmed' })
      .where(eq(callbacks.type, 'account.locked'))
    clock.now += 3_602_000
    await send('hold.lifted')
    expect(told).toEqual(['account.locked', 'hold.lifted'])
  })

  it('is not tried more often than every five seconds while its lock is', async () => {
    const { db, clock, told, send } = withExchange()
    await insert(db, 'account.locked')
    await insert(db, 'hold.lifted', NOW + 1)
    clock.now += 1
    expect(await send('hold.lifted')).toBe(5_000)
    expect(told).toEqual([])
  })
})
