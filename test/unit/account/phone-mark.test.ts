// What is known of a number and who may change it: marks run out and heal, a STOP reaches every account of the number and
// outlives an import, a number that is back is no former one.

import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  healPhoneStatement,
  markPhoneStatement,
  optOutStatement,
  phoneStateAt,
} from '../../../src/account/account-phone.ts'
import {
  findAccount,
  type SaveTerms,
  saveAccountStatement,
  sealField,
} from '../../../src/account/accounts.ts'
import {
  bindPhoneStatement,
  removePhoneStatement,
  startBindingStatement,
} from '../../../src/account/bindings.ts'
import { openFormerPhones } from '../../../src/account/open-phone.ts'
import { makePhoneTag, phoneTags } from '../../../src/account/phone-tag.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { DAY_MS } from '../../../src/lib/time.ts'
import { phoneBindings } from '../../../src/schema.ts'
import { randomBytes } from '../../support/ports.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const [PHONE, OTHER] = ['+12025550123', '+12025550124']

async function put(db: Db, accountId: string, phone: string, terms: SaveTerms = {}) {
  const phoneSealed = await sealField(randomBytes, KEYS, accountId, 'phone', phone)
  const change = { phoneSealed, phoneTag: await makePhoneTag(KEYS, phone) }
  await saveAccountStatement(db, accountId, change, NOW, terms)
}

async function stateOf(db: Db, accountId: string, now = NOW) {
  const account = await findAccount(db, accountId)
  return account && phoneStateAt(account, now)
}

async function mark(db: Db, accountId: string, state: 'invalid' | 'opted_out') {
  const verdict = {
    accountId,
    state,
    code: '21614',
    calledAt: NOW,
    isFamiliar: true,
    profile: NO_PROFILE,
  }
  await markPhoneStatement(db, verdict, sql`true`, NOW)
}

describe('A4 a mark', () => {
  it.each(['invalid', 'opted_out'] as const)('of %s runs out after a day', async (state) => {
    const db = openMemoryDb()
    await put(db, 'a', PHONE)
    await mark(db, 'a', state)
    expect(await stateOf(db, 'a', NOW + DAY_MS - 1)).toBe(state)
    expect(await stateOf(db, 'a', NOW + DAY_MS)).toBe('ok')
  })

  it('heals on a delivery; a STOP does not', async () => {
    const db = openMemoryDb()
    await put(db, 'a', PHONE)
    await mark(db, 'a', 'invalid')
    await healPhoneStatement(db, { accountId: 'a', startedAt: NOW }, NOW + 1).run()
    expect(await findAccount(db, 'a')).toMatchObject({
      phoneState: 'ok',
      phoneStateCode: null,
      phoneStateUntil: null,
    })
    await optOutStatement(db, await phoneTags(KEYS, PHONE), true, NOW)
    await healPhoneStatement(db, { accountId: 'a', startedAt: NOW }, NOW + 1).run()
    expect(await stateOf(db, 'a', NOW + 365 * DAY_MS)).toBe('opted_out')
  })
})

describe('A4 a delivery', () => {
  const HOUR = 3_600_000

  async function healed(startedAt: number | undefined) {
    const db = openMemoryDb()
    await put(db, 'a', PHONE)
    await saveAccountStatement(db, 'a', { phoneTag: await makePhoneTag(KEYS, OTHER) }, NOW + HOUR)
    const calledAt = NOW + HOUR + 5_000
    const verdict = {
      accountId: 'a',
      state: 'invalid',
      code: '21614',
      calledAt,
      isFamiliar: true,
      profile: NO_PROFILE,
    } as const
    await markPhoneStatement(db, verdict, sql`true`, calledAt + 2_000)
    expect(await stateOf(db, 'a', calledAt + 3_000)).toBe('invalid')
    const proof = startedAt === undefined ? { accountId: 'a' } : { accountId: 'a', startedAt }
    await healPhoneStatement(db, proof, calledAt + 4_000).run()
    return (await stateOf(db, 'a', calledAt + 5_000)) === 'ok'
  }

  it('to the number before heals no mark of the present one', async () => {
    expect(await healed(NOW + HOUR - 1_000)).toBe(false)
    expect(await healed(undefined)).toBe(false)
  })

  it('to the present one heals its mark, also where it was called before that was made', async () => {
    expect(await healed(NOW + HOUR + 4_000)).toBe(true)
    // In whole seconds, of a call within the second of the change.
    expect(await healed(NOW + HOUR)).toBe(true)
  })
})

describe('A8 a STOP', () => {
  it('reaches every account of the number, and no other', async () => {
    const db = openMemoryDb()
    const ids = Array.from({ length: 250 }, (_, index) => `a${index}`)
    for (const id of ids) await put(db, id, PHONE)
    await put(db, 'other', OTHER)
    await optOutStatement(db, await phoneTags(KEYS, PHONE), true, NOW)
    const states = await Promise.all(ids.map((id) => stateOf(db, id)))
    expect(states.filter((state) => state === 'opted_out')).toHaveLength(250)
    expect(await stateOf(db, 'other')).toBe('ok')
  })
})

describe('A9 an import', () => {
  async function stopped() {
    const db = openMemoryDb()
    await put(db, 'a', PHONE)
    await optOutStatement(db, await phoneTags(KEYS, PHONE), true, NOW)
    return db
  }

  it('of another number starts clean, as does an explicit word; all else undoes no STOP', async () => {
    const db = await stopped()
    await put(db, 'a', OTHER)
    expect(await stateOf(db, 'a')).toBe('ok')
    const same = await stopped()
    await saveAccountStatement(same, 'a', { locale: 'de' }, NOW)
    expect(await stateOf(same, 'a')).toBe('opted_out')
    await saveAccountStatement(same, 'a', {}, NOW, { isOptedIn: true })
    expect(await stateOf(same, 'a')).toBe('ok')
  })
})

describe('A11 a number that is back', () => {
  async function bind(db: Db, phone: string) {
    const phoneSealed = await sealField(randomBytes, KEYS, 'a', 'phone', phone)
    const phoneTag = await makePhoneTag(KEYS, phone)
    const binding = { accountId: 'a', bindingId: 'bnd_1', phoneSealed, phoneTag }
    await startBindingStatement(db, binding, NOW)
    const [started] = await db.select().from(phoneBindings).where(eq(phoneBindings.accountId, 'a'))
    if (started) await bindPhoneStatement(db, started, [started.phoneTag], NOW)
    return findAccount(db, 'a')
  }

  async function removed() {
    const db = openMemoryDb()
    await put(db, 'a', PHONE)
    const { phoneSealed } = (await findAccount(db, 'a')) ?? {}
    await removePhoneStatement(db, { accountId: 'a', phoneSealed: phoneSealed ?? '' }, NOW)
    return { db }
  }

  it('is no former one any more', async () => {
    const { db } = await removed()
    expect(await bind(db, PHONE)).toMatchObject({ formerPhones: null })
  })

  it('leaves the one between as the former one', async () => {
    const { db } = await removed()
    const other = await bind(db, OTHER)
    expect(await openFormerPhones(KEYS, other, NOW)).toMatchObject([{ phone: { e164: PHONE } }])
    const back = await bind(db, PHONE)
    expect(await openFormerPhones(KEYS, back, NOW)).toMatchObject([{ phone: { e164: OTHER } }])
  })

  it('is told once, also where the exchange brought it back', async () => {
    const { db } = await removed()
    await put(db, 'a', PHONE, { phone: 'other_told' })
    expect(await findAccount(db, 'a')).toMatchObject({ formerPhones: null })
  })
})
