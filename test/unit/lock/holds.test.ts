// Holds that no lock made: begun once, told in the same batch, merged into one answer, ended early by the exchange.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { endsBy410 } from '../../../src/exchange/callback.ts'
import type { CallbackJob } from '../../../src/jobs.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { HOLD_REASONS, type HoldReason, mergeHolds } from '../../../src/lock/hold-reason.ts'
import { findHoldState, liftHold } from '../../../src/lock/hold-state.ts'
import { type HoldToStart, holdCallbackId, startHoldStatements } from '../../../src/lock/holds.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { accounts, callbacks, holds, logins } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ID = '1001'

let nudged: string[] = []

beforeEach(() => {
  nudged = []
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

function contextOf(db: Db, now: number): Context {
  const context: Partial<Context> = {
    ...storesOf(db),
    config: Object.assign(Object.create(null), { lockActions: ALWAYS_ASKED }),
    now: () => now,
    randomBytes: (length) => new Uint8Array(length).fill(now % 256),
    alerts: Object.assign(Object.create(null), { send: async () => {} }),
    callbacks: Object.assign(Object.create(null), {
      send: async (job: CallbackJob) => {
        if (job.kind === 'callback') nudged.push(job.callbackId)
      },
    }),
  }
  return Object.assign(Object.create(null), context)
}

async function start(db: Db, changes: Partial<HoldToStart> = {}) {
  const hold: HoldToStart = {
    accountId: ID,
    holdId: 'hld_1',
    reason: 'cooling_off',
    startedAt: NOW,
    until: NOW + 12 * HOUR_MS,
    alertId: 'alr_1',
    cause: 'device network',
    ...changes,
  }
  const callbackId = await holdCallbackId('hold.started', hold)
  await db.batch(startHoldStatements(db, { ...hold, callbackId, erasedScopes: [] }))
}

const told = async (db: Db) =>
  (await db.select().from(callbacks)).map(({ body }) => JSON.parse(body))

async function importedAt(db: Db, createdAt: number, unseen = 0) {
  await db.insert(accounts).values({ ...inSlot(ID), createdAt, updatedAt: createdAt, unseen })
}

describe('a hold', () => {
  it('begins with the callback that tells of it', async () => {
    const db = openMemoryDb()
    await start(db)
    expect(await told(db)).toEqual([
      {
        type: 'hold.started',
        timestamp: '2026-11-23T14:03:27.000Z',
        data: {
          account_id: ID,
          hold_id: 'hld_1',
          reason: 'cooling_off',
          cause: 'device network',
          alert_id: 'alr_1',
          started_at: '2026-11-23T14:03:27.000Z',
          until: '2026-11-24T02:03:27.000Z',
        },
      },
    ])
  })

  it('is the same one when its batch runs again', async () => {
    const db = openMemoryDb()
    await start(db)
    await start(db, { startedAt: NOW + 1, until: NOW + 13 * HOUR_MS })
    expect(await db.select().from(holds)).toMatchObject([{ until: NOW + 12 * HOUR_MS }])
    expect(await told(db)).toHaveLength(1)
  })

  it('is not made longer by another for the same reason, and the next may begin when it is over', async () => {
    const db = openMemoryDb()
    await start(db)
    await start(db, { holdId: 'hld_2', startedAt: NOW + HOUR_MS, until: NOW + 13 * HOUR_MS })
    expect(await db.select().from(holds)).toHaveLength(1)
    const startedAt = NOW + 12 * HOUR_MS
    await start(db, { holdId: 'hld_3', startedAt, until: startedAt + HOUR_MS })
    expect((await db.select().from(holds)).map(({ holdId }) => holdId)).toEqual(['hld_1', 'hld_3'])
    expect(await told(db)).toHaveLength(2)
  })

  it('begins beside one for another reason', async () => {
    const db = openMemoryDb()
    await start(db)
    await start(db, { holdId: 'hld_2', reason: 'activity', cause: 'password_changed' })
    expect(await db.select().from(holds)).toHaveLength(2)
  })

  it('of no hours is none', async () => {
    const db = openMemoryDb()
    await start(db, { until: NOW })
    expect(await db.select().from(holds)).toEqual([])
    expect(await told(db)).toEqual([])
  })

  it.each([
    ['an hour after the first import', NOW - HOUR_MS, 0, 0],
    ['a day after it', NOW - DAY_MS, 0, 1],
    ['after a lock or visit, without an import', NOW - HOUR_MS, 1, 1],
  ])('%s: %i', async (_when, createdAt, unseen, count) => {
    const db = openMemoryDb()
    await importedAt(db, createdAt, unseen)
    await start(db)
    expect(await db.select().from(holds)).toHaveLength(count)
  })

  it('begins in what would be the first day, where logins are older than the import', async () => {
    const db = openMemoryDb()
    await importedAt(db, NOW - HOUR_MS)
    const login = aLogin({ receivedAt: NOW - DAY_MS })
    await db.insert(logins).values({ ...login, ...inSlot(ID) })
    await start(db)
    expect(await db.select().from(holds)).toHaveLength(1)
  })

  it('that the owner plans begins in the first day too', async () => {
    const db = openMemoryDb()
    await importedAt(db, NOW)
    await start(db, { reason: 'planned', alertId: null, cause: 'owner' })
    expect(await db.select().from(holds)).toHaveLength(1)
  })

  it('is told of whatever an endpoint says', () => {
    const types = ['account.locked', 'hold.started', 'hold.lifted', 'session.revoked'] as const
    expect(types.map(endsBy410)).toEqual([false, false, false, true])
  })
})

describe('the holds of an account', () => {
  it('are told as the strongest, until the last of them ends', () => {
    const each = (reason: Exclude<HoldReason, 'lock'>, until: number) => ({
      reason,
      holdId: reason,
      until,
    })
    const stored = [each('cooling_off', 9), each('activity', 4), each('planned', 7)]
    const lock = { until: 5, lockId: 'lck' }
    expect(HOLD_REASONS).toEqual(['planned', 'lock', 'activity', 'cooling_off'])
    expect(mergeHolds(lock, stored)).toEqual({
      until: 9,
      reason: 'planned',
      holdId: 'planned',
      lockId: 'lck',
    })
    expect(mergeHolds(lock, stored.slice(0, 2))).toMatchObject({ reason: 'lock', holdId: 'lck' })
    expect(mergeHolds(null, stored.slice(0, 2))).toEqual({
      until: 9,
      reason: 'activity',
      holdId: 'activity',
      lockId: null,
    })
    expect(mergeHolds(null, [])).toBeNull()
  })

  it('hold until the instant of their end', async () => {
    const db = openMemoryDb()
    await start(db)
    const until = NOW + 12 * HOUR_MS
    const { hold } = await findHoldState(db, ID, until - 1)
    expect(hold).toEqual({ until, reason: 'cooling_off', holdId: 'hld_1', lockId: null })
    expect((await findHoldState(db, ID, until)).hold).toBeNull()
  })

  it('are no reason to know the account', async () => {
    const db = openMemoryDb()
    await start(db)
    expect((await findHoldState(db, ID, NOW)).isKnown).toBe(false)
  })

  it('of another account do not hold this one', async () => {
    const db = openMemoryDb()
    await start(db, { accountId: '1002' })
    expect((await findHoldState(db, ID, NOW)).hold).toBeNull()
  })
})

describe('lifting', () => {
  const REASON = 'by phone'

  async function heldByAll(): Promise<Db> {
    const db = openMemoryDb()
    await start(db)
    await start(db, { holdId: 'hld_2', reason: 'activity', cause: 'password_changed' })
    const lock = { accountId: ID, lockId: 'lck_1', via: 'api', alertNumber: null } as const
    await lockAccount(contextOf(db, NOW), { ...lock, lockedAt: NOW })
    nudged = []
    return db
  }

  it('ends all, and tells of each by itself', async () => {
    const db = await heldByAll()
    const context = contextOf(db, NOW + 1)
    expect(await liftHold(context, ID, { reason: REASON, lockId: null })).toBe('lifted')
    expect((await findHoldState(db, ID, NOW + 1)).hold).toBeNull()
    const lifted = (await told(db)).filter(({ type }) => type === 'hold.lifted')
    const of = { account_id: ID, reason: REASON, lifted_at: '2026-11-23T14:03:27.001Z' }
    expect(lifted.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { ...of, hold_id: 'lck_1', lock_id: 'lck_1', hold_reason: 'lock' },
        { ...of, hold_id: 'hld_1', lock_id: null, hold_reason: 'cooling_off' },
        { ...of, hold_id: 'hld_2', lock_id: null, hold_reason: 'activity' },
      ]),
    )
    expect(lifted).toHaveLength(3)
    expect(nudged).toHaveLength(3)
    expect(await db.select().from(holds)).toMatchObject([
      { liftedAt: NOW + 1, liftReason: REASON },
      { liftedAt: NOW + 1, liftReason: REASON },
    ])
    expect(await liftHold(context, ID, { reason: REASON, lockId: null })).toBe('not_held')
  })

  it('ends nothing while one runs that the owner planned', async () => {
    const db = await heldByAll()
    await start(db, { holdId: 'hld_3', reason: 'planned', alertId: null, cause: 'owner' })
    const before = (await told(db)).length
    const lift = { reason: REASON, lockId: null }
    expect(await liftHold(contextOf(db, NOW + 1), ID, lift)).toBe('planned')
    expect((await findHoldState(db, ID, NOW + 1)).hold).toMatchObject({ reason: 'planned' })
    expect(await told(db)).toHaveLength(before)
    const later = contextOf(db, NOW + 13 * HOUR_MS)
    expect(await liftHold(later, ID, lift)).toBe('lifted')
  })

  it('that means an older lock ends nothing', async () => {
    const db = await heldByAll()
    const lift = { reason: REASON, lockId: 'lck_0' }
    expect(await liftHold(contextOf(db, NOW + 1), ID, lift)).toBe('lock_changed')
    const { lock, stored } = await findHoldState(db, ID, NOW + 1)
    expect([lock?.lockId, stored.length]).toEqual(['lck_1', 2])
  })

  it('of a hold that no lock made leaves the locks of before alone', async () => {
    const db = openMemoryDb()
    await start(db)
    const context = contextOf(db, NOW + 1)
    expect(await liftHold(context, ID, { reason: REASON, lockId: null })).toBe('lifted')
    const lifted = (await told(db)).filter(({ type }) => type === 'hold.lifted')
    expect(lifted).toHaveLength(1)
    expect(lifted[0]).toMatchObject({ data: { hold_id: 'hld_1', lock_id: null } })
  })
})
