// A code typed or replied finds the alert among all accounts of its number.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePhoneTag, phoneTags } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import {
  deriveReplyCodes,
  deriveTypedCodes,
  readReplyCode,
  readTypedCode,
} from '../../../src/lock/code.ts'
import { lockByCode, lockByKeptCode, pageTry, replyTry } from '../../../src/lock/code-lock.ts'
import { lockClaims } from '../../../src/lock/link.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { accounts, attemptLimits, logins } from '../../../src/schema.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

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
  const config = { linkKeys: KEYS, dataKeys: KEYS, lockActions: ALWAYS_ASKED }
  return Object.assign(Object.create(null), { ...storesOf(db), now: () => NOW, callbacks, config })
}

async function stage(count: number, onStatement: (text: string) => void = () => {}) {
  const db = openMemoryDb(onStatement)
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
  const [code = ''] = await deriveReplyCodes(KEYS, lockClaims(accountId, 42, NOW))
  const context = contextOf(db)
  return lockByCode(context, await replyTry(context, await phoneTags(KEYS, PHONE), code))
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

describe('a reply that the queue brings again', () => {
  it('is one try, and locks after a hundred deliveries in vain', async () => {
    const db = await stage(1)
    const context = contextOf(db)
    const tags = await phoneTags(KEYS, PHONE)
    const [right = ''] = await deriveReplyCodes(KEYS, lockClaims('a000', 42, NOW))
    const kept = await replyTry(context, tags, right)
    const away: Context = Object.assign(Object.create(context), {
      dbOf: () => {
        throw new Error('away')
      },
    })
    for (let delivery = 0; delivery < 100; delivery += 1) {
      await expect(lockByCode(away, kept)).rejects.toThrow('away')
    }
    expect(await lockByCode(context, kept)).toMatchObject({ kind: 'locked' })
  })

  it('that was one too many stays so', async () => {
    const db = await stage(1)
    const context = contextOf(db)
    const tags = await phoneTags(KEYS, PHONE)
    const wrong = await replyTry(context, tags, '2222')
    const kinds: string[] = []
    for (let turn = 0; turn < 62; turn += 1) {
      const attempt = { ...wrong, triedAt: NOW + turn }
      kinds.push((await lockByCode(context, attempt)).kind)
    }
    expect(kinds).toEqual([...Array(60).fill('refused'), 'limited', 'limited'])
    const over = { ...wrong, triedAt: NOW + 61 }
    expect(await lockByCode(context, over)).toMatchObject({ kind: 'limited' })
    expect(await lockByCode(context, wrong)).toMatchObject({ kind: 'refused' })
  })
})

describe('a code typed into the page', () => {
  const OWNER_IP = '203.0.113.5'

  async function type(db: Db, typed: { phone?: string; code: string; ip: string }) {
    const context = contextOf(db)
    return lockByCode(context, await pageTry(context, { phone: PHONE, ...typed }))
  }

  async function rightCode() {
    const [code] = await deriveTypedCodes(KEYS, lockClaims('a000', 42, NOW))
    return code
  }

  it('B2 locks whatever strangers have tried elsewhere', async () => {
    const db = await stage(1)
    for (let stranger = 0; stranger < 300; stranger += 1) {
      await type(db, { code: '2222222A', ip: `198.51.${stranger % 100}.7` })
    }
    const code = await rightCode()
    expect(await type(db, { code, ip: OWNER_IP })).toMatchObject({ kind: 'locked' })
  })

  it('B2 is refused from an address that has tried five for the number, or sixty for all', async () => {
    const db = await stage(1)
    const code = await rightCode()
    const kinds: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      kinds.push((await type(db, { code: '2222222A', ip: OWNER_IP })).kind)
    }
    expect(kinds).toEqual([...Array(5).fill('refused'), 'limited'])
    expect(await type(db, { code, ip: OWNER_IP })).toMatchObject({ kind: 'limited' })
    const other = '203.0.113.6'
    for (let turn = 0; turn < 60; turn += 1) {
      const phone = `+120255502${String(turn).padStart(2, '0')}`
      expect(await type(db, { phone, code, ip: other })).toMatchObject({ kind: 'refused' })
    }
    const rows = (await db.select().from(attemptLimits)).length
    expect(await type(db, { phone: '+12025550188', code, ip: other })).toMatchObject({
      kind: 'limited',
      retryAfterMs: 3_600_000,
    })
    expect((await db.select().from(attemptLimits)).length).toBe(rows)
  })

  it('that the queue has kept locks, however often the place has tried since', async () => {
    const db = await stage(1)
    const context = contextOf(db)
    const typed = { phone: PHONE, code: (await rightCode()) ?? '', ip: OWNER_IP }
    const kept = await pageTry(context, typed)
    const wrong = await pageTry(context, { ...typed, code: '2222222A' })
    for (let turn = 0; turn < 6; turn += 1) await lockByCode(context, wrong)
    expect(await lockByCode(context, kept)).toMatchObject({ kind: 'limited' })
    expect(await lockByKeptCode(context, wrong)).toEqual({ kind: 'refused' })
    expect(await lockByKeptCode(context, kept)).toMatchObject({ kind: 'locked' })
  })

  it('B2 counts a whole /64 as one place, and four times as much for a /48', async () => {
    const db = await stage(1)
    const kinds = new Map<string, number>()
    for (let turn = 0; turn < 250; turn += 1) {
      const net = Math.floor(turn / 50)
      const phone = `+120255${String(10_000 + turn)}`
      const { kind } = await type(db, { phone, code: '2222222A', ip: `2001:db8:1:${net}::${turn}` })
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    expect(kinds).toEqual(
      new Map([
        ['refused', 240],
        ['limited', 10],
      ]),
    )
  })

  it('B2 is not the four signs of a reply', async () => {
    const [short] = await deriveReplyCodes(KEYS, lockClaims('a000', 42, NOW))
    expect(readTypedCode(short)).toBeNull()
    expect(readTypedCode('lock ٧k3q-m2wx')).toBe('7K3QM2WX')
    // As it stands in the SMS.
    expect(readTypedCode('Code 7K3Q M2WX')).toBe('7K3QM2WX')
    expect(readTypedCode('Kilit kodu 7K3Q M2WX')).toBe('7K3QM2WX')
    expect(readTypedCode('Code 7K3Q M2W')).toBeNull()
    expect(readReplyCode(await rightCode())).toBeNull()
  })

  it('C9 costs the same whether the number is known, in calls, rows and signatures', async () => {
    const cost = async (phone: string) => {
      const statements: string[] = []
      const db = await stage(3, (text) => statements.push(text))
      const sign = vi.spyOn(crypto.subtle, 'sign')
      statements.length = 0
      const verdict = await type(db, { phone, code: '2222222A', ip: OWNER_IP })
      const signatures = sign.mock.calls.length
      sign.mockRestore()
      const rows = (await db.select().from(attemptLimits)).length
      return { verdict, rows, signatures, statements: statements.slice(0, -1) }
    }
    await cost(PHONE)
    const known = await cost(PHONE)
    expect(await cost('+12025550188')).toEqual(known)
    expect(known).toMatchObject({ verdict: { kind: 'refused' }, rows: 1 })
  })
})
