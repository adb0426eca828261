// The end of an SMS that tells of several logins is the end of each: none looks told when nobody was, and the exchange
// hears of all of them.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loginView } from '../../../src/api/views.ts'
import type { Context } from '../../../src/context.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import type { FinishedRound } from '../../../src/deliver/outcome.ts'
import { writeOutcomes } from '../../../src/deliver/write-outcomes.ts'
import type { Db } from '../../../src/lib/db.ts'
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { claimLoginStatement } from '../../../src/login/claim-login.ts'
import { BURST_WINDOW_MS } from '../../../src/login/insert-login.ts'
import type { Login } from '../../../src/login/login.ts'
import { changeLoginStatement, findLogin, listLogins } from '../../../src/login/logins.ts'
import { isProblem, readInbox } from '../../../src/portal/history/rows.ts'
import { callbacks } from '../../../src/schema.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { after } from '../../support/ports.ts'
import { storesOf } from '../lib/memory-d1.ts'
import { ACCOUNT, NOON, ownersDb, storeOne } from '../login/owner-logins.ts'
import { anAttempt } from './fixtures.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const TOO_LATE = NOON + 20 * MINUTE_MS

/** Only what storing uses of it. */
function contextOf(db: Db): Context {
  const queue = Object.assign(Object.create(null), { send: async () => {} })
  const now = () => TOO_LATE
  const context: Partial<Context> = {
    ...storesOf(db),
    now,
    after,
    callbacks: queue,
    alerts: queue,
    watch: createWatchMemory(),
  }
  return Object.assign(Object.create(null), { ...context, config: { profile: NO_PROFILE } })
}

/** The first is told alone, the second gathers the others, and is claimed when its time has come. */
async function claimedDigest(logins: number): Promise<{ db: Db; digest: Login }> {
  const db = await ownersDb()
  const all: Login[] = []
  for (let nth = 1; nth <= logins; nth += 1) {
    const known = { deviceMark: 'device_known', alertsPerWindow: 1, sessionId: `session_${nth}` }
    all.push(await storeOne(db, NOON + nth * SECOND_MS, known))
  }
  const [, gathers] = all
  if (!gathers) throw new Error('no login gathers the rest')
  const now = NOON + MINUTE_MS + BURST_WINDOW_MS
  const terms = { claim: 'claim_round', leaseUntil: now + 30 * SECOND_MS }
  const [digest] = await claimLoginStatement(db, gathers, terms, now)
  if (!digest) throw new Error('it could not be claimed')
  return { db, digest }
}

async function end(db: Db, login: Login, round: Partial<FinishedRound>) {
  const { accountId, seq, alertId, claim } = login
  const none = { conclusion: 'exhausted', attempts: [], awaitsReceipt: false } as const
  const outcome = { ...none, ...round, accountId, seq, alertId, claim, copiesToSealed: [] }
  expect(await writeOutcomes(contextOf(db), [{ outcome, login, notes: [] }])).toEqual([])
}

async function shown(db: Db) {
  const logins = await listLogins(db, ACCOUNT, { before: null, limit: 100 })
  return logins.map((login) => {
    const { number, state, reason } = loginView(login).alert
    return [number, state, reason]
  })
}

async function undelivered(db: Db) {
  const [callback] = await db.select().from(callbacks)
  return JSON.parse(callback?.body ?? 'null')
}

describe('the end of an SMS that gathered several', () => {
  it('shows each as given up with it, and as missing in the inbox', async () => {
    const { db, digest } = await claimedDigest(4)
    expect((await shown(db)).map(([, state]) => state)).toEqual([
      ...['merged', 'merged', 'sending', 'sending'],
    ])
    await end(db, digest, {})
    expect(await shown(db)).toEqual([
      [4, 'undelivered', null],
      [3, 'undelivered', null],
      [2, 'undelivered', null],
      [1, 'sending', null],
    ])
    const logins = await listLogins(db, ACCOUNT, { before: null, limit: 100 })
    expect(readInbox(logins).missing).toEqual([2, 3, 4])
    expect(logins.filter(isProblem)).toHaveLength(3)
  })

  it('shows each as never sent where the number is gone, also on a page without the SMS itself', async () => {
    const { db, digest } = await claimedDigest(4)
    await end(db, digest, { conclusion: 'no_number' })
    const all = await shown(db)
    expect(all.slice(0, 3)).toEqual([4, 3, 2].map((number) => [number, 'suppressed', 'no_number']))
    const [newest] = await listLogins(db, ACCOUNT, { before: null, limit: 1 })
    expect(newest).toMatchObject({ state: 'suppressed', suppressionReason: 'no_number' })
  })

  it('shows each as told where a late receipt says that it arrived after all', async () => {
    const { db, digest } = await claimedDigest(4)
    await end(db, digest, {})
    const given = await findLogin(db, digest)
    if (!given) throw new Error('it is gone')
    await changeLoginStatement(db, given, { state: 'delivered' }).run()
    expect((await shown(db)).map(([, state]) => state)).toEqual([
      ...['merged', 'merged', 'delivered', 'sending'],
    ])
  })

  it('tells the exchange how many logins nobody was told of, and their sessions', async () => {
    const { db, digest } = await claimedDigest(4)
    const attempts = [anAttempt({ state: 'failed', class: 'provider_transient' })]
    await end(db, digest, { attempts })
    expect(await undelivered(db)).toEqual({
      type: 'alert.undelivered',
      timestamp: new Date(TOO_LATE).toISOString(),
      data: {
        account_id: ACCOUNT,
        alert_id: digest.alertId,
        alert_number: 2,
        session_id: 'session_2',
        activity: null,
        reason: 'too_old',
        logins: 3,
        session_ids: ['session_4', 'session_3', 'session_2'],
      },
    })
  })

  it('tells it of a hundred sessions at most, and counts the rest', async () => {
    const { db, digest } = await claimedDigest(131)
    await end(db, digest, {})
    const { data } = await undelivered(db)
    expect(data.logins).toBe(130)
    expect(data.session_ids).toHaveLength(100)
    expect(data.session_ids[0]).toBe('session_131')
  })

  it('tells it of one where the SMS was of one login alone', async () => {
    const db = await ownersDb()
    await end(db, await storeOne(db, NOON, { sessionId: 'session_1' }), {})
    const { data } = await undelivered(db)
    expect(data).toMatchObject({ logins: 1, session_ids: ['session_1'] })
  })
})
