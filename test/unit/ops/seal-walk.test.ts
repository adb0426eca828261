// A rotation of DATA_SECRETS as the minute's walk sees it: everything sealed comes under the new key, nothing opens to
// something else meanwhile, and what is left of the old key is counted until nothing is.

import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findAccountsByPhone } from '../../../src/account/account-phone.ts'
import {
  findAccount,
  openField,
  type SealedField,
  saveAccountStatement,
  sealField,
} from '../../../src/account/accounts.ts'
import { findBinding, startBindingStatement } from '../../../src/account/bindings.ts'
import { findAccountsByFormerPhone } from '../../../src/account/former-phone.ts'
import { openPhone } from '../../../src/account/open-phone.ts'
import { makePhoneTag, phoneTags } from '../../../src/account/phone-tag.ts'
import { messagePurpose } from '../../../src/dead-letter/message-body.ts'
import { toBase64Url } from '../../../src/lib/base64.ts'
import type { Db } from '../../../src/lib/db.ts'
import { keyName } from '../../../src/lib/derived-key.ts'
import { open, type SealKeys, seal, sealedWith } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { loginMarks } from '../../../src/login/marks.ts'
import {
  KEY_REST_MS,
  SEALS_WARNED,
  sealedPerKey,
  sealedPerKeyOfAll,
} from '../../../src/ops/key-report.ts'
import { HANDOVER_MS } from '../../../src/ops/seal-pass.ts'
import { isSealWalkDue, walkSealedPage } from '../../../src/ops/seal-walk.ts'
import {
  canAddSubscriptionSql,
  deviceIds,
  listSubscriptions,
  newSubscription,
  openSubscription,
} from '../../../src/push/subscriptions.ts'
import {
  accounts,
  deadLetters,
  knownMarks,
  logins,
  pushSubscriptions,
  sealingKeys,
} from '../../../src/schema.ts'
import { hashAsBefore, sealAsBefore } from '../../support/former-keys.ts'
import { randomBytes } from '../../support/ports.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'

afterEach(() => vi.restoreAllMocks())

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)
const PHONE = '+12025550123'
const FORMER = '+12025550124'
const SECRETS = { phone: PHONE, phrase: 'blue heron', totp: 'JBSWY3DPEHPK3PXP' } as const
const FIELDS = ['phone', 'phrase', 'totp'] as const satisfies readonly SealedField[]
const subscription = (nth: number) => ({
  endpoint: `https://push.example/${nth}`,
  keys: { p256dh: toBase64Url(new Uint8Array(65)), auth: toBase64Url(new Uint8Array(16)) },
})

/** The walk as of `clock`, with these keys, until it has nothing more to do. */
async function walk(db: Db, dataKeys: SealKeys, clock: { now: number }): Promise<number> {
  const context = { db, randomBytes, now: () => clock.now, config: { dataKeys } }
  let pages = 0
  while (await isSealWalkDue(context)) {
    await walkSealedPage(context)
    pages += 1
    if (pages > 100) throw new Error('a walk without an end')
  }
  return pages
}

async function fieldsOf(keys: SealKeys, accountId: string) {
  const seal = (field: SealedField, text: string) =>
    sealField(randomBytes, keys, accountId, field, text)
  return {
    phoneSealed: await seal('phone', SECRETS.phone),
    phoneTag: await makePhoneTag(keys, SECRETS.phone),
    phraseSealed: await seal('phrase', SECRETS.phrase),
    totpSealed: await seal('totp', SECRETS.totp),
  }
}

/** Two accounts with all that can be sealed, by the old key. */
async function filled(keys: SealKeys = [OLD]): Promise<Db> {
  const db = openMemoryDb()
  for (const accountId of ['1001', '1002']) {
    const former = await sealField(randomBytes, keys, accountId, 'phone', FORMER)
    const before = { phoneSealed: former, phoneTag: await makePhoneTag(keys, FORMER) }
    await saveAccountStatement(db, accountId, before, NOW - 1)
    const change = await fieldsOf(keys, accountId)
    await saveAccountStatement(db, accountId, change, NOW, { phone: 'other_told' })
    const bindingId = `prf_${accountId}`
    const { phoneSealed, phoneTag } = change
    await startBindingStatement(db, { accountId, bindingId, phoneSealed, phoneTag }, NOW)
    for (const nth of [1, 2]) {
      const device = { accountId, name: 'a phone', subscription: subscription(nth) }
      const stored = await newSubscription({ randomBytes }, keys, device)
      await db.insert(pushSubscriptions).values({ ...stored, ...inSlot(accountId), createdAt: NOW })
    }
    await db
      .insert(logins)
      .values({ ...aLogin({ alertId: `alr_${accountId}` }), ...inSlot(accountId), alertCount: 7 })
  }
  await db.insert(deadLetters).values({
    ...{ messageId: 'm1', queue: 'alerts-dead', kind: 'unknown', reason: 'malformed', diedAt: NOW },
    messageSealed: await seal(randomBytes, keys, messagePurpose('m1'), '{"kind":"x"}'),
  })
  return db
}

/** All that opens with these keys is what it was. */
async function expectWhole(db: Db, keys: SealKeys): Promise<void> {
  for (const accountId of ['1001', '1002']) {
    const account = await findAccount(db, accountId)
    if (!account) throw new Error('no account')
    const sealed = {
      phone: account.phoneSealed,
      phrase: account.phraseSealed,
      totp: account.totpSealed,
    }
    for (const field of FIELDS) {
      expect(await openField(keys, accountId, field, sealed[field])).toBe(SECRETS[field])
    }
    const [former] = account.formerPhones ?? []
    expect(await openField(keys, accountId, 'phone', former?.sealed ?? null)).toBe(FORMER)
    const devices = await listSubscriptions(db, accountId)
    const opened = await Promise.all(devices.map((device) => openSubscription(keys, device)))
    expect(opened).toEqual(expect.arrayContaining([subscription(1), subscription(2)]))
    // A code that was asked for before still proves this number.
    const binding = await findBinding(db, accountId, NOW, 'prf')
    expect(binding?.phoneSealed).toBe(account.phoneSealed)
  }
  const found = async (e164: string) => phoneTags(keys, e164)
  expect(await findAccountsByPhone(db, await found(PHONE))).toHaveLength(2)
  expect(await findAccountsByFormerPhone(db, await found(FORMER), NOW)).toHaveLength(2)
  const [letter] = await db.select().from(deadLetters)
  expect(await open(keys, messagePurpose('m1'), letter?.messageSealed ?? '')).toBe('{"kind":"x"}')
}

const ALL = { phone: 6, phrase: 2, totp: 2, 'push-subscription': 4, 'dead-letter': 1 }

describe('a rotation', () => {
  it('puts everything under the new key, at any step of which all opens', async () => {
    const db = await filled()
    const clock = { now: NOW }
    await walk(db, [OLD], clock)
    const [old, current] = [await keyName(OLD), await keyName(NEW)]
    expect((await sealedPerKey(db, [OLD], NOW)).keys).toMatchObject([{ name: old, held: ALL }])

    const both: SealKeys = [NEW, OLD]
    await expectWhole(db, both)
    clock.now += HOUR_MS
    await walk(db, both, clock)
    await expectWhole(db, both)
    await expectWhole(db, [NEW])
    expect((await sealedPerKey(db, both, clock.now)).keys).toMatchObject([
      { name: current, place: 1, state: 'current', held: ALL },
      { name: old, place: 2, held: {} },
    ])
  })

  it('lets go of the old key once a pass of nobody else has found nothing, and a week has passed', async () => {
    const db = await filled()
    const clock = { now: NOW }
    const both: SealKeys = [NEW, OLD]
    await walk(db, [OLD], clock)
    const stateOfOld = async () => (await sealedPerKey(db, both, clock.now)).keys[1]?.state
    expect(await stateOfOld()).toBe('busy')
    clock.now += MINUTE_MS
    await walk(db, both, clock)
    // Somebody with the former list was still sealing: that pass proves nothing.
    expect(await stateOfOld()).toBe('busy')
    clock.now += HANDOVER_MS + HOUR_MS
    await walk(db, both, clock)
    expect(await stateOfOld()).toBe('resting')
    clock.now += KEY_REST_MS
    expect(await stateOfOld()).toBe('free')
    await walk(db, [NEW], clock)
    expect((await sealedPerKey(db, [NEW], clock.now)).keys).toHaveLength(1)
    await expectWhole(db, [NEW])
  })

  it('keeps the old key for what a slot has brought along after the pass began', async () => {
    const db = await filled()
    const clock = { now: NOW }
    const both: SealKeys = [NEW, OLD]
    await walk(db, [OLD], clock)
    clock.now += MINUTE_MS
    await walk(db, both, clock)
    clock.now += HANDOVER_MS + HOUR_MS
    await walk(db, both, clock)
    clock.now += KEY_REST_MS
    const old = async () => (await sealedPerKey(db, both, clock.now, 'DB_1')).keys[1]
    expect(await old()).toMatchObject({ state: 'free', keptIn: [] })
    const say = (state: string, movedTo: string | null) =>
      db.run(sql`INSERT OR REPLACE INTO slots VALUES (17, ${state}, ${movedTo}, ${clock.now})`)
    await say('frozen', 'DB_1')
    expect(await old()).toMatchObject({ state: 'busy', keptIn: ['DB_1'] })
    await say('here', null)
    expect(await old()).toMatchObject({ state: 'busy', keptIn: ['DB_1'] })
    clock.now += 1
    await walk(db, both, clock)
    expect(await old()).toMatchObject({ state: 'free', keptIn: [] })
  })

  it('changes nothing while a slot is on its way, and goes on after it', async () => {
    const db = await filled()
    await walk(db, [OLD], { now: NOW })
    const context = {
      ...{ db, randomBytes, now: () => NOW + HOUR_MS },
      config: { dataKeys: [NEW, OLD] as const },
    }
    const before = await db.select().from(accounts)
    // The page has been read by then, and is to be written.
    const late = Object.assign(Object.create(db), {
      batch: async (statements: Parameters<Db['batch']>[0]) => {
        if (statements.length > 5) {
          await db.run(sql`INSERT OR REPLACE INTO slots VALUES (17, 'frozen', 'DB_1', 1)`)
        }
        return db.batch(statements)
      },
    })
    expect(await walkSealedPage({ ...context, db: late })).toBe(null)
    expect(await db.select().from(accounts)).toEqual(before)
    await db.run(sql`UPDATE slots SET state = 'moved'`)
    await walk(db, [NEW, OLD], { now: NOW + HOUR_MS })
    await expectWhole(db, [NEW])
  })

  it('of several databases is over only when it is in each', async () => {
    const [one, other] = [await filled(), await filled()]
    const clock = { now: NOW }
    const both: SealKeys = [NEW, OLD]
    const report = () =>
      sealedPerKeyOfAll(
        [
          { name: 'DB', db: one },
          { name: 'DB_1', db: other },
        ],
        both,
        clock.now,
      )
    for (const db of [one, other]) await walk(db, [OLD], clock)
    clock.now += HOUR_MS
    await walk(one, both, clock)
    clock.now += HOUR_MS
    await walk(one, both, clock)
    clock.now += KEY_REST_MS
    expect((await sealedPerKey(one, both, clock.now)).keys[1]?.state).toBe('free')
    // The other one was not gone through yet.
    expect((await report()).keys[1]).toMatchObject({ state: 'busy', held: ALL })
    await walk(other, both, clock)
    clock.now += HOUR_MS
    await walk(other, both, clock)
    expect((await report()).keys[1]).toMatchObject({ state: 'resting', held: {} })
    clock.now += KEY_REST_MS
    expect(await report()).toMatchObject({
      keys: [
        { place: 1, state: 'current' },
        { place: 2, state: 'free' },
      ],
      pass: { outstanding: 0, finishedAt: expect.any(Number) },
    })
    // With another list the last one of a database that has not begun yet is none of it.
    await walk(one, [NEW], clock)
    const names = [
      { name: 'DB', db: one },
      { name: 'DB_1', db: other },
    ]
    const { pass } = await sealedPerKeyOfAll(names, [NEW], clock.now)
    expect(pass?.finishedAt).toBeNull()
  })

  it('of several databases is not over in one that nobody has gone through', async () => {
    const [one, other] = [await filled(), openMemoryDb()]
    await walk(one, [NEW], { now: NOW })
    const { keys, pass } = await sealedPerKeyOfAll(
      [
        { name: 'DB', db: one },
        { name: 'DB_1', db: other },
      ],
      [NEW],
      NOW,
    )
    expect([keys[0]?.countedAt, pass?.finishedAt]).toEqual([null, null])
  })

  it('is taken back in the same way', async () => {
    const db = await filled()
    const clock = { now: NOW }
    await walk(db, [OLD], clock)
    clock.now += HOUR_MS
    await walk(db, [NEW, OLD], clock)
    clock.now += HOUR_MS
    await expectWhole(db, [OLD, NEW])
    await walk(db, [OLD, NEW], clock)
    await expectWhole(db, [OLD])
    const [old, newer] = (await sealedPerKey(db, [OLD, NEW], clock.now)).keys
    expect([old?.held, newer?.held]).toEqual([ALL, {}])
    expect(old).toMatchObject({ state: 'current', currentUntil: null })
    expect(newer?.currentUntil).toBe(clock.now)
  })

  it('takes over what versions before names of keys have sealed', async () => {
    const db = openMemoryDb()
    const sealed = await sealAsBefore(OLD, 'accounts/1001/phone', PHONE)
    const phoneTag = await hashAsBefore(OLD, `phone-tag ${PHONE}`, 16)
    await saveAccountStatement(db, '1001', { phoneSealed: sealed, phoneTag }, NOW)
    expect(await findAccountsByPhone(db, await phoneTags([NEW, OLD], PHONE))).toHaveLength(1)
    await walk(db, [NEW, OLD], { now: NOW })
    const account = await findAccount(db, '1001')
    expect((await openPhone([NEW], account))?.e164).toBe(PHONE)
    expect(account?.phoneTag).toBe(await makePhoneTag([NEW], PHONE))
    expect(account?.updatedAt).toBe(NOW)
  })

  it('says what is missing where a key was dropped too early, and heals when it is back', async () => {
    const db = await filled()
    const clock = { now: NOW }
    await walk(db, [OLD], clock)
    clock.now += HOUR_MS
    await walk(db, [NEW], clock)
    const old = (await sealedPerKey(db, [NEW], clock.now)).keys[1]
    expect(old).toMatchObject({
      name: await keyName(OLD),
      place: null,
      state: 'missing',
      held: ALL,
    })
    await expectWhole(db, [OLD])
    clock.now += HOUR_MS
    await walk(db, [NEW, OLD], clock)
    await expectWhole(db, [NEW])
  })

  it('leaves a value that was changed while the page was read', async () => {
    const db = await filled()
    const theirs = await sealField(randomBytes, [NEW], '1001', 'phone', FORMER)
    const context = {
      db,
      now: () => NOW,
      config: { dataKeys: [NEW, OLD] as const },
      randomBytes: (length: number) => {
        void db
          .update(accounts)
          .set({ phoneSealed: theirs })
          .where(eq(accounts.accountId, '1001'))
          .run()
        return randomBytes(length)
      },
    }
    await walkSealedPage(context)
    expect((await findAccount(db, '1001'))?.phoneSealed).toBe(theirs)
    expect(sealedWith((await findAccount(db, '1002'))?.phoneSealed ?? '')).toBe(await keyName(NEW))
  })

  it('keeps one row for a device that was registered anew before the walk came', async () => {
    const db = await filled()
    const device = { accountId: '1001', name: 'the same', subscription: subscription(1) }
    const anew = await newSubscription({ randomBytes }, [NEW, OLD], device)
    await db.insert(pushSubscriptions).values({ ...anew, ...inSlot('1001'), createdAt: NOW })
    await walk(db, [NEW, OLD], { now: NOW })
    const devices = await listSubscriptions(db, '1001')
    expect(devices.map(({ name }) => name).sort()).toEqual(['a phone', 'the same'])
    expect(devices.map(({ subscriptionId }) => subscriptionId)).toContain(
      (await deviceIds([NEW], subscription(1)))[0],
    )
    const [room] = await db.all<{ free: number }>(
      sql`SELECT ${canAddSubscriptionSql({ accountId: '1001', subscriptionId: 'x' })} AS free`,
    )
    expect(room?.free).toBe(1)
  })
})

describe('marks', () => {
  const facts = {
    accountId: '1001',
    browser: 'Safari',
    os: 'iOS',
    deviceName: null,
    ip: '203.0.113.7',
    operator: null,
  }

  it('are counted per key, and keep no key from being dropped', async () => {
    const db = openMemoryDb()
    const { deviceMark, networkMark } = await loginMarks([OLD], facts)
    const former = await hashAsBefore(OLD, 'login-mark device x', 6)
    const marks = {
      [`d:${deviceMark}`]: 1,
      [`n:${networkMark}`]: 1,
      'c:DE': 1,
      [`d:${former}`]: 1,
      'd:alr_00000000000000000000000000': 1,
    }
    await db.insert(knownMarks).values({ ...inSlot('1001'), marks })
    const clock = { now: NOW }
    await walk(db, [OLD], clock)
    for (let hour = 0; hour < 2; hour += 1) {
      clock.now += HOUR_MS
      await walk(db, [NEW, OLD], clock)
    }
    const { keys, pass } = await sealedPerKey(db, [NEW, OLD], clock.now + KEY_REST_MS)
    expect(keys.map(({ held }) => held)).toEqual([{}, { 'login-mark': 2 }, { 'login-mark': 1 }])
    expect(pass).toMatchObject({ outstanding: 0, unrecognised: 0 })
    expect(keys[1]?.state).toBe('free')
  })

  it('of dropped keys alone are an account that nothing is known of', async () => {
    const db = openMemoryDb()
    const { deviceMark, networkMark } = await loginMarks([OLD], facts)
    const lost = { [`d:${deviceMark}`]: 1, [`n:${networkMark}`]: 1, 'c:DE': 1 }
    const { deviceMark: present } = await loginMarks([NEW], facts)
    await db.insert(knownMarks).values([
      { ...inSlot('lost'), marks: lost },
      { ...inSlot('known'), marks: { ...lost, [`d:${present}`]: 1 } },
      { ...inSlot('abroad'), marks: { 'c:DE': 1 } },
    ])
    await walk(db, [NEW, OLD], { now: NOW })
    expect((await sealedPerKey(db, [NEW, OLD], NOW)).pass?.unrecognised).toBe(0)
    await walk(db, [NEW], { now: NOW + HOUR_MS })
    expect((await sealedPerKey(db, [NEW], NOW)).pass?.unrecognised).toBe(1)
  })
})

describe('the walk', () => {
  it('rests when all is done: an hour while an older key is there, else a week', async () => {
    const db = await filled()
    const context = (dataKeys: SealKeys, now: number) => ({
      ...{ db, randomBytes, now: () => now, config: { dataKeys } },
    })
    await walk(db, [NEW, OLD], { now: NOW })
    expect(await isSealWalkDue(context([NEW, OLD], NOW + HOUR_MS - 1))).toBe(false)
    expect(await isSealWalkDue(context([NEW, OLD], NOW + HOUR_MS))).toBe(true)
    await walk(db, [NEW], { now: NOW })
    expect(await isSealWalkDue(context([NEW], NOW + 7 * DAY_MS - 1))).toBe(false)
    expect(await isSealWalkDue(context([NEW], NOW + 7 * DAY_MS))).toBe(true)
  })

  it('leaves a pass to the version that has begun it, and takes it over when that has stopped', async () => {
    const db = await filled()
    for (let nth = 0; nth < 250; nth += 1) {
      await saveAccountStatement(db, `many_${nth}`, {}, NOW)
    }
    const context = (dataKeys: SealKeys, now: number) => ({
      ...{ db, randomBytes, now: () => now, config: { dataKeys } },
    })
    await walkSealedPage(context([OLD], NOW))
    expect(await walkSealedPage(context([NEW, OLD], NOW + MINUTE_MS))).toBe(null)
    expect(await isSealWalkDue(context([OLD], NOW + MINUTE_MS))).toBe(true)
    expect(await isSealWalkDue(context([NEW, OLD], NOW + HANDOVER_MS))).toBe(true)
  })

  it('goes through many accounts page by page, none left out, with a bound for each', async () => {
    let statements = 0
    const db = openMemoryDb(() => {
      statements += 1
    })
    const many = 1_000
    const sealed = await fieldsOf([OLD], 'x')
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})
      INSERT INTO accounts (slot, account_id, phone_sealed, phone_tag, created_at, updated_at)
      SELECT slot_of('a' || i), 'a' || i, ${sealed.phoneSealed}, ${sealed.phoneTag}, 0, 0 FROM n`)
    for (let nth = 1; nth <= many; nth += 1) {
      const accountId = `a${nth}`
      const phoneSealed = await sealField(randomBytes, [OLD], accountId, 'phone', PHONE)
      await db.update(accounts).set({ phoneSealed }).where(eq(accounts.accountId, accountId))
      // As many devices as an account may have: some pages end before their accounts do.
      for (let device = 0; nth % 20 === 0 && device < 10; device += 1) {
        const key = { accountId, name: 'x', subscription: subscription(nth * 10 + device) }
        const row = await newSubscription({ randomBytes }, [OLD], key)
        await db.insert(pushSubscriptions).values({ ...row, ...inSlot(accountId), createdAt: 0 })
      }
    }
    const context = { db, randomBytes, now: () => NOW, config: { dataKeys: [NEW, OLD] as const } }
    const pages = []
    while (await isSealWalkDue(context)) {
      statements = 0
      pages.push({ size: await walkSealedPage(context), statements })
    }
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.reduce((total, { size }) => total + (size ?? 0), 0)).toBe(many)
    expect(Math.max(...pages.map((page) => page.statements))).toBeLessThan(800)
    const { keys } = await sealedPerKey(db, [NEW, OLD], NOW)
    expect(keys.map(({ held }) => held)).toEqual([{ phone: many, 'push-subscription': 500 }, {}])
    const left = await db.all(
      sql`SELECT 1 FROM accounts WHERE phone_sealed NOT LIKE ${`${await keyName(NEW)}.%`}`,
    )
    expect(left).toEqual([])
  })

  it('adds up what a key has sealed, and warns long before it is too much', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const db = await filled()
    const clock = { now: NOW }
    await walk(db, [NEW, OLD], clock)
    // Both accounts have had seven alerts; two accounts, codes, devices and one letter were sealed anew.
    const sealsOf = async () => (await sealedPerKey(db, [NEW], clock.now)).keys[0]?.seals
    const first = (await sealsOf()) ?? 0
    expect(first).toBeGreaterThanOrEqual(28)
    await db.update(logins).set({ alertCount: 10 })
    clock.now += 7 * DAY_MS
    await walk(db, [NEW], clock)
    expect(await sealsOf()).toBe(first + 12)
    expect(errors).not.toHaveBeenCalled()
    await db.update(sealingKeys).set({ seals: SEALS_WARNED })
    clock.now += 7 * DAY_MS
    await walk(db, [NEW], clock)
    expect(errors.mock.calls.flat().join()).toContain(
      `"event":"keys.worn","key":"${await keyName(NEW)}"`,
    )
  })
})
