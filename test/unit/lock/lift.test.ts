// Who ends a hold early: the exchange at once, later unless somebody stops it, or not at all; and the owner by a signature
// that the exchange checks itself. By what each leaves in SQLite.

import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readLift } from '../../../examples/exchange/lift.ts'
import { verifySignedLift } from '../../../examples/exchange/signed-lift.ts'
import { saveAccountStatement } from '../../../src/account/accounts.ts'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import type { Context } from '../../../src/context.ts'
import { erasedScopes as scopesOf } from '../../../src/guard/erased-scope.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { findHoldState } from '../../../src/lock/hold-state.ts'
import { startHoldStatements } from '../../../src/lock/holds.ts'
import { decideLift } from '../../../src/lock/lift/decide-lift.ts'
import { liftByApi } from '../../../src/lock/lift/lift-by-api.ts'
import { sweepLifts } from '../../../src/lock/lift/make-due-lifts.ts'
import { readHeldAccount } from '../../../src/lock/lift/running-holds.ts'
import { liftBySignature, offerLift, signableHold } from '../../../src/lock/lift/signed-lift.ts'
import { stopLifts } from '../../../src/lock/lift/stop-lifts.ts'
import { liftStopRoutes } from '../../../src/lock/lift/stop-routes.ts'
import { readStopToken, stopClaims, stopUrl } from '../../../src/lock/lift/stop-token.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { isHeldByAnySql } from '../../../src/lock/refuse-held.ts'
import { accounts, callbacks, holdLifts, locks, notices } from '../../../src/schema.ts'
import { countedBytes } from '../../support/ports.ts'
import { storePasskey } from '../../support/stored-passkey.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const ORIGIN = 'https://lock.example.com'
const ID = 'a000'
const DELAY_HOURS = 6
const LOCK_ID = 'lck_1'
const WISH = { reason: 'support', lockId: null, key: 'abc' }

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const randomBytes = countedBytes()

type Terms = { readonly passkeyAgeMs?: number; readonly liftDelayHours?: number }

/** An account that its owner has locked at NOW, and a passkey that is old enough, unless said otherwise. */
async function stage({ passkeyAgeMs = 4 * DAY_MS, liftDelayHours = DELAY_HOURS }: Terms = {}) {
  const db = openMemoryDb()
  await db.insert(accounts).values({ ...inSlot(ID), createdAt: 0, updatedAt: 0 })
  const clock = { now: NOW }
  const parts = {
    now: () => clock.now,
    after: () => () => {},
    randomBytes,
    callbacks: { send: async () => {} },
    alerts: { send: async () => {} },
    config: {
      ...{ dataKeys: KEYS, linkKeys: KEYS, publicOrigin: ORIGIN, exchangeName: 'BitEx' },
      ...{ liftPolicy: 'owner', liftDelayHours },
      lockActions: ['sessions.revoke', 'withdrawals.hold'],
    },
  }
  const context: Context = Object.assign(Object.create(null), parts, storesOf(db))
  const old = { accountId: ID, createdAt: NOW - passkeyAgeMs, origin: ORIGIN }
  const { device, passkey } = await storePasskey(db, old)
  const lock = (lockId: string, lockedAt = clock.now) =>
    lockAccount(context, { accountId: ID, lockId, via: 'portal', alertNumber: null, lockedAt })
  await lock(LOCK_ID)
  const isHeld = async () => (await findHoldState(db, ID, clock.now)).hold !== null
  const told = async () => (await db.select().from(notices)).map(({ kind }) => kind).sort()
  const lifted = async () =>
    (await db.select().from(callbacks)).filter(({ type }) => type === 'hold.lifted')
  const stopsTold = async () =>
    (await db.select().from(callbacks))
      .map(({ body }) => JSON.parse(body).data)
      .filter(({ change }) => change === 'lift_stopped')
  const unlifted = async () =>
    (await db.select().from(locks)).filter(({ liftedAt }) => liftedAt === null)
  const ask = () => liftByApi(context, ID, WISH)
  const sweep = () => sweepLifts(context, db, null)
  const held = () => readHeldAccount(db, ID, clock.now)
  return {
    ...{ db, clock, context, device, passkey, lock, isHeld, told, lifted, ask, sweep },
    ...{ held, stopsTold, unlifted },
  }
}

describe('the wish of the exchange', () => {
  const old = { createdAt: NOW - 4 * DAY_MS }
  const young = { createdAt: NOW - 2 * DAY_MS }
  const plain = { ownerLifts: 0, passkeyLostAt: null }
  const owner = (liftDelayHours: number) => ({ liftPolicy: 'owner', liftDelayHours }) as const
  const api = { liftPolicy: 'api', liftDelayHours: 0 } as const

  it.each([
    ['ends holds at once under `api`', api, plain, [old], 'at_once'],
    ['ends none under `owner`', owner(0), plain, [old], 'owner'],
    ['ends them later with a delay', owner(6), plain, [old], 'later'],
    ['ends those of an owner without an old passkey', owner(6), plain, [young], 'at_once'],
    ['ends none where the owner has chosen so', api, { ...plain, ownerLifts: 1 }, [old], 'owner'],
    ['nor later then', owner(6), { ...plain, ownerLifts: 1 }, [old], 'owner'],
    [
      'ends none where the passkey was removed lately',
      owner(0),
      { ...plain, passkeyLostAt: NOW - DAY_MS },
      [],
      'owner',
    ],
  ] as const)('%s', (_what, config, account, passkeys, kind) => {
    const facts = { account, passkeys, startedAt: [NOW], erasedAt: null }
    expect(decideLift(config, facts).kind).toBe(kind)
  })

  it.each([
    ['lately, and imported anew', owner(0), plain, NOW - DAY_MS, 'owner'],
    ['lately, and not imported since', owner(6), null, NOW - DAY_MS, 'later'],
    ['three days before it', owner(0), plain, NOW - 3 * DAY_MS, 'at_once'],
    ['never, and is known by its logins alone', owner(0), null, null, 'at_once'],
    ['lately, under `api`', api, null, NOW - DAY_MS, 'at_once'],
  ] as const)('of an account that was erased %s', (_when, config, account, erasedAt, kind) => {
    const facts = { account, passkeys: [], startedAt: [NOW], erasedAt }
    expect(decideLift(config, facts).kind).toBe(kind)
  })

  it('is told to the phone in the batch that ends the hold, once of two that come together', async () => {
    const { ask, lifted, told } = await stage({ passkeyAgeMs: DAY_MS })
    const answers = await Promise.all([ask(), ask()])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['lifted', 'not_held'])
    expect([(await lifted()).length, await told()]).toEqual([1, ['hold_lifted']])
  })

  it('is later for all holds where one of them is the owner’s', () => {
    const facts = {
      account: plain,
      passkeys: [young],
      startedAt: [NOW, NOW + 2 * DAY_MS],
      erasedAt: null,
    }
    expect(decideLift(owner(6), facts)).toEqual({ kind: 'later', delayMs: 6 * HOUR_MS })
  })
})

describe('a lift that is due later', () => {
  it('is one, and told once, though forty isolates are asked', async () => {
    const { ask, db, told, isHeld } = await stage()
    const answers = await Promise.all(Array.from({ length: 40 }, ask))
    const dueAt = NOW + DELAY_HOURS * HOUR_MS
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ kind: 'later', dueAt })]),
    )
    expect([await db.select().from(holdLifts), await told(), await isHeld()]).toMatchObject([
      [{ holdId: LOCK_ID, dueAt, ended: null }],
      ['lift_asked'],
      true,
    ])
  })

  it('is made once it is due, and not before', async () => {
    const { ask, sweep, clock, isHeld, lifted, told } = await stage()
    await ask()
    clock.now += DELAY_HOURS * HOUR_MS - 1
    await sweep()
    expect([await isHeld(), await lifted()]).toEqual([true, []])
    clock.now += 1
    await Promise.all([sweep(), sweep(), sweep()])
    expect([await isHeld(), await told()]).toEqual([false, ['hold_lifted', 'lift_asked']])
    expect(await lifted()).toHaveLength(1)
    expect(await sweep()).toEqual({ count: 0, last: null })
  })

  it('ends the lock with its hold: pressed again, that lock holds nothing', async () => {
    const { ask, sweep, clock, lock, isHeld, unlifted } = await stage()
    await ask()
    clock.now += DELAY_HOURS * HOUR_MS
    await sweep()
    expect(await unlifted()).toEqual([])
    await lock(LOCK_ID)
    expect(await isHeld()).toBe(false)
  })

  it('is void once stopped, and not to be asked again for that hold', async () => {
    const { ask, sweep, clock, context, db, isHeld, lifted, stopsTold } = await stage()
    await ask()
    const [lift] = await db.select().from(holdLifts)
    const requestNumber = lift?.requestNumber ?? 0
    expect(await stopLifts(context, ID, { by: 'link', requestNumber: requestNumber + 1 })).toBe(
      false,
    )
    expect(await stopsTold()).toEqual([])
    expect(await stopLifts(context, ID, { by: 'link', requestNumber })).toBe(true)
    // Pressed again, it says the same, and the exchange is told once.
    clock.now += MINUTE_MS
    expect(await stopLifts(context, ID, { by: 'link', requestNumber })).toBe(true)
    expect(await stopsTold()).toMatchObject([
      { account_id: ID, direction: 'strengthens', proof: 'link', via: 'link' },
    ])
    clock.now += DELAY_HOURS * HOUR_MS
    await sweep()
    expect([await isHeld(), await lifted(), await ask()]).toEqual([true, [], { kind: 'stopped' }])
  })

  it('is stopped by a tap, also on the link whose lock it was to lift', async () => {
    const { ask, sweep, clock, lock, isHeld } = await stage()
    await ask()
    await lock(LOCK_ID)
    clock.now += DELAY_HOURS * HOUR_MS
    await sweep()
    expect([await isHeld(), await ask()]).toEqual([true, { kind: 'stopped' }])
  })

  it('is not stopped by a press of before that the queue brings again', async () => {
    const { ask, clock, lock, sweep, isHeld } = await stage()
    clock.now += MINUTE_MS
    await ask()
    clock.now += MINUTE_MS
    await lock(LOCK_ID, NOW)
    clock.now += DELAY_HOURS * HOUR_MS
    await sweep()
    expect(await isHeld()).toBe(false)
  })

  it('is stopped by a lock that nobody knew of, whenever it was pressed', async () => {
    const { ask, clock, lock, sweep, isHeld } = await stage()
    clock.now += MINUTE_MS
    await ask()
    clock.now += MINUTE_MS
    await lock('lck_2', NOW)
    clock.now += DELAY_HOURS * HOUR_MS
    await sweep()
    expect(await isHeld()).toBe(true)
  })

  it('is not made sooner by having the account erased while nothing holds it, and imported anew', async () => {
    const { context, db, clock, ask, isHeld } = await stage({ liftDelayHours: 0 })
    clock.now += 2 * DAY_MS
    expect(await eraseAccount(context, ID)).toBe('erased')
    clock.now += MINUTE_MS
    await saveAccountStatement(db, ID, {}, clock.now)
    const hold = {
      accountId: ID,
      holdId: 'hld_2',
      reason: 'activity',
      startedAt: clock.now,
    } as const
    const rest = { until: clock.now + DAY_MS, alertId: null, cause: 'email_changed' }
    const erasedScopes = [...(await scopesOf(KEYS, ID))]
    await db.batch(startHoldStatements(db, { ...hold, ...rest, callbackId: 'cbk_2', erasedScopes }))
    expect([(await ask()).kind, await isHeld()]).toEqual(['owner_required', true])
  })

  it('is told to the exchange where the owner’s pages stop it, and where nothing waits it is not', async () => {
    const { ask, context, stopsTold } = await stage()
    expect(await stopLifts(context, ID, { by: 'portal' })).toBe(false)
    await ask()
    expect(await stopLifts(context, ID, { by: 'portal' })).toBe(true)
    expect(await stopsTold()).toMatchObject([{ proof: 'visit', via: 'portal' }])
  })

  it('leaves a hold that began after the request', async () => {
    const { ask, sweep, clock, db, lifted } = await stage()
    await ask()
    clock.now += HOUR_MS
    await db.batch([
      ...startHoldStatements(db, {
        ...{ accountId: ID, holdId: 'hld_2', reason: 'activity', startedAt: clock.now },
        ...{ until: clock.now + DAY_MS, alertId: null, cause: 'email_changed' },
        ...{ callbackId: 'cbk_2', erasedScopes: [] },
      }),
    ])
    clock.now = NOW + DELAY_HOURS * HOUR_MS
    await sweep()
    const { hold } = await findHoldState(db, ID, clock.now)
    expect([hold?.reason, (await lifted()).length]).toEqual(['activity', 1])
  })

  it('is of no hold that more comes into: what comes since begins one of its own, and into that comes the next', async () => {
    const { ask, sweep, clock, db } = await stage()
    const change = (holdId: string) =>
      db.batch(
        startHoldStatements(db, {
          ...{ accountId: ID, holdId, reason: 'activity', startedAt: clock.now },
          ...{ until: clock.now + DAY_MS, alertId: null, cause: 'email_changed' },
          ...{ callbackId: `cbk_${holdId}`, erasedScopes: [] },
        }),
      )
    for (const holdId of ['hld_1', 'hld_joins']) await change(holdId)
    await ask()
    clock.now += HOUR_MS
    for (const holdId of ['hld_2', 'hld_joins']) await change(holdId)
    clock.now = NOW + DELAY_HOURS * HOUR_MS
    await sweep()
    const { stored } = await findHoldState(db, ID, clock.now)
    expect(stored.map(({ holdId }) => holdId)).toEqual(['hld_2'])
  })

  it('finds what is due through an index that has nothing else', async () => {
    const { db } = await stage()
    const plan = await db.$client
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM hold_lifts WHERE ended IS NULL AND due_at <= 5 ORDER BY due_at',
      )
      .all<{ detail: string }>()
    expect(plan.results.map(({ detail }) => detail).join()).toContain('hold_lifts_due')
  })
})

describe('the link that stops it', () => {
  const claims = stopClaims(ID, 4_000_000_000, NOW)

  it('names its request, in one spelling', async () => {
    const token = (await stopUrl(ORIGIN, KEYS, claims)).replace(`${ORIGIN}/s/`, '')
    expect(await readStopToken(KEYS, token)).toEqual(claims)
    expect(await readStopToken(KEYS, `${token}A`)).toBeNull()
    expect(await readStopToken([new Uint8Array(32).fill(2)], token)).toBeNull()
  })

  it('says after its time what became of it: stopped, lifted, or to be stopped still', async () => {
    const page = async (made: Awaited<ReturnType<typeof stage>>) => {
      const { db, context } = made
      const [row] = await db.select().from(holdLifts)
      if (!row) throw new Error('nothing was asked')
      const link = await stopUrl(ORIGIN, KEYS, stopClaims(ID, row.requestNumber, row.dueAt))
      const headers = { 'accept-language': 'en' }
      const answer = await liftStopRoutes.request(link, { headers }, { context })
      const text = await answer.text()
      return [answer.status, text.includes('<button'), text.includes('Withdrawals stay on hold')]
    }
    const stopped = await stage()
    await stopped.ask()
    expect(await page(stopped)).toEqual([200, true, false])
    await stopLifts(stopped.context, ID, { by: 'portal' })
    const made = await stage()
    await made.ask()
    for (const { clock } of [stopped, made]) clock.now += DELAY_HOURS * HOUR_MS + MINUTE_MS
    expect(await page(stopped)).toEqual([200, false, true])
    expect(await page(made)).toEqual([200, true, false])
    await made.sweep()
    expect(await page(made)).toEqual([410, false, false])
  })
})

describe('a press on it while D1 is away', () => {
  it('says that it failed, by a button that stops and promises no lock', async () => {
    const { context } = await stage()
    const dbOf = () => {
      throw new Error('away')
    }
    const link = await stopUrl(ORIGIN, KEYS, stopClaims(ID, 7, NOW + HOUR_MS))
    const answer = await liftStopRoutes.request(
      link,
      { method: 'POST', headers: { 'accept-language': 'en' } },
      { context: Object.assign(Object.create(null), context, { dbOf }) },
    )
    const text = await answer.text()
    expect([answer.status, text.includes('role="alert"')]).toEqual([503, true])
    expect(/<button[^>]*>([^<]*)/.exec(text)?.[1]).toBe('Keep withdrawals on hold')
  })
})

describe('an owner’s own rule', () => {
  it('is not loosened at the moment a hold begins, whatever holds', async () => {
    const { db, clock } = await stage()
    const isHeld = async (accountId: string) =>
      (await db.get<{ held: number }>(sql`SELECT ${isHeldByAnySql(accountId, clock.now)} AS held`))
        .held
    expect([await isHeld(ID), await isHeld('a001')]).toEqual([1, 0])
    const until = clock.now + HOUR_MS
    const hold = { holdId: 'hld_1', reason: 'cooling_off', cause: 'device', alertId: null } as const
    const begun = { ...hold, accountId: 'a001', startedAt: clock.now, until, callbackId: 'cbk_1' }
    await db.batch(startHoldStatements(db, { ...begun, erasedScopes: [] }))
    expect(await isHeld('a001')).toBe(1)
    clock.now = until
    expect(await isHeld('a001')).toBe(0)
  })
})

describe('the owner’s signature', () => {
  const VISIT = 'vst_1'

  async function signed(change: { readonly holdId?: string } = {}) {
    const made = await stage({ liftDelayHours: 0 })
    const { context, device, held, clock } = made
    clock.now += MINUTE_MS
    const hold = signableHold(context.config, await held())
    const offer = hold && (await offerLift(context, hold, VISIT))
    if (!hold || !offer) throw new Error('nothing to sign')
    const options: { challenge: string } = JSON.parse(offer.options)
    const form = new URLSearchParams({
      hold_id: change.holdId ?? offer.holdId,
      challenge: offer.sealedChallenge,
      credential: device.assert({ challenge: options.challenge }),
    })
    return { ...made, hold, form }
  }

  it('ends a lock’s hold once, and the exchange’s own verifier takes it', async () => {
    const { context, hold, form, isHeld, lifted, passkey, device, told, clock } = await signed()
    const press = () => liftBySignature(context, hold, { visitId: VISIT, form })
    const answers = [await press(), await press()]
    expect(answers).toMatchObject([{ ok: true }, { ok: false, error: 'too_late' }])
    expect([await isHeld(), await told()]).toEqual([false, ['hold_lifted']])
    const [callback, ...others] = await lifted()
    expect(others).toEqual([])
    const { data } = JSON.parse(callback?.body ?? '')
    const lift = readLift(ID, data.hold_id, data)
    if (!lift) throw new Error('no assertion')
    const jwk = device.publicJwk
    const key = { credentialId: passkey.credentialId, jwk, alg: -7, rpId: 'lock.example.com' }
    const rules = { origin: ORIGIN, now: clock.now, lateMs: 0 }
    expect((await verifySignedLift(lift, key, rules)).kind).toBe('signed')
    const other = { ...lift, holdIds: ['lck_2'] }
    expect(await verifySignedLift(other, key, rules)).toEqual({
      kind: 'refused',
      why: 'client_data',
    })
  })

  it('ends the lock with its hold: pressed again, that lock holds nothing', async () => {
    const { context, hold, form, lock, isHeld, unlifted } = await signed()
    expect((await liftBySignature(context, hold, { visitId: VISIT, form })).ok).toBe(true)
    expect(await unlifted()).toEqual([])
    await lock(LOCK_ID)
    expect(await isHeld()).toBe(false)
  })

  it('is worth nothing for another hold, or in another visit', async () => {
    const { context, hold, form, isHeld } = await signed()
    const elsewhere = await liftBySignature(context, hold, { visitId: 'vst_2', form })
    form.set('hold_id', 'lck_2')
    const other = await liftBySignature(context, hold, { visitId: VISIT, form })
    expect([elsewhere, other, await isHeld()]).toMatchObject([
      { error: 'challenge' },
      { error: 'other_hold' },
      true,
    ])
  })

  it('comes too late after another lock', async () => {
    const { context, hold, form, lock, isHeld } = await signed()
    await lock('lck_2')
    const answer = await liftBySignature(context, hold, { visitId: VISIT, form })
    expect([answer, await isHeld()]).toMatchObject([{ error: 'too_late' }, true])
  })

  it('is not asked of a passkey that was added in the three days before the lock', async () => {
    const { context, held } = await stage({ passkeyAgeMs: 71 * HOUR_MS })
    expect(signableHold(context.config, await held())).toBeNull()
  })
})
