// What an account is known by: written when there is something new, kept small, forgotten after a lock, and taken over
// from where former deployments had it.

import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import type { LoginToInsert } from '../../../src/login/insert-login.ts'
import { FORMER_NETWORK_DAYS } from '../../../src/login/known-marks.ts'
import { accounts, knownMarks, locks, logins } from '../../../src/schema.ts'
import { aLogin } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const DAY_MS = 86_400_000
const TODAY = 20_000

function stage() {
  const db = openMemoryDb()
  let number = 0
  const login = (change: Partial<LoginToInsert> = {}) => {
    number += 1
    return storeLogin(db, {
      alertId: `alr_${number}`,
      accountId: '1001',
      sessionId: `s_${number}`,
      occurredAt: TODAY * DAY_MS + number,
      receivedAt: TODAY * DAY_MS + number,
      country: 'DE',
      city: null,
      hosting: null,
      reserved: null,
      ipTail: '1.1',
      browser: null,
      os: null,
      deviceName: null,
      locale: null,
      sessionExpiresAt: null,
      deviceMark: 'phone',
      networkMark: 'home',
      olderDeviceMarks: [],
      olderNetworkMarks: [],
      formerNetworkMarks: [],
      trace: null,
      claim: `claim_${number}`,
      sendUntil: null,
      alertsPerWindow: 99,
      alertsPerDay: 99,
      alertsLeast: 'off',
      coolingOffMs: 0,
      keyNames: [],
      erasedScopes: [],
      ...change,
    })
  }
  const marks = async () => (await db.select().from(knownMarks))[0]?.marks
  return { db, login, marks }
}

const HOME = { 'd:phone': TODAY, 'c:DE': TODAY, 'n:home': TODAY }

describe('the marks of an account', () => {
  it('make its second login from the same place a familiar one', async () => {
    const { login, marks } = stage()
    const first = await login()
    const second = await login()
    const elsewhere = await login({ networkMark: 'train' })
    const familiar = [first, second, elsewhere].map((stored) => stored?.login.isFamiliar)
    expect(familiar).toEqual([false, true, false])
    expect(await marks()).toEqual({ ...HOME, 'n:train': TODAY })
  })

  it('tell a new device in a known place, but not one that says nothing of itself', async () => {
    const { login } = stage()
    const all = [
      await login(),
      await login({ networkMark: 'train' }),
      await login({ deviceMark: 'laptop' }),
      await login({ deviceMark: 'laptop' }),
      await login({ deviceMark: null }),
    ]
    const isNew = all.map((stored) => stored?.login.isNewDevice)
    expect(isNew).toEqual([true, false, true, false, false])
  })

  it('are written only when one is new, or its day is', async () => {
    const { db, login, marks } = stage()
    await login()
    await db.update(knownMarks).set({ marks: { ...HOME, 'd:old': 7 } })
    await login()
    expect(Object.keys((await marks()) ?? {})).toEqual([...Object.keys(HOME), 'd:old'])
    await login({ receivedAt: (TODAY + 1) * DAY_MS })
    const next = TODAY + 1
    expect(await marks()).toEqual({ 'd:phone': next, 'c:DE': next, 'n:home': next, 'd:old': 7 })
  })

  it('are not those of a login that was stored by another', async () => {
    const { login, marks } = stage()
    await login({ alertId: 'alr_same' })
    const again = await login({ alertId: 'alr_same', deviceMark: 'other' })
    expect(again).toBe(null)
    expect(await marks()).toEqual(HOME)
  })

  it('are forty at most, and those of the newest login among them', async () => {
    const { db, login, marks } = stage()
    await login()
    const many = Array.from({ length: 60 }, (_, index) => [`d:${index}`, TODAY])
    await db.update(knownMarks).set({ marks: { ...HOME, ...Object.fromEntries(many) } })
    await login({ deviceMark: 'new' })
    const kept = (await marks()) ?? {}
    expect(Object.keys(kept)).toHaveLength(40)
    expect(kept).toMatchObject({ 'd:new': TODAY, 'c:DE': TODAY, 'n:home': TODAY })
  })

  it('are known under an older key, and written under the current one', async () => {
    const { db, login, marks } = stage()
    await login()
    await db.update(knownMarks).set({ marks: { ...HOME, 'd:tablet': TODAY, 'n:train': 7 } })
    const older = { olderDeviceMarks: ['phone', 'x'], olderNetworkMarks: ['home', 'y'] }
    const renamed = { deviceMark: 'newphone', networkMark: 'newhome', ...older }
    expect((await login(renamed))?.login.isFamiliar).toBe(true)
    const now = { 'd:newphone': TODAY, 'n:newhome': TODAY, 'c:DE': TODAY }
    // What does not log in is left to its own next login.
    expect(await marks()).toEqual({ ...now, 'd:tablet': TODAY, 'n:train': 7 })
    expect((await login(renamed))?.login.isFamiliar).toBe(true)
    const stranger = { ...renamed, deviceMark: 'other', olderDeviceMarks: ['gone'] }
    expect((await login(stranger))?.login.isFamiliar).toBe(false)
  })

  const CARRIER = { networkMark: 'of_carrier', formerNetworkMarks: ['train', 'older'] }

  it('of where a network lies are known under its operator, which is noted beside them', async () => {
    const { db, login, marks } = stage()
    await login()
    await db
      .update(knownMarks)
      .set({ marks: { ...HOME, 'n:train': 7 + TODAY - FORMER_NETWORK_DAYS } })
    expect((await login(CARRIER))?.login.isFamiliar).toBe(true)
    const train = { 'n:train': 7 + TODAY - FORMER_NETWORK_DAYS }
    expect(await marks()).toEqual({ ...HOME, ...train, 'n:of_carrier': TODAY })
    // Whoever else is there, and named by no table, is known as before.
    expect((await login({ networkMark: 'train' }))?.login.isFamiliar).toBe(true)
    expect(await marks()).toEqual({ ...HOME, 'n:train': TODAY, 'n:of_carrier': TODAY })
  })

  it.each([
    ['to the last day', FORMER_NETWORK_DAYS, true],
    ['not a day longer', FORMER_NETWORK_DAYS + 1, false],
  ])(
    'of where a network lies are known under its operator for a while: %s',
    async (_, days, isFamiliar) => {
      const { db, login } = stage()
      await login()
      await db.update(knownMarks).set({ marks: { ...HOME, 'n:train': TODAY - days } })
      expect((await login(CARRIER))?.login.isFamiliar).toBe(isFamiliar)
    },
  )

  it('of an operator are not known by where its network lies', async () => {
    const { db, login } = stage()
    await login()
    await db.update(knownMarks).set({ marks: { ...HOME, 'n:of_carrier': TODAY } })
    expect((await login({ networkMark: 'train' }))?.login.isFamiliar).toBe(false)
  })

  it.each([
    ['that holds', 'lck_1', null],
    ['that was lifted since', null, 1],
    ['that did not raise the hold', 'lck_before', null],
  ])(
    'are none after a lock %s: one of the devices was a thief’s',
    async (_, holdLockId, liftedAt) => {
      const { db, login, marks } = stage()
      const stored = await login()
      const lockedAt = (stored?.login.receivedAt ?? 0) + 1
      await db.insert(accounts).values({
        ...{ ...inSlot('1001'), holdLockId, createdAt: 0, updatedAt: 0 },
      })
      const lock = {
        ...inSlot('1001'),
        lockId: 'lck_1',
        via: 'link',
        lockedAt,
        holdUntil: 0,
        liftedAt,
      } as const
      await db.insert(locks).values(lock)
      const after = await login({ receivedAt: lockedAt + 1, networkMark: 'train' })
      expect(after?.login.isFamiliar).toBe(false)
      expect(await marks()).toEqual({ 'd:phone': TODAY, 'c:DE': TODAY, 'n:train': TODAY })
    },
  )

  it('are taken over from the last login of a former deployment', async () => {
    const { db, login, marks } = stage()
    const old = { 'd:phone': 19_000 * DAY_MS + 5, 'c:DE': 3 * DAY_MS, 'n:home': TODAY * DAY_MS }
    await db
      .insert(logins)
      .values(aLogin({ seq: 1, alertId: 'alr_old', receivedAt: 5, knownMarks: old }))
    const next = await login({ deviceMark: 'tablet' })
    expect(next?.login).toMatchObject({ seq: 2, isFamiliar: false, knownMarks: {} })
    expect(await marks()).toEqual({ ...HOME, 'd:phone': 19_000, 'd:tablet': TODAY })
    const [former] = await db.select().from(logins).where(eq(logins.seq, 1))
    expect(former?.knownMarks).toEqual(old)
    expect((await login({ deviceMark: 'tablet' }))?.login.isFamiliar).toBe(true)
  })
})

describe('a login to be sent at once', () => {
  it('is claimed by being stored', async () => {
    const { db, login } = stage()
    await db
      .insert(accounts)
      .values({ ...inSlot('1001'), phoneSealed: 'x', createdAt: 0, updatedAt: 0 })
    const stored = await login({ sendUntil: 77 })
    expect(stored?.login).toMatchObject({ state: 'sending', leaseUntil: 77, claim: 'claim_1' })
    expect(stored?.account).toMatchObject({ accountId: '1001', phoneSealed: 'x' })
    const queued = await login()
    expect(queued?.login).toMatchObject({ state: 'queued', leaseUntil: null, isOpen: true })
  })
})
