// Bursts of logins of one known device, as the statement that stores a login gathers them: none is merged into an SMS
// that may have left, none goes uncounted, and the limit is what the setting says.

import { describe, expect, it } from 'vitest'
import { formatNumbers } from '../../../src/alert/numbers.ts'
import type { Db } from '../../../src/lib/db.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { claimLoginStatement } from '../../../src/login/claim-login.ts'
import { BURST_WINDOW_MS, type LoginToInsert } from '../../../src/login/insert-login.ts'
import type { Login } from '../../../src/login/login.ts'
import { changeLoginStatement, findLogin, readMerged } from '../../../src/login/logins.ts'
import { anAttempt } from '../deliver/fixtures.ts'
import { NOON, ownersDb, statesOf, storeOne } from './owner-logins.ts'

/** Of a device that is known from its second login on. */
const known = (db: Db, at: number, change: Partial<LoginToInsert> = {}) =>
  storeOne(db, at, { deviceMark: 'device_known', alertsPerWindow: 1, ...change })

async function knownTimes(
  db: Db,
  count: number,
  { from, everyMs, ...change }: { from: number; everyMs: number } & Partial<LoginToInsert>,
) {
  const all: Login[] = []
  for (let nth = 0; nth < count; nth += 1) all.push(await known(db, from + nth * everyMs, change))
  return all
}

/** A carrier whose ten minutes are over, claimed for its round. */
async function claimedCarrier(db: Db): Promise<Login> {
  const [, gathers] = await knownTimes(db, 3, { from: NOON, everyMs: SECOND_MS })
  if (gathers?.mergedInto !== gathers?.seq) throw new Error('the second gathers nobody')
  const now = NOON + SECOND_MS + BURST_WINDOW_MS
  const terms = { claim: 'claim_round', leaseUntil: now + 30 * SECOND_MS }
  const [claimed] = await claimLoginStatement(db, gathers ?? none(), terms, now)
  return claimed ?? none()
}

function none(): never {
  throw new Error('there is no such login')
}

describe('what an SMS of several may still gather', () => {
  it('merges nothing into an SMS that may have left and waits for its retry', async () => {
    const db = await ownersDb()
    const carrier = await claimedCarrier(db)
    const now = carrier.receivedAt + BURST_WINDOW_MS + 5 * SECOND_MS
    const attempts = [anAttempt({ state: 'unknown', class: 'ambiguous', code: 'timeout' })]
    const retry = { state: 'queued', leaseUntil: now + 30 * SECOND_MS, attempts } as const
    await changeLoginStatement(db, carrier, retry).run()
    const late = await knownTimes(db, 3, { from: now, everyMs: SECOND_MS })
    expect(late.map(({ state, mergedInto }) => [state, mergedInto])).toEqual([
      ['sending', null],
      ['queued', 5],
      ['merged', 5],
    ])
    expect((await readMerged(db, carrier)).numbers).toEqual([2, 3])
  })

  it('merges nothing into one that was claimed, though nobody was called', async () => {
    const db = await ownersDb()
    const carrier = await claimedCarrier(db)
    const now = carrier.receivedAt + BURST_WINDOW_MS + 5 * SECOND_MS
    await changeLoginStatement(db, carrier, {
      state: 'queued',
      leaseUntil: now + 30 * SECOND_MS,
    }).run()
    expect(await known(db, now)).toMatchObject({ state: 'sending', mergedInto: null })
  })

  it('merges nothing into one that is gone when a login is stored late, by its instant', async () => {
    const db = await ownersDb()
    const carrier = await claimedCarrier(db)
    const inTime = carrier.receivedAt + MINUTE_MS
    await changeLoginStatement(db, carrier, { state: 'queued', leaseUntil: inTime + DAY_MS }).run()
    const late = await known(db, inTime)
    expect(late.mergedInto).not.toBe(carrier.seq)
  })
})

describe('how many of known devices go out one by one', () => {
  const plenty = { alertsPerDay: 1_000 }

  it.each([1, 3, 20, 21, 50, 300])(
    'tells %d one by one, and gathers from the next on',
    async (limit) => {
      const db = await ownersDb()
      const burst = { from: NOON, everyMs: SECOND_MS, alertsPerWindow: limit, ...plenty }
      expect(statesOf(await knownTimes(db, limit + 5, burst))).toEqual({
        sending: limit,
        queued: 1,
        merged: 4,
      })
    },
  )

  it('counts those before midnight too', async () => {
    const db = await ownersDb()
    const midnight = Math.ceil(NOON / DAY_MS) * DAY_MS
    const limit = { everyMs: SECOND_MS, alertsPerWindow: 3, ...plenty }
    await knownTimes(db, 3, { from: midnight - MINUTE_MS, ...limit })
    const [next] = await knownTimes(db, 1, { from: midnight, ...limit })
    expect(next).toMatchObject({ state: 'queued' })
  })

  it('counts no more of them once ten minutes are over', async () => {
    const db = await ownersDb()
    const apart = { from: NOON, everyMs: BURST_WINDOW_MS / 3, alertsPerWindow: 3, ...plenty }
    expect(statesOf(await knownTimes(db, 20, apart))).toEqual({ sending: 20 })
  })
})

describe('a burst beyond a hundred', () => {
  it('counts every login of a burst of 161 in its SMS, the newest too', async () => {
    const db = await ownersDb()
    const all = await knownTimes(db, 161, { from: NOON, everyMs: SECOND_MS })
    const [, carrier] = all
    const { numbers, told } = await readMerged(db, carrier ?? none())
    expect(numbers).toHaveLength(160)
    expect(formatNumbers(numbers)).toBe('#2-#161')
    expect(told).toMatchObject({ seq: 161 })
    expect(await findLogin(db, all.at(-1) ?? none())).toMatchObject({ mergedInto: 2 })
  })
})
