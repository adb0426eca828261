// The lock's one batch of SQL: it holds as decideHoldUntil says, ends what was live, writes one
// callback, and does so once however often it is asked.

import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import type { CallbackJob } from '../../../src/jobs.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { decideHoldUntil } from '../../../src/lock/hold.ts'
import { linkLockId, lockAccount } from '../../../src/lock/lock-account.ts'
import { accounts, callbacks, locks, logins } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

/** The promise itself, not what the code takes for it. */
const HOLD_MS = 24 * 3_600_000

const ASKED = ['sessions.revoke', 'withdrawals.hold', 'api_keys.revoke']

let nudges: CallbackJob[] = []

beforeEach(() => {
  nudges = []
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Only what a lock uses of it. */
function contextOf(db: Db): Context {
  const context: Partial<Context> = {
    ...storesOf(db),
    config: Object.assign(Object.create(null), { lockActions: ASKED }),
    now: () => NOW,
    callbacks: Object.assign(Object.create(null), {
      send: async (job: CallbackJob) => {
        nudges.push(job)
      },
    }),
  }
  return Object.assign(Object.create(null), context)
}

async function lock(db: Db, lockedAt: number, alertNumber = 42) {
  const lockId = await linkLockId({
    accountId: '1001',
    alertNumber: alertNumber,
    expiresAtSeconds: 1_800_000_000,
  })
  return lockAccount(contextOf(db), {
    accountId: '1001',
    lockId,
    via: 'link',
    alertNumber,
    lockedAt,
  })
}

async function holdOf(db: Db) {
  const [account] = await db.select().from(accounts).where(eq(accounts.accountId, '1001'))
  return account?.holdUntil ?? null
}

describe('the hold in SQL', () => {
  it('is the hold of decideHoldUntil', async () => {
    const instant = fc.integer({ min: NOW - 2 * HOLD_MS, max: NOW + 2 * HOLD_MS })
    const maybe = fc.option(instant, { nil: null })
    await fc.assert(
      fc.asyncProperty(maybe, maybe, fc.boolean(), async (heldUntil, latestLoginAt, isKnown) => {
        const db = openMemoryDb()
        if (isKnown || heldUntil !== null) {
          const row = { ...inSlot('1001'), holdUntil: heldUntil, createdAt: 0, updatedAt: 0 }
          await db.insert(accounts).values(row)
        }
        if (latestLoginAt !== null) {
          await db
            .insert(logins)
            .values([
              aLogin({ seq: 1, alertId: 'alr_a', occurredAt: NOW + HOLD_MS, alertNumber: 41 }),
              aLogin({ seq: 2, alertId: 'alr_b', occurredAt: latestLoginAt }),
            ])
        }
        const expected = decideHoldUntil({ heldUntil, latestLoginAt }, NOW)
        const { holdUntil, alertId } = await lock(db, NOW)
        expect(holdUntil).toBe(expected)
        expect(await holdOf(db)).toBe(Math.max(expected, heldUntil ?? 0))
        expect(alertId).toBe(latestLoginAt === null ? null : 'alr_b')
      }),
      { numRuns: 60 },
    )
  })
})

describe('a lock', () => {
  async function withSessions() {
    const db = openMemoryDb()
    await db.insert(logins).values([
      aLogin({ seq: 1, alertId: 'a1', sessionId: 's_live', alertNumber: 40 }),
      aLogin({ seq: 2, alertId: 'a2', sessionId: 's_live', alertNumber: 41 }),
      aLogin({
        seq: 3,
        alertId: 'a3',
        sessionId: 's_ended',
        sessionEndedAt: NOW,
        alertNumber: null,
      }),
      aLogin({
        seq: 4,
        alertId: 'a4',
        sessionId: 's_out',
        sessionExpiresAt: NOW,
        alertNumber: null,
      }),
      aLogin({ seq: 5, alertId: 'a5', sessionId: 's_here', alertNumber: 42 }),
      aLogin({
        seq: 6,
        alertId: 'a6',
        sessionId: 's_later',
        occurredAt: NOW + 7_000,
        receivedAt: NOW + 7_000,
        alertNumber: 43,
      }),
      aLogin({
        seq: 7,
        alertId: 'a7',
        // Begun before, its webhook was repeated after; and begun after, by a clock that is ahead.
        sessionId: 's_repeated',
        receivedAt: NOW + 30_000,
        alertNumber: 44,
      }),
      aLogin({
        seq: 8,
        alertId: 'a8',
        sessionId: 's_ahead',
        occurredAt: NOW + 5_000,
        receivedAt: NOW + 5_000,
        alertNumber: 45,
      }),
      aLogin({ accountId: '1002', seq: 1, alertId: 'b1', sessionId: 's_other' }),
    ])
    return db
  }

  async function liveSessions(db: Db) {
    const rows = await db.select().from(logins)
    const live = rows.filter((row) => row.sessionEndedAt === null).map((row) => row.sessionId)
    return [...new Set(live)].sort()
  }

  it('ends the sessions that were live then, and names them to the exchange', async () => {
    const db = await withSessions()
    await lock(db, NOW + 1_000)
    expect(await liveSessions(db)).toEqual(['s_later', 's_other', 's_out'])
    const [callback, ...more] = await db.select().from(callbacks)
    expect(more).toEqual([])
    expect(JSON.parse(callback?.body ?? '')).toEqual({
      type: 'account.locked',
      timestamp: new Date(NOW + 1_000).toISOString(),
      data: {
        account_id: '1001',
        lock_id: await linkLockId({
          accountId: '1001',
          alertNumber: 42,
          expiresAtSeconds: 1_800_000_000,
        }),
        alert_id: 'a5',
        via: 'link',
        hold_until: new Date(NOW + 1_000 + HOLD_MS).toISOString(),
        session_ids: ['s_ahead', 's_repeated', 's_here', 's_live'],
        actions: ASKED,
      },
    })
    expect(callback).toMatchObject({ state: 'open', attempts: 0, nextAttemptAt: NOW + 1_000 })
  })

  it('happens once however often the link is used', async () => {
    const db = await withSessions()
    const first = await lock(db, NOW + 1_000)
    const again = await lock(db, NOW + 60_000)
    expect(again).toEqual(first)
    expect(await db.select().from(locks)).toEqual([first])
    expect(await db.select().from(callbacks)).toHaveLength(1)
    expect(await holdOf(db)).toBe(NOW + 1_000 + HOLD_MS)
    expect(await liveSessions(db)).toContain('s_later')
    expect(nudges).toHaveLength(2)
    expect(nudges[0]).toEqual(nudges[1])
  })

  it('is not put back in force by its link once it was lifted', async () => {
    const db = await withSessions()
    await lock(db, NOW + 1_000)
    await db.update(accounts).set({ holdUntil: null, holdLockId: null })
    await db.update(locks).set({ liftedAt: NOW + 2_000, liftReason: 'by phone' })
    await lock(db, NOW + 3_000)
    expect(await holdOf(db)).toBe(null)
  })

  it('of an account that is not imported holds all the same', async () => {
    const db = openMemoryDb()
    const made = await lock(db, NOW)
    expect(made).toMatchObject({ alertId: null, holdUntil: NOW + HOLD_MS, liftedAt: null })
    expect(await holdOf(db)).toBe(NOW + HOLD_MS)
  })
})
