// What becomes of activities, as the statement that stores one decides it: what is told at once, with others or only counted;
// that strangers can take nothing from a login; and that no row of theirs is taken for a login or a session.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storeActivity } from '../../../src/deliver/store-activity.ts'
import type { StoredAlert } from '../../../src/deliver/store-login.ts'
import { readTold } from '../../../src/deliver/told-login.ts'
import type { Db } from '../../../src/lib/db.ts'
import { slotOf, whoseAccount } from '../../../src/lib/slot.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { findHoldState } from '../../../src/lock/hold-state.ts'
import { ACTIVITIES, ROWS_PER_SMS } from '../../../src/login/activity.ts'
import { eraseLoginsStatements, forgetLoginsStatements } from '../../../src/login/forget.ts'
import type { ActivityToInsert } from '../../../src/login/insert-activity.ts'
import type { Login } from '../../../src/login/login.ts'
import { findLogin, listLogins } from '../../../src/login/logins.ts'
import { findNewestLogin } from '../../../src/login/newest-login.ts'
import {
  endSession,
  findLoginsBySession,
  findSession,
  findSessionRows,
  listLiveSessions,
} from '../../../src/login/sessions.ts'
import { callbacks, countedActivities, holds, locks, logins } from '../../../src/schema.ts'
import { ACTIVITY_KINDS, type ActivityKind } from '../../../src/words/activity-words.ts'
import { ACCOUNT, NOON, ownersDb, storeOne } from './owner-logins.ts'
import { findRecent } from './recent-alerts.ts'

let nth = 0

function anActivity(at: number, change: Partial<ActivityToInsert> = {}): ActivityToInsert {
  nth += 1
  return {
    alertId: `alr_activity_${nth}`,
    accountId: ACCOUNT,
    activity: 'password_changed',
    activityAsSent: null,
    sessionId: '',
    detail: null,
    occurredAt: at,
    receivedAt: at,
    country: 'DE',
    hosting: null,
    reserved: null,
    ipTail: '13.77',
    browser: 'Chrome',
    os: 'Windows',
    trace: null,
    claim: `claim_activity_${nth}`,
    sendUntil: at + 30 * SECOND_MS,
    alertsLeast: 'off',
    ...change,
  }
}

const holding = (coolingOffMs: number) => ({ coolingOffMs, erasedScopes: [] })

async function store(db: Db, at: number, change: Partial<ActivityToInsert> = {}) {
  return storeActivity(db, anActivity(at, change), holding(0))
}

/** How each went: `due`, `gathering`, `merged`, `counted`, or why it was suppressed. */
function wayOf(stored: StoredAlert): string {
  if (stored.kind !== 'new') return stored.kind
  const { suppressionReason, state, mergedInto, seq } = stored.claim.login
  if (suppressionReason) return suppressionReason
  if (state === 'merged') return 'merged'
  return mergedInto === seq ? 'gathering' : 'due'
}

async function ways(db: Db, activity: ActivityKind, instants: readonly number[]) {
  const all: string[] = []
  for (const at of instants) all.push(wayOf(await store(db, at, { activity })))
  return all
}

async function lockedAt(db: Db, at: number): Promise<void> {
  const lock = {
    slot: slotOf(ACCOUNT),
    accountId: ACCOUNT,
    lockId: `lck_${at}`,
    via: 'link',
  } as const
  await db.insert(locks).values({ ...lock, lockedAt: at, holdUntil: at + DAY_MS })
}

const every = (ms: number, count: number, from = NOON) =>
  Array.from({ length: count }, (_, index) => from + index * ms)

const tally = (all: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(all, (way) => way)].map(([way, some]) => [way, some.length]))

const inside = ACTIVITY_KINDS.filter((kind) => !ACTIVITIES[kind].isStrangers)
const strangers = ACTIVITY_KINDS.filter((kind) => ACTIVITIES[kind].isStrangers)

describe('activities of one kind', () => {
  it.each(inside)(
    '%s: ten in a minute are two SMS, and the first is told at once',
    async (kind) => {
      const db = await ownersDb()
      expect(await ways(db, kind, every(6 * SECOND_MS, 10))).toEqual([
        'due',
        'gathering',
        ...Array.from({ length: 8 }, () => 'merged'),
      ])
    },
  )

  it.each(inside)('%s: the first after a lock is told at once, whatever gathers', async (kind) => {
    const db = await ownersDb()
    await ways(db, kind, every(SECOND_MS, 30))
    await lockedAt(db, NOON + MINUTE_MS)
    expect(await ways(db, kind, every(SECOND_MS, 4, NOON + 2 * MINUTE_MS))).toEqual([
      ...['due', 'counted', 'counted', 'counted'],
    ])
    await lockedAt(db, NOON + 3 * MINUTE_MS)
    expect(await ways(db, kind, every(SECOND_MS, 2, NOON + 4 * MINUTE_MS))).toEqual([
      ...['due', 'counted'],
    ])
  })

  it('tell at once beyond five a day, too, after a lock, and what follows once an hour', async () => {
    const db = await ownersDb()
    await ways(db, 'api_key_created', every(25 * MINUTE_MS, 6))
    await lockedAt(db, NOON + 3 * HOUR_MS)
    const all = await ways(db, 'api_key_created', every(MINUTE_MS, 3, NOON + 4 * HOUR_MS))
    expect(all).toEqual(['due', 'gathering', 'merged'])
  })

  it('do not care for a lock of yesterday, nor does what strangers can cause for any', async () => {
    const db = await ownersDb()
    await lockedAt(db, NOON)
    expect(await ways(db, 'other', every(SECOND_MS, 2, NOON + DAY_MS))).toEqual([
      'due',
      'gathering',
    ])
    await ways(db, 'logins_failed', every(SECOND_MS, 2))
    await lockedAt(db, NOON + MINUTE_MS)
    expect(await ways(db, 'logins_failed', [NOON + 2 * MINUTE_MS])).toEqual(['merged'])
  })

  it('do not delay the first of another kind', async () => {
    const db = await ownersDb()
    await ways(db, 'address_added', every(SECOND_MS, 30))
    for (const kind of inside.filter((one) => one !== 'address_added')) {
      expect([kind, ...(await ways(db, kind, [NOON + MINUTE_MS]))]).toEqual([kind, 'due'])
    }
  })

  it('are told one by one where they come slowly, and beyond five a day once an hour', async () => {
    const db = await ownersDb()
    const all = await ways(db, 'api_key_created', every(25 * MINUTE_MS, 12))
    expect(all.slice(0, 5)).toEqual(['due', 'due', 'due', 'due', 'due'])
    expect(tally(all.slice(5))).toEqual({ gathering: 3, merged: 4 })
  })

  it.each(strangers)('%s: two thousand in hours are two SMS and a few rows', async (kind) => {
    const db = await ownersDb()
    const all = await ways(db, kind, every(5 * SECOND_MS, 2_000))
    expect(tally(all)).toEqual({ due: 1, gathering: 1, merged: 19, counted: 1_979 })
    expect(await db.$count(logins)).toBe(21)
    const [next] = await ways(db, kind, [NOON + DAY_MS])
    expect(next).toBe('due')
  })

  it('say in their SMS how many there were, those without a row of their own too', async () => {
    const db = await ownersDb()
    await ways(db, 'logins_failed', every(SECOND_MS, 500))
    const carrier = await findLogin(db, { accountId: ACCOUNT, seq: 2 })
    if (!carrier) throw new Error('the second gathers nobody')
    const { numbers, times, told } = await readTold(db, carrier)
    expect([numbers.length, times, told.seq]).toEqual([ROWS_PER_SMS, 499, 21])
  })

  it('unknown kinds are one kind, however many names they have', async () => {
    const db = await ownersDb()
    const all: string[] = []
    for (const at of every(SECOND_MS, 500)) {
      all.push(wayOf(await store(db, at, { activity: 'other', activityAsSent: `kind ${at}` })))
    }
    expect(tally(all)).toEqual({ due: 1, gathering: 1, merged: 19, counted: 479 })
  })

  it('are stored once each, those that are only counted too', async () => {
    const db = await ownersDb()
    const all = every(SECOND_MS, 40).map((at) => anActivity(at, { activity: 'password_reset' }))
    for (const one of all) await storeActivity(db, one, holding(0))
    const rows = await db.$count(logins)
    for (const one of all) {
      const again = { ...one, receivedAt: one.receivedAt + 2 * DAY_MS, claim: 'another' }
      expect(wayOf(await storeActivity(db, again, holding(0)))).toBe('again')
    }
    expect([await db.$count(logins), await db.$count(countedActivities)]).toEqual([rows, 40 - rows])
  })

  it('of more than a day ago are told to nobody, and say why; at most twenty rows of them', async () => {
    const db = await ownersDb()
    const late = { occurredAt: NOON - DAY_MS - 1 }
    const all: string[] = []
    for (const at of every(SECOND_MS, 30)) all.push(wayOf(await store(db, at, late)))
    expect(tally(all)).toEqual({ login_too_old: ROWS_PER_SMS, counted: 10 })
    // And take nothing from what comes in time.
    expect(await ways(db, 'password_changed', [NOON + HOUR_MS])).toEqual(['due'])
  })
})

describe('hundreds of activities that strangers cause', () => {
  async function flooded() {
    const db = await ownersDb()
    await storeOne(db, NOON - HOUR_MS, { deviceMark: 'phone' })
    for (const kind of strangers) await ways(db, kind, every(SECOND_MS, 400))
    return db
  }

  it('leave a login its SMS, its number and what it is recognised by', async () => {
    const quiet = await ownersDb()
    const db = await flooded()
    await storeOne(quiet, NOON - HOUR_MS, { deviceMark: 'phone' })
    for (const device of ['phone', 'laptop', 'tablet']) {
      const at = NOON + 10 * MINUTE_MS
      const told = { deviceMark: device, alertsPerWindow: 3 }
      const [here, there] = [await storeOne(db, at, told), await storeOne(quiet, at, told)]
      const facts = ({ state, isFamiliar, isNewDevice, alertsToday, isParallel }: Login) => ({
        ...{ state, isFamiliar, isNewDevice, alertsToday, isParallel },
      })
      expect(facts(here)).toEqual(facts(there))
      expect(here.liveSeqs.length).toBe(there.liveSeqs.length)
    }
  })

  it('leave the code of the login before them where a reply finds it, and the history readable', async () => {
    const db = await flooded()
    const numbers = (await findRecent(db, NOON - DAY_MS)).map(({ alertNumber }) => alertNumber)
    // The login's, and two for each kind: what an SMS tells of beside its first one has no code of its own.
    expect(numbers.toSorted((a, b) => a - b).at(0)).toBe(1)
    expect(numbers).toHaveLength(1 + 2 * strangers.length)
    const page = await listLogins(db, ACCOUNT, { before: null, limit: 100 })
    expect(page.filter(({ activity }) => activity === null)).toHaveLength(1)
    expect((await findNewestLogin(db, ACCOUNT))?.seq).toBe(1)
  })
})

const anyStep = fc.record({
  kind: fc.constantFrom<ActivityKind | 'login'>('login', ...ACTIVITY_KINDS),
  afterMs: fc.oneof(fc.nat(5_000), fc.nat(20 * MINUTE_MS), fc.nat(DAY_MS)),
})

describe('whatever happens in whatever order', () => {
  it('numbers have no gap, and strangers’ kinds no more than two SMS a day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
        const db = await ownersDb()
        let at = NOON
        for (const { kind, afterMs } of steps) {
          at += afterMs
          if (kind === 'login') await storeOne(db, at)
          else await store(db, at, { activity: kind })
        }
        const rows = await db.select().from(logins)
        const numbers = rows.flatMap(({ alertNumber }) => alertNumber ?? [])
        expect(numbers).toEqual(numbers.map((_, index) => index + 1))
        const sms = rows.filter(({ mergedInto, seq }) => (mergedInto ?? seq) === seq)
        const perDay = Map.groupBy(
          sms,
          (row) => `${row.activity} ${Math.floor(row.receivedAt / DAY_MS)}`,
        )
        for (const kind of strangers) {
          for (const [day, some] of perDay) {
            if (day.startsWith(`${kind} `)) expect(some.length).toBeLessThanOrEqual(2)
          }
        }
        // The first of a day is never gathered.
        for (const [kind, some] of perDay) {
          if (!kind.startsWith('null')) expect([kind, some[0]?.mergedInto]).toEqual([kind, null])
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('an activity is no login', () => {
  it('and no session, though it names one', async () => {
    const db = await ownersDb()
    await storeOne(db, NOON, { sessionId: 's_owner' })
    for (const at of every(SECOND_MS, 30, NOON + SECOND_MS)) {
      await store(db, at, { sessionId: 's_owner', activity: 'other' })
    }
    await store(db, NOON + MINUTE_MS, { sessionId: 's_alone' })
    expect((await findLoginsBySession(db, 's_owner', null)).map(({ seq }) => seq)).toEqual([1])
    expect(await findLoginsBySession(db, 's_alone', ACCOUNT)).toEqual([])
    expect(await findSession(db, { accountId: ACCOUNT, sessionId: 's_alone' })).toBe(null)
    const page = { before: null, limit: 10 }
    const now = NOON + HOUR_MS
    expect((await listLiveSessions(db, ACCOUNT, now, page)).map(({ seq }) => seq)).toEqual([1])
    expect(await findSessionRows(db, ACCOUNT)).toContain(1)
    // An end that finds no login is kept for one to come, though an activity happened at that instant.
    await endSession(db, { accountId: ACCOUNT, sessionId: 's_alone', endedAt: NOON + MINUTE_MS })
    expect((await storeOne(db, NOON + MINUTE_MS, { sessionId: 's_alone' })).sessionEnd).toBe(
      'ended',
    )
    expect((await storeOne(db, NOON + HOUR_MS)).isParallel).toBe(true)
  })

  it('and does not make known again what a lock has made unknown', async () => {
    const db = await ownersDb()
    for (const at of [NOON, NOON + MINUTE_MS]) await storeOne(db, at, { deviceMark: 'thief' })
    await db.insert(locks).values({
      ...{ slot: 0, accountId: ACCOUNT, lockId: 'lck_1', via: 'link' },
      ...{ lockedAt: NOON + 2 * MINUTE_MS, holdUntil: NOON + DAY_MS },
    })
    const [row] = await db.select({ slot: logins.slot }).from(logins)
    await db.update(locks).set({ slot: row?.slot ?? 0 })
    await store(db, NOON + HOUR_MS)
    await store(db, NOON + HOUR_MS, { activity: 'logins_failed' })
    const after = await storeOne(db, NOON + 2 * HOUR_MS, { deviceMark: 'thief' })
    expect(after).toMatchObject({ isFamiliar: false, isNewDevice: true })
  })

  it('and makes no account known to whoever asks for its hold', async () => {
    const db = await ownersDb()
    const isKnown = async () => (await findHoldState(db, ACCOUNT, NOON)).isKnown
    for (const activity of ACTIVITY_KINDS) await store(db, NOON, { activity })
    expect(await isKnown()).toBe(false)
    await storeOne(db, NOON + HOUR_MS)
    for (const activity of ACTIVITY_KINDS) await store(db, NOON + 2 * HOUR_MS, { activity })
    expect(await isKnown()).toBe(true)
  })

  it('and makes the account’s first login no stranger’s', async () => {
    const db = await ownersDb()
    await store(db, NOON)
    expect(await storeOne(db, NOON + HOUR_MS)).toMatchObject({
      seq: 2,
      isNewDevice: false,
      isNewCountry: false,
    })
    expect(await storeOne(db, NOON + 2 * HOUR_MS)).toMatchObject({ seq: 3, isNewDevice: true })
  })

  it('and is forgotten in time, but not the newest login, whose marks it would bring back', async () => {
    const db = await ownersDb()
    await storeOne(db, NOON)
    await storeOne(db, NOON + HOUR_MS)
    for (const day of [1, 2, 3, 95]) await store(db, NOON + day * DAY_MS)
    await db.batch([...forgetLoginsStatements(db, whoseAccount(ACCOUNT), NOON + 97 * DAY_MS)])
    expect((await db.select().from(logins)).map(({ seq }) => seq)).toEqual([2, 6])
    expect((await storeOne(db, NOON + 98 * DAY_MS)).alertNumber).toBe(7)
    await db.batch([...eraseLoginsStatements(db, ACCOUNT)])
    expect([await db.$count(logins), await db.$count(countedActivities)]).toEqual([0, 0])
  })
})

describe('a change from inside the account', () => {
  const held = async (db: Db) =>
    (await db.select().from(holds)).map(({ cause, until }) => ({ cause, until }))

  it('holds withdrawals in the batch that stores it, once, and tells the exchange', async () => {
    for (const kind of ACTIVITY_KINDS) {
      const db = await ownersDb()
      const stored = await storeActivity(db, anActivity(NOON, { activity: kind }), holding(DAY_MS))
      const { startsHold } = ACTIVITIES[kind]
      expect([kind, await held(db)]).toEqual([
        kind,
        startsHold ? [{ cause: kind, until: NOON + DAY_MS }] : [],
      ])
      const outbox = await db.select().from(callbacks)
      expect(outbox.map(({ type, callbackId }) => [type, callbackId])).toEqual(
        startsHold ? [['hold.started', stored.holdCallbackId]] : [],
      )
      const [row] = await db.select().from(logins)
      expect(row?.holdUntil ?? null).toBe(startsHold ? NOON + DAY_MS : null)
      if (stored.kind !== 'new') throw new Error('it was there before')
      expect(stored.claim.login.holdUntil).toBe(row?.holdUntil)
    }
  })

  it('makes no hold longer, begins none twice, and none where it is off', async () => {
    const db = await ownersDb()
    const first = anActivity(NOON)
    await storeActivity(db, first, holding(DAY_MS))
    const second = anActivity(NOON + HOUR_MS, { activity: 'email_changed' })
    await storeActivity(db, second, holding(DAY_MS))
    expect(await held(db)).toEqual([{ cause: 'password_changed', until: NOON + DAY_MS }])
    await db.update(holds).set({ liftedAt: NOON + HOUR_MS })
    const again = { ...first, receivedAt: NOON + 2 * HOUR_MS }
    expect((await storeActivity(db, again, holding(DAY_MS))).holdCallbackId).toBe(null)
    // Brought once more by the queue, as it was; it had come into the hold that was lifted since.
    expect((await storeActivity(db, second, holding(DAY_MS))).holdCallbackId).toBe(null)
    expect(
      (await storeActivity(db, anActivity(NOON + 3 * HOUR_MS), holding(0))).holdCallbackId,
    ).toBe(null)
    expect(await db.$count(holds)).toBe(1)
  })

  it('holds from now on, however late it is reported, as a login does', async () => {
    const ends = async (store: (db: Db, at: number, occurredAt: number) => Promise<unknown>) => {
      const db = await ownersDb()
      await store(db, NOON, NOON - 3 * DAY_MS)
      return (await db.select().from(holds)).map(({ until }) => until)
    }
    const ofActivity = await ends((db, at, occurredAt) =>
      storeActivity(db, anActivity(at, { occurredAt }), holding(DAY_MS)),
    )
    const ofLogin = await ends((db, at, occurredAt) =>
      storeOne(db, at, { occurredAt, coolingOffMs: DAY_MS }),
    )
    expect([ofActivity, ofLogin]).toEqual([[NOON + DAY_MS], [NOON + DAY_MS]])
  })

  it('holds though it is one too many to be told', async () => {
    const db = await ownersDb()
    for (const at of every(SECOND_MS, 30)) await store(db, at, { activity: 'address_added' })
    const beyond = anActivity(NOON + MINUTE_MS, { activity: 'address_added' })
    const stored = await storeActivity(db, beyond, holding(DAY_MS))
    expect([stored.kind, await held(db)]).toEqual([
      'counted',
      [{ cause: 'address_added', until: NOON + MINUTE_MS + DAY_MS }],
    ])
  })
})
