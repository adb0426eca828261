// Every way to lock takes one road: at once, or by the queue while D1 is away; and each way locks once.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import { answerInbound, answerLock } from '../../../src/inbound/answer.ts'
import { type CallbackJob, parseCallbackJob } from '../../../src/jobs.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { deriveReplyCodes } from '../../../src/lock/code.ts'
import { findHoldState, liftHold } from '../../../src/lock/hold-state.ts'
import { lockClaims } from '../../../src/lock/link.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { findShownLock } from '../../../src/lock/lock-state.ts'
import { lockByVisit } from '../../../src/portal/lock/lock-by-visit.ts'
import { findVisit, startVisit } from '../../../src/portal/visit/visits.ts'
import { accounts, callbacks, locks, logins, notices } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const PHONE = '+12025550123'
const ID = 'a000'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function stage() {
  const db = openMemoryDb()
  const phoneTag = await makePhoneTag(KEYS, PHONE)
  await db.insert(accounts).values({ ...inSlot(ID), phoneTag, createdAt: 0, updatedAt: 0 })
  await db.insert(logins).values({ ...aLogin({ accountId: ID, alertId: 'alr_1' }), ...inSlot(ID) })
  return db
}

function contextOf(db: Db | null, now = NOW) {
  const sent: CallbackJob[] = []
  const away = new Proxy(Object.create(null), {
    get() {
      throw new Error('D1_ERROR: away')
    },
  })
  const parts = {
    ...(db ? storesOf(db) : { db: away, dbOf: () => away, shards: away }),
    now: () => now,
    after: () => () => {},
    randomBytes: (length: number) => new Uint8Array(length),
    callbacks: { send: async (job: CallbackJob) => void sent.push(job) },
    alerts: { send: async () => {} },
    config: { dataKeys: KEYS, linkKeys: KEYS, lockActions: ALWAYS_ASKED },
  }
  const context: Context = Object.assign(Object.create(null), parts)
  return { context, sent }
}

const reply = (text: string, id: string) => ({
  provider: 'twilio' as const,
  message: { providerMessageId: id, from: PHONE, to: '72345', text, isAnswered: false },
})

describe('a LOCK by reply while D1 is away', () => {
  it('B6 waits in the queue without the number, locks from there, and is answered by SMS', async () => {
    const db = await stage()
    const [code] = await deriveReplyCodes(KEYS, lockClaims(ID, 42, NOW))
    const away = contextOf(null)
    await answerInbound(away.context, reply(`LOCK ${code}`, 'SM1'))
    const [job] = away.sent
    expect(JSON.stringify(job)).not.toContain(PHONE.slice(1))
    expect(parseCallbackJob(JSON.parse(JSON.stringify(job)))).toEqual(job)
    if (job?.kind !== 'lock_by_reply') throw new Error('no reply was kept')
    const { context } = contextOf(db, NOW + 60_000)
    expect(await answerLock(context, job)).toBe('locked')
    expect(await answerLock(context, job)).toBe('locked')
    expect(await db.select().from(locks)).toMatchObject([{ via: 'reply', lockedAt: NOW }])
    expect(await db.select().from(notices)).toMatchObject([{ kind: 'locked', provider: 'twilio' }])
  })

  it('B6 is brought again by the provider where the queue is away too', async () => {
    const { context } = contextOf(null)
    context.callbacks.send = async () => {
      throw new Error('queue away')
    }
    await expect(answerInbound(context, reply('LOCK 7K3Q', 'SM1'))).rejects.toThrow('neither')
  })
})

describe('the lock of the owner’s pages', () => {
  async function visiting() {
    const db = await stage()
    const entry = {
      accountId: ID,
      visitId: 'vis_1',
      hasOtp: false,
      mintedAt: NOW - 1_000,
      expiresAt: NOW + 1_000,
    }
    await startVisit(db, entry, { secretTag: 'tag', erasedScopes: ['none'] }, NOW - 500)
    return db
  }

  const press = (nth: number) => ({
    ...{ accountId: ID, visitId: 'vis_1', secretTag: 'tag', olderSecretTags: [] },
    lockId: `lck_${nth}`,
    lockedAt: NOW + nth,
  })

  it('B16 is one lock however often it is pressed', async () => {
    const db = await visiting()
    const { context } = contextOf(db)
    const lockIds = new Set<string>()
    for (let nth = 1; nth <= 200; nth += 1) {
      const locked = await lockByVisit(context, press(nth))
      if (locked.ok) lockIds.add(locked.value.lockId)
    }
    expect([...lockIds]).toEqual(['lck_1'])
    expect(await db.select().from(locks)).toHaveLength(1)
    expect(await db.select().from(callbacks)).toHaveLength(1)
  })

  it('B16 is another one after a lift, and after a login', async () => {
    const db = await visiting()
    const { context } = contextOf(db)
    await lockByVisit(context, press(1))
    await liftHold(contextOf(db, NOW + 10).context, ID, { reason: 'by phone', lockId: null })
    await lockByVisit(context, press(20))
    const later = { seq: 1_000, alertNumber: 43, sessionId: 's_2', receivedAt: NOW + 30 }
    const login = aLogin({ accountId: ID, alertId: 'alr_2', ...later })
    await db.insert(logins).values({ ...login, ...inSlot(ID) })
    await lockByVisit(context, press(40))
    expect((await db.select().from(locks)).map(({ lockId }) => lockId)).toEqual([
      'lck_1',
      'lck_20',
      'lck_40',
    ])
  })

  it('is of the visit that an older key has stored', async () => {
    const { context } = contextOf(await visiting())
    const pressed = { ...press(1), secretTag: 'newer', olderSecretTags: ['tag'] }
    expect(await lockByVisit(context, pressed)).toMatchObject({ ok: true })
  })

  it('B6 is refused from the queue where the cookie was forged or the visit over', async () => {
    const db = await visiting()
    const { context } = contextOf(db)
    expect(await lockByVisit(context, { ...press(1), secretTag: 'gat' })).toMatchObject({
      ok: false,
    })
    expect(await lockByVisit(context, { ...press(1), lockedAt: NOW + 86_400_000 })).toMatchObject({
      ok: false,
    })
    expect(await db.select().from(locks)).toEqual([])
    expect((await findVisit(db, press(1), ['tag'], NOW)).ok).toBe(true)
  })
})

describe('the lift of a hold', () => {
  const lock = (db: Db, lockId: string, lockedAt: number) =>
    lockAccount(contextOf(db).context, {
      ...{ accountId: ID, lockId, lockedAt },
      ...({ via: 'api', alertNumber: null } as const),
    })

  it('B15 of a lock that is not the newest lifts nothing', async () => {
    const db = await stage()
    const { context } = contextOf(db, NOW + 10)
    await lock(db, 'lck_1', NOW)
    await lock(db, 'lck_2', NOW + 5)
    const reason = 'by phone'
    expect(await liftHold(context, ID, { reason, lockId: 'lck_1' })).toBe('lock_changed')
    const { hold } = await findHoldState(db, ID, NOW + 10)
    expect(hold).toMatchObject({ lockId: 'lck_2' })
    expect(await liftHold(context, ID, { reason, lockId: hold?.lockId ?? null })).toBe('lifted')
    expect((await findHoldState(db, ID, NOW + 10)).hold).toBeNull()
    expect(await liftHold(context, ID, { reason, lockId: 'lck_1' })).toBe('not_held')
  })
})

describe('an opt-out', () => {
  it('B16 that the vendor brings again after START changes nothing', async () => {
    const db = await stage()
    const { context } = contextOf(db)
    const stateOf = async () => (await db.select().from(accounts))[0]?.phoneState
    await answerInbound(context, reply('STOP', 'SM1'))
    await answerInbound(context, reply('START', 'SM2'))
    await answerInbound(context, reply('STOP', 'SM1'))
    expect(await stateOf()).toBe('ok')
    await answerInbound(context, reply('STOP', 'SM3'))
    await answerInbound(context, reply('START', 'SM2'))
    expect(await stateOf()).toBe('opted_out')
  })

  it('that comes again after a rotation of keys changes nothing either', async () => {
    const db = await stage()
    const { context } = contextOf(db)
    await answerInbound(context, reply('STOP', 'SM1'))
    await answerInbound(context, reply('START', 'SM2'))
    const dataKeys: SealKeys = [new Uint8Array(32).fill(2), KEYS[0]]
    const rotated = { ...context, config: { ...context.config, dataKeys } }
    await answerInbound(rotated, reply('STOP', 'SM1'))
    expect((await db.select().from(accounts))[0]?.phoneState).toBe('ok')
  })
})

describe('the page of a link shows', () => {
  const byLink = { accountId: ID, lockId: 'lck_link', via: 'link', alertNumber: 1 } as const
  const byApi = { accountId: ID, lockId: 'lck_api', via: 'api', alertNumber: null } as const
  const shown = async (db: Db, now: number) =>
    (await findShownLock(db, ID, byLink.lockId, now))?.lock.lockId ?? null

  it('the lock that holds the account, though the link made none', async () => {
    const db = await stage()
    expect(await shown(db, NOW)).toBeNull()
    await lockAccount(contextOf(db).context, { ...byApi, lockedAt: NOW })
    expect(await shown(db, NOW + 1)).toBe('lck_api')
    // Its hold is over.
    expect(await shown(db, NOW + 25 * 3_600_000)).toBeNull()
  })

  it('its own lock before others, until that was lifted', async () => {
    const db = await stage()
    await lockAccount(contextOf(db).context, { ...byLink, lockedAt: NOW })
    await lockAccount(contextOf(db).context, { ...byApi, lockedAt: NOW + 1 })
    expect(await shown(db, NOW + 2)).toBe('lck_link')
    await liftHold(contextOf(db, NOW + 2).context, ID, { reason: 'a call', lockId: null })
    expect(await shown(db, NOW + 3)).toBe('lck_link')
    const again = { ...byApi, lockId: 'lck_later', lockedAt: NOW + 4 }
    await lockAccount(contextOf(db).context, again)
    expect(await shown(db, NOW + 5)).toBe('lck_later')
  })
})
