// A login that is not recognised holds withdrawals. The rule as a function, as SQL, and as the batch that stores a login does
// it, against a model of what the account is known by; then what whoever has the password can choose.

import { DatabaseSync } from 'node:sqlite'
import { and, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import type { Db } from '../../../src/lib/db.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { findHoldState, liftHold } from '../../../src/lock/hold-state.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import {
  COOLING_OFF_CAUSE,
  COOLING_OFF_CAUSES,
  COOLING_OFF_EXEMPTIONS,
  COOLING_OFF_UNTIL,
  type CoolingOffFacts,
  decideCoolingOff,
} from '../../../src/login/cooling-off.ts'
import type { LoginToInsert } from '../../../src/login/insert-login.ts'
import { FORMER_NETWORK_DAYS } from '../../../src/login/known-marks.ts'
import { releaseMarksStatement } from '../../../src/login/release-marks.ts'
import { accounts, holdLifts, holds, knownMarks } from '../../../src/schema.ts'
import { randomBytes } from '../../support/ports.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { ACCOUNT, NOON, storeOne } from './owner-logins.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HOURS = 12 * HOUR_MS

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const anyFacts: fc.Arbitrary<CoolingOffFacts> = fc.record({
  knowsDevice: fc.boolean(),
  knowsCountry: fc.boolean(),
  knowsNetwork: fc.boolean(),
  isOff: fc.boolean(),
  isInFirstDay: fc.boolean(),
  isOfDroppedKey: fc.boolean(),
  receivedAt: fc.integer({ min: NOON, max: NOON + DAY_MS }),
  coolingOffMs: fc.constantFrom(HOUR_MS, HOURS, 72 * HOUR_MS),
  runningUntil: fc.option(fc.integer({ min: NOON + DAY_MS, max: NOON + 4 * DAY_MS }), {
    nil: null,
  }),
})

describe('the rule', () => {
  it('is the same in SQL', () => {
    const database = new DatabaseSync(':memory:')
    const columns = [
      ...COOLING_OFF_CAUSES.map(({ column }) => column),
      ...COOLING_OFF_EXEMPTIONS.map(({ column }) => column),
    ]
    const statement = database.prepare(
      `SELECT ${COOLING_OFF_UNTIL} AS until, ${COOLING_OFF_CAUSE} AS cause
       FROM (SELECT ${columns.map((column) => `:${column} AS ${column}`).join(', ')}, :running AS running_until)`,
    )
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const flags = [
          ...COOLING_OFF_CAUSES.map(({ column, known }) => [column, facts[known]] as const),
          ...COOLING_OFF_EXEMPTIONS.map(({ column, fact }) => [column, facts[fact]] as const),
        ].map(([column, is]) => [column, is ? 1 : 0] as const)
        const row = statement.get({
          ...Object.fromEntries(flags),
          running: facts.runningUntil,
          receivedAt: facts.receivedAt,
          coolingOffMs: facts.coolingOffMs,
        })
        const decided = decideCoolingOff(facts)
        expect(row?.until).toBe(decided?.until ?? null)
        if (decided) expect(row?.cause).toBe(decided.cause)
      }),
      { numRuns: 500 },
    )
  })

  it('holds where anything is new, and nowhere else', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const isNew = !facts.knowsDevice || !facts.knowsCountry || !facts.knowsNetwork
        const isExempt = facts.isOff || facts.isInFirstDay || facts.isOfDroppedKey
        expect(decideCoolingOff(facts) !== null).toBe(isNew && !isExempt)
      }),
    )
  })

  it('never makes a hold longer', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        fc.pre(facts.runningUntil !== null)
        const decided = decideCoolingOff(facts)
        if (decided) expect([decided.until, decided.begins]).toEqual([facts.runningUntil, false])
      }),
    )
  })
})

/** Imported long ago, unless said otherwise. */
async function owner(createdAt: number = NOON - 30 * DAY_MS): Promise<Db> {
  const db = openMemoryDb()
  await db
    .insert(accounts)
    .values({ ...inSlot(ACCOUNT), phoneSealed: 'sealed', createdAt, updatedAt: createdAt })
  return db
}

const FAMILIAR = { deviceMark: 'phone', country: 'DE', networkMark: 'home' } as const
const HOME = { 'd:phone': 20_000, 'c:DE': 20_000, 'n:home': 20_000 }

async function ownerAtHome(): Promise<Db> {
  const db = await owner()
  await db.insert(knownMarks).values({ ...inSlot(ACCOUNT), marks: HOME })
  return db
}

const held = (db: Db, at: number, change: Partial<LoginToInsert> = {}) =>
  storeOne(db, at, { ...FAMILIAR, coolingOffMs: HOURS, keyNames: ['key1'], ...change })

const contextAt = (db: Db, now: number): Context =>
  Object.assign(Object.create(null), {
    ...storesOf(db),
    config: { lockActions: ALWAYS_ASKED },
    now: () => now,
    randomBytes,
    alerts: { send: async () => {} },
    callbacks: { send: async () => {} },
  })

const marksOf = async (db: Db) => {
  const [row] = await db.select().from(knownMarks)
  return Object.keys(row?.marks ?? {}).sort()
}

type Step = {
  /** Null: a login. */
  readonly act: 'lock' | 'lift' | null
  readonly marks: Pick<
    LoginToInsert,
    'deviceMark' | 'country' | 'networkMark' | 'formerNetworkMarks'
  >
  readonly waitMs: number
}

const wait = fc.constantFrom(
  ...[1_000, HOUR_MS, 5 * HOUR_MS, 13 * HOUR_MS, 2 * DAY_MS, 40 * DAY_MS],
  ...[(FORMER_NETWORK_DAYS - 1) * DAY_MS, FORMER_NETWORK_DAYS * DAY_MS],
)
/** A carrier, as it was marked where no table named it and as it is where one does; and another in the same /16. */
const network = fc.constantFrom(
  { networkMark: 'home', formerNetworkMarks: [] },
  { networkMark: 'train', formerNetworkMarks: [] },
  { networkMark: 'of_carrier', formerNetworkMarks: ['train', 'train_older'] },
  { networkMark: 'of_another', formerNetworkMarks: ['train'] },
  { networkMark: null, formerNetworkMarks: [] },
)
const anyStep: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(null, null, null, null, null, 'lock' as const, 'lift' as const),
  marks: fc
    .record({
      deviceMark: fc.constantFrom('phone', 'laptop', null),
      country: fc.constantFrom('DE', 'TH', null),
      network,
    })
    .map(({ network, ...others }) => ({ ...others, ...network })),
  waitMs: wait,
})

/** What an account is known by, and the day each was last seen on. */
function createModel(createdAt: number) {
  let known = new Map<string, number>()
  let running: { readonly until: number } | null = null
  let isWiped = false
  return {
    lock: () => {
      isWiped = true
    },
    lift: () => {
      running = null
    },
    login: (at: number, step: Step['marks']) => {
      const { deviceMark, country, networkMark, formerNetworkMarks } = step
      if (isWiped) known = new Map()
      const today = Math.floor(at / DAY_MS)
      isWiped = false
      const where = country ?? (networkMark === null ? null : 'unknown')
      const marks = [
        ['d', deviceMark],
        ['c', where],
        ['n', networkMark],
      ].map(([kind, mark]) => (mark ? `${kind}:${mark}` : null))
      const isKnown = (mark: string | null | undefined) =>
        typeof mark === 'string' && known.has(mark)
      const isKnownOfLate = (mark: string) =>
        (known.get(`n:${mark}`) ?? 0) >= today - FORMER_NETWORK_DAYS
      const decided = decideCoolingOff({
        ...{ knowsDevice: isKnown(marks[0]), knowsCountry: isKnown(marks[1]) },
        knowsNetwork: isKnown(marks[2]) || formerNetworkMarks.some(isKnownOfLate),
        ...{ isOff: false, isOfDroppedKey: false },
        ...{ isInFirstDay: createdAt > at - DAY_MS, receivedAt: at, coolingOffMs: HOURS },
        runningUntil: running && running.until > at ? running.until : null,
      })
      if (decided) running = { until: decided.until }
      else for (const mark of marks) if (mark) known.set(mark, today)
      return decided
    },
  }
}

describe('the batch that stores a login', () => {
  it('holds as the rule says, whatever came before', async () => {
    const db = openMemoryDb()
    let accountsMade = 0
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(anyStep, { minLength: 1, maxLength: 14 }),
        async (isYoung, steps) => {
          accountsMade += 1
          const accountId = `account_${accountsMade}`
          const createdAt = isYoung ? NOON - HOUR_MS : NOON - 30 * DAY_MS
          await db.insert(accounts).values({
            ...inSlot(accountId),
            phoneSealed: 'sealed',
            createdAt,
            updatedAt: createdAt,
          })
          const model = createModel(createdAt)
          let at = NOON
          for (const [nth, step] of steps.entries()) {
            at += step.waitMs
            if (step.act === 'lock') {
              const lock = { accountId, lockId: `lck_${nth}`, via: 'api' } as const
              await lockAccount(contextAt(db, at), { ...lock, alertNumber: null, lockedAt: at })
              model.lock()
            } else if (step.act === 'lift') {
              await liftHold(contextAt(db, at), accountId, { reason: 'x', lockId: null })
              model.lift()
            } else {
              // After a lock's instant, so that it is none of those that the lock has ended.
              at += 10_000
              const login = await held(db, at, { accountId, ...step.marks })
              const decided = model.login(at, step.marks)
              expect(login.holdUntil).toBe(decided?.until ?? null)
              const [begun] = await db
                .select()
                .from(holds)
                .where(and(eq(holds.accountId, accountId), eq(holds.alertId, login.alertId)))
              expect(begun?.cause).toBe(decided?.begins ? decided.cause : undefined)
              const { stored } = await findHoldState(db, accountId, at)
              if (decided) expect(stored.map(({ until }) => until)).toEqual([decided.until])
            }
          }
        },
      ),
      { numRuns: 80 },
    )
  })

  it('keeps the marks of a login that holds with the hold, apart from what is known', async () => {
    const db = await ownerAtHome()
    const first = await held(db, NOON, { deviceMark: 'new' })
    const second = await held(db, NOON + HOUR_MS, { networkMark: 'train' })
    expect(await marksOf(db)).toEqual(Object.keys(HOME).sort())
    const [hold, ...more] = await db.select().from(holds)
    expect(more).toEqual([])
    const day = Math.floor(NOON / DAY_MS)
    expect(hold).toMatchObject({ alertId: first.alertId, cause: 'device', until: NOON + HOURS })
    expect(hold?.pendingMarks).toEqual({
      [first.alertId]: { 'd:new': day, 'c:DE': day, 'n:home': day },
      [second.alertId]: { 'd:phone': day, 'c:DE': day, 'n:train': day },
    })
    // Over, and not released: it is not known.
    const next = await held(db, NOON + HOURS, { deviceMark: 'new' })
    expect(next.holdUntil).toBe(NOON + 2 * HOURS)
  })

  it('keeps the marks of twenty at most, those that came first', async () => {
    const db = await ownerAtHome()
    const first = await held(db, NOON, { deviceMark: 'new' })
    for (let nth = 0; nth < 30; nth += 1) await held(db, NOON + nth, { deviceMark: `x${nth}` })
    const [hold] = await db.select().from(holds)
    const pending = Object.keys(hold?.pendingMarks ?? {})
    expect(pending).toHaveLength(20)
    expect(pending).toContain(first.alertId)
  })

  it('writes nothing more for a login that is recognised, nor where none holds', async () => {
    const db = await ownerAtHome()
    expect((await held(db, NOON)).holdUntil).toBeNull()
    expect((await held(db, NOON, { deviceMark: 'x', coolingOffMs: 0 })).holdUntil).toBeNull()
    expect(await db.select().from(holds)).toEqual([])
    // As ever where nothing holds: what is new becomes known.
    expect(await marksOf(db)).toContain('d:x')
  })
})

describe('the marks that wait', () => {
  const release = async (db: Db, holdId: string | undefined, ...alertIds: readonly string[]) => {
    const released = { accountId: ACCOUNT, holdId: holdId ?? '', alertIds, liftReason: 'owner' }
    // Of a hold that runs, none.
    await releaseMarksStatement(db.$client, released).run()
    await db.update(holds).set({ liftedAt: NOON, liftReason: 'owner' })
    await releaseMarksStatement(db.$client, released).run()
  }
  const NEW = { deviceMark: 'new', networkMark: 'train' } as const

  it('become known of the logins that the owner says were his, and of no others', async () => {
    const db = await ownerAtHome()
    const own = await held(db, NOON, NEW)
    await held(db, NOON + 1_000, { deviceMark: 'thief', networkMark: 'proxy' })
    const [hold] = await db.select().from(holds)
    await release(db, hold?.holdId, own.alertId)
    expect(await marksOf(db)).toEqual([...Object.keys(HOME), 'd:new', 'n:train'].sort())
    const after = NOON + HOURS
    expect((await held(db, after, NEW)).holdUntil).toBeNull()
    const thief = { deviceMark: 'thief', networkMark: 'proxy' }
    expect((await held(db, after, thief)).holdUntil).toBe(after + HOURS)
  })

  it('stay unknown of a login that a lock came after', async () => {
    const db = await ownerAtHome()
    const before = await held(db, NOON, NEW)
    const lock = { accountId: ACCOUNT, lockId: 'lck_1', via: 'api', alertNumber: null } as const
    await lockAccount(contextAt(db, NOON + 1_000), { ...lock, lockedAt: NOON + 1_000 })
    const after = await held(db, NOON + HOUR_MS, { deviceMark: 'laptop' })
    const [hold] = await db.select().from(holds)
    await release(db, hold?.holdId, before.alertId, after.alertId)
    expect(await marksOf(db)).toEqual(['c:DE', 'd:laptop', 'n:home'])
  })

  it('are forty at most with those of before', async () => {
    const db = await ownerAtHome()
    const many = Array.from({ length: 40 }, (_, nth) => [`d:${nth}`, 20_000 + nth])
    await db.update(knownMarks).set({ marks: { ...HOME, ...Object.fromEntries(many) } })
    const own = await held(db, NOON, NEW)
    const [hold] = await db.select().from(holds)
    await release(db, hold?.holdId, own.alertId)
    const marks = await marksOf(db)
    expect(marks).toHaveLength(40)
    expect(marks).toEqual(expect.arrayContaining(['d:new', 'n:train', 'c:DE']))
  })

  it('of an unknown hold change nothing', async () => {
    const db = await ownerAtHome()
    const own = await held(db, NOON, NEW)
    await release(db, 'hld_none', own.alertId)
    expect(await marksOf(db)).toEqual(Object.keys(HOME).sort())
  })
})

describe('whoever has the password', () => {
  const NEW = { deviceMark: 'thief', networkMark: 'proxy' } as const
  const holdOf = async (db: Db, at: number) => (await findHoldState(db, ACCOUNT, at)).hold

  it.each([
    ['a known device in another network', { networkMark: 'proxy' }, 'network'],
    ['another device in a known network', { deviceMark: 'thief' }, 'device'],
    ['a known device and network that are said to be abroad', { country: 'TH' }, 'country'],
    ['an address that cannot be read', { networkMark: null }, 'network'],
    ['no word of the device', { deviceMark: null }, 'device'],
    [
      'a login that is told a day late',
      { ...NEW, occurredAt: NOON - 25 * HOUR_MS },
      'device network',
    ],
    ['a clock far behind', { ...NEW, occurredAt: 0 }, 'device network'],
    ['a clock ahead', { ...NEW, occurredAt: NOON + 10 * DAY_MS }, 'device network'],
    ['another language', { ...NEW, locale: 'de' }, 'device network'],
    ['a session of the owner’s', { ...NEW, sessionId: 's_owner' }, 'device network'],
  ] as const)('holds with %s', async (_what, change, cause) => {
    const db = await ownerAtHome()
    await held(db, NOON - HOUR_MS, { sessionId: 's_owner' })
    await held(db, NOON, change)
    expect(await holdOf(db, NOON)).toMatchObject({ reason: 'cooling_off', until: NOON + HOURS })
    expect((await db.select().from(holds))[0]?.cause).toBe(cause)
  })

  it('does not become known by coming often, or by waiting', async () => {
    const db = await ownerAtHome()
    let at = NOON
    for (let nth = 0; nth < 40; nth += 1) {
      at += nth % 2 === 0 ? 60_000 : 13 * HOUR_MS
      const login = await held(db, at, NEW)
      expect(login.holdUntil).toBeGreaterThan(at)
      expect(await holdOf(db, at)).toMatchObject({ reason: 'cooling_off' })
    }
  })

  it('does not become known by a lock that is lifted', async () => {
    const db = await ownerAtHome()
    await held(db, NOON, NEW)
    const lock = { accountId: ACCOUNT, lockId: 'lck_1', via: 'api', alertNumber: null } as const
    await lockAccount(contextAt(db, NOON + 1_000), { ...lock, lockedAt: NOON + 1_000 })
    await liftHold(contextAt(db, NOON + 60_000), ACCOUNT, { reason: 'x', lockId: null })
    for (const at of [NOON + HOUR_MS, NOON + HOUR_MS + 1_000]) {
      expect((await held(db, at, NEW)).holdUntil).toBe(NOON + HOUR_MS + HOURS)
    }
  })

  it('does not find, after a lock, what was known before it', async () => {
    const db = await ownerAtHome()
    await held(db, NOON)
    const lock = { accountId: ACCOUNT, lockId: 'lck_1', via: 'api', alertNumber: null } as const
    await lockAccount(contextAt(db, NOON + 1_000), { ...lock, lockedAt: NOON + 1_000 })
    // The first says that all is new; the second must not find the marks of before.
    expect((await held(db, NOON + HOUR_MS)).holdUntil).not.toBeNull()
    expect((await held(db, NOON + 2 * HOUR_MS)).holdUntil).not.toBeNull()
    expect(await marksOf(db)).toEqual([])
  })

  it('holds once by one webhook, however often it comes', async () => {
    const db = await ownerAtHome()
    const first = await held(db, NOON, { ...NEW, alertId: 'alr_x' })
    await expect(held(db, NOON + HOUR_MS, { ...NEW, alertId: 'alr_x' })).rejects.toThrow(
      'stored before',
    )
    const [hold, ...more] = await db.select().from(holds)
    expect([hold?.until, more]).toEqual([first.holdUntil, []])
  })

  it('does not hold again what was lifted, when the queue brings a login once more', async () => {
    const db = await ownerAtHome()
    await held(db, NOON, NEW)
    const again = { ...NEW, alertId: 'alr_x', claim: 'claim_x' }
    await held(db, NOON + 1_000, again)
    await liftHold(contextAt(db, NOON + 2_000), ACCOUNT, { reason: 'x', lockId: null })
    await expect(held(db, NOON + 1_000, again)).rejects.toThrow('stored before')
    expect(await holdOf(db, NOON + 3_000)).toBeNull()
    expect(await db.select().from(holds)).toHaveLength(1)
  })

  it('is held anew where the lift of what holds waits to be due, and not by one that was stopped', async () => {
    const db = await ownerAtHome()
    const first = await held(db, NOON, NEW)
    const [hold] = await db.select().from(holds)
    const lift = { holdId: hold?.holdId ?? '', requestNumber: 1, reason: 'x', askedAt: NOON }
    await db.insert(holdLifts).values({ ...inSlot(ACCOUNT), ...lift, dueAt: NOON + 5 * HOUR_MS })
    for (const at of [NOON + HOUR_MS, NOON + 2 * HOUR_MS]) {
      expect((await held(db, at, NEW)).holdUntil).toBe(NOON + HOUR_MS + HOURS)
    }
    expect(await db.select().from(holds)).toHaveLength(2)
    await db.delete(holds).where(eq(holds.until, NOON + HOUR_MS + HOURS))
    await db.update(holdLifts).set({ ended: 'stopped' })
    expect((await held(db, NOON + 3 * HOUR_MS, NEW)).holdUntil).toBe(first.holdUntil)
  })

  it('is held in an account of a day, and that was never imported', async () => {
    const old = await owner(NOON - DAY_MS)
    expect((await held(old, NOON, NEW)).holdUntil).toBe(NOON + HOURS)
    expect((await held(openMemoryDb(), NOON, NEW)).holdUntil).toBe(NOON + HOURS)
  })

  it('is held where its logins are older than its first import: a thief may have had a number imported', async () => {
    const db = openMemoryDb()
    await held(db, NOON - 2 * DAY_MS)
    const createdAt = NOON - HOUR_MS
    await db
      .insert(accounts)
      .values({ ...inSlot(ACCOUNT), phoneSealed: 'sealed', createdAt, updatedAt: createdAt })
    expect((await held(db, NOON, NEW)).holdUntil).toBe(NOON + HOURS)
  })

  it('is not held in the first day of an account, and its marks are what it is known by', async () => {
    const db = await owner(NOON - DAY_MS + 1)
    expect((await held(db, NOON)).holdUntil).toBeNull()
    expect((await held(db, NOON + HOUR_MS)).holdUntil).toBeNull()
    expect((await held(db, NOON + HOUR_MS, NEW)).holdUntil).toBe(NOON + HOUR_MS + HOURS)
  })
})

describe('after a key was dropped', () => {
  const mark = (name: string) => `d:${name}12345678`
  const network = (name: string) => `n:${name}12345678`
  const NEW = { deviceMark: 'new1abcdefgh', networkMark: 'new1abcdefgh' } as const

  async function knownBy(...names: readonly string[]): Promise<Db> {
    const db = await owner()
    const marks = Object.fromEntries(
      names.flatMap((name) => [
        [mark(name), 20_000],
        [network(name), 20_000],
      ]),
    )
    await db.insert(knownMarks).values({ ...inSlot(ACCOUNT), marks: { 'c:DE': 20_000, ...marks } })
    return db
  }

  it.each([
    ['by the dropped key alone', ['old1'], null],
    ['by a key that is there', ['new1'], NOON + HOURS],
    ['by both', ['old1', 'new1'], NOON + HOURS],
    ['by nothing', [], NOON + HOURS],
  ] as const)('an account known %s', async (_by, names, until) => {
    const db = await knownBy(...names)
    expect((await held(db, NOON, { ...NEW, keyNames: ['new1'] })).holdUntil).toBe(until)
  })

  it('the exemption is used up by the first login', async () => {
    const db = await knownBy('old1')
    await held(db, NOON, { ...NEW, keyNames: ['new1'] })
    const next = { deviceMark: 'new1xxxxxxxx', networkMark: 'new1abcdefgh', keyNames: ['new1'] }
    expect((await held(db, NOON + HOUR_MS, next)).holdUntil).toBe(NOON + HOUR_MS + HOURS)
  })
})
