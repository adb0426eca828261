// The daily budget of alert SMS, as the statement that stores a login keeps it: what goes out alone, what is gathered,
// and that nothing an intruder sends hides a login or moves the owner's numbers.

import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { accounts } from '../../../src/account/tables.ts'
import type { Db } from '../../../src/lib/db.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { BURST_WINDOW_MS, NEW_COUNTRIES_PER_DAY } from '../../../src/login/insert-login.ts'
import type { Login } from '../../../src/login/login.ts'
import type { LoginFacts } from '../../../src/login/login-facts.ts'
import { readMerged } from '../../../src/login/logins.ts'
import { logins } from '../../../src/login/tables.ts'
import { PRIVATE_RELAY } from '../../../src/place/relay.ts'
import { NOON, ownersDb, statesOf, storeOne } from './owner-logins.ts'

const BUDGET = 20

const login = (db: Db, at: number, change: Partial<LoginFacts> = {}) =>
  storeOne(db, at, { ...change, alertsPerDay: BUDGET })

/** So many logins of devices never seen, a moment apart. */
async function flood(db: Db, count: number, from: number, change: Partial<LoginFacts> = {}) {
  const all: Login[] = []
  for (let nth = 0; nth < count; nth += 1) all.push(await login(db, from + nth * 15, change))
  return all
}

describe('A12 the daily budget of alert SMS', () => {
  it('A12 sends twenty of a hundred new devices, and one more that tells of eighty', async () => {
    const db = await ownersDb()
    const all = await flood(db, 100, NOON)
    expect(statesOf(all)).toEqual({ sending: BUDGET, queued: 1, merged: 79 })
    expect(all.map(({ alertNumber }) => alertNumber)).toEqual(
      Array.from({ length: 100 }, (_, nth) => nth + 1),
    )
    const [carrier] = all.slice(BUDGET)
    if (!carrier) throw new Error('no login gathers the rest')
    expect(carrier.leaseUntil).toBe(carrier.receivedAt + BURST_WINDOW_MS)
    const { numbers, isMixed } = await readMerged(db, carrier)
    expect(numbers).toEqual(Array.from({ length: 80 }, (_, nth) => nth + BUDGET + 1))
    expect(isMixed).toBe(true)
  })

  it('A12 says of a digest whether a device in it was new', async () => {
    const db = await ownersDb()
    const known = { deviceMark: 'device_known' }
    await login(db, NOON - MINUTE_MS, known)
    await flood(db, BUDGET - 1, NOON)
    const carrier = await login(db, NOON + MINUTE_MS, { ...known, networkMark: 'network_other' })
    const before = await readMerged(db, carrier)
    expect(before).toMatchObject({ isMixed: true, isNewDevice: false })
    await login(db, NOON + 2 * MINUTE_MS)
    const after = await readMerged(db, carrier)
    expect(after).toMatchObject({ isMixed: true, isNewDevice: true })
  })

  it('A12 gathers anew when the ten minutes are over, and so on all day', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET, NOON)
    const every20s = []
    for (let at = NOON + MINUTE_MS; at < NOON + 61 * MINUTE_MS; at += 20 * SECOND_MS) {
      every20s.push(await login(db, at))
    }
    expect(statesOf(every20s)).toEqual({ queued: 6, merged: 174 })
  })

  it('A12 finds its digest though twenty silent logins lie between', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET, NOON)
    const carrier = await login(db, NOON + MINUTE_MS)
    await db.update(accounts).set({ alerts: 'unusual' })
    const familiar = { deviceMark: 'device_known' }
    await login(db, NOON + MINUTE_MS, familiar)
    const silent = await flood(db, 30, NOON + 2 * MINUTE_MS, familiar)
    expect(statesOf(silent)).toEqual({ suppressed: 30 })
    const next = await login(db, NOON + 3 * MINUTE_MS)
    expect(next).toMatchObject({ state: 'merged', mergedInto: carrier.seq })
  })

  it('A12 tells of an unseen country at once, also when the budget is spent', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET + 10, NOON)
    expect(await login(db, NOON + MINUTE_MS, { country: 'VN' })).toMatchObject({ state: 'sending' })
    expect(await login(db, NOON + MINUTE_MS, { country: 'VN' })).toMatchObject({ state: 'merged' })
  })

  it('A12 lets strange countries spend a small reserve, no more, and tells of the rest first', async () => {
    const db = await ownersDb()
    const all = await flood(db, BUDGET + 2, NOON)
    const countries = ['AF', 'BR', 'CN', 'EG', 'FR', 'GR', 'HU']
    for (const country of countries) all.push(await login(db, NOON + MINUTE_MS, { country }))
    expect(statesOf(all)).toMatchObject({ sending: BUDGET + NEW_COUNTRIES_PER_DAY })
    await login(db, NOON + MINUTE_MS, { hosting: 'Hetzner' })
    const carrier = all.find(({ mergedInto, seq }) => mergedInto === seq)
    if (!carrier) throw new Error('no login gathers the rest')
    expect((await readMerged(db, carrier)).told).toMatchObject({ country: 'HU' })
  })

  it('A12 tells of a data centre first where no country is new', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET, NOON)
    const carrier = await login(db, NOON + SECOND_MS)
    await login(db, NOON + 2 * SECOND_MS, { hosting: 'Hetzner' })
    await login(db, NOON + 3 * SECOND_MS)
    expect((await readMerged(db, carrier)).told).toMatchObject({ hosting: 'Hetzner' })
  })

  it('A12 takes a private relay for no stranger than any other place', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET, NOON)
    const carrier = await login(db, NOON + SECOND_MS, { hosting: PRIVATE_RELAY })
    await login(db, NOON + 2 * SECOND_MS, { hosting: 'Cloudflare' })
    await login(db, NOON + 3 * SECOND_MS, { hosting: PRIVATE_RELAY })
    await login(db, NOON + 4 * SECOND_MS)
    expect((await readMerged(db, carrier)).told).toMatchObject({ hosting: 'Cloudflare' })
  })

  it('A12 keeps a quarter of the budget from known devices: a stranger is told of at once', async () => {
    const db = await ownersDb()
    const known = { deviceMark: 'device_known' }
    const all: Login[] = []
    for (let nth = 0; nth < 40; nth += 1) {
      all.push(await login(db, NOON - 11 * HOUR_MS + nth * 11 * MINUTE_MS, known))
    }
    expect(statesOf(all)).toEqual({ sending: 15, queued: 25 })
    expect(await login(db, NOON, {})).toMatchObject({ state: 'sending' })
  })

  it('A12 begins anew at midnight UTC', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET + 1, NOON)
    const midnight = Math.ceil(NOON / DAY_MS) * DAY_MS
    expect(await login(db, midnight - 1)).toMatchObject({ state: 'queued' })
    expect(await login(db, midnight)).toMatchObject({ state: 'sending', alertsToday: 1 })
  })

  it('A12 stores whole numbers, as the account is numbered', async () => {
    const db = await ownersDb()
    await flood(db, BUDGET + 3, NOON)
    const types = await db.all<{ type: string }>(
      'SELECT DISTINCT typeof(alerts_today) AS type FROM logins',
    )
    expect(types).toEqual([{ type: 'integer' }])
    const [last] = await db
      .select()
      .from(logins)
      .where(eq(logins.seq, BUDGET + 3))
    expect(last).toMatchObject({ alertsToday: BUDGET, carrierSeq: BUDGET + 1 })
  })
})
