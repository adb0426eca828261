// What the exchange is told of a lock, however badly it listens, and what it may do itself: lock, ask,
// lift.

import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mintLink } from '../support/lock-links.ts'
import {
  accountPath,
  execute,
  importOwner,
  loginAndDeliver,
  loginAt,
  newOwner,
  type Owner,
  pathOf,
  problemOf,
  queryOne,
} from '../support/owner.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import type { CallbackMode } from '../world/exchange-callbacks.ts'
import { createSecrets } from '../world/world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const callbackSecrets = [createSecrets(), createSecrets()].flatMap((s) => s.callbackSecrets)

/** No hold, as the API says it; that the account is known stands beside it. */
const FREE = { held: false, until: null, reason: null, hold_id: null, lock_id: null }

const FIVE = [
  ...['sessions.revoke', 'withdrawals.hold', 'api_keys.revoke'],
  ...['withdrawals.cancel', 'orders.cancel'],
]

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({
    world: { secrets: { callbackSecrets } },
    settings: { LOCK_ACTIONS: FIVE.join(' ') },
  })
})

afterAll(() => stage.close())

afterEach(async () => {
  stage.world.exchange.setLockAnswer(null)
  await stage.world.exchange.setCallbackMode('ok')
})

async function freshLink() {
  const owner = await importOwner(stage)
  return { owner, ...(await loginAndDeliver(stage, owner)) }
}

const press = (link: string) => stage.runtime.fetch(pathOf(link), { method: 'POST' })

async function stateHeading(link: string): Promise<string> {
  const page = await stage.runtime.fetch(`${pathOf(link)}/status`)
  return /<h1>(.*)<\/h1>/.exec(await page.text())?.[1] ?? ''
}

function receivedFor(owner: Owner, type: string) {
  return stage.world.exchange.callbacks
    .entries()
    .filter(({ event }) => event?.type === type && event.accountId === owner.id)
}

const callbackRow = (owner: Owner) =>
  queryOne(stage, 'SELECT * FROM callbacks WHERE account_id = ?', owner.id)

describe('the callback of a lock', () => {
  it('carries one signature for each secret, and each of them fits', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    const told = await eventually('the callback', () => receivedFor(owner, 'account.locked')[0])
    const signatures = told.headers['webhook-signature']?.split(' ') ?? []
    expect(signatures).toHaveLength(2)
    for (const [index, secret] of callbackSecrets.entries()) {
      const headers = { ...told.headers, 'webhook-signature': signatures[index] ?? '' }
      expect(() => new Webhook(secret).verify(told.body, headers)).not.toThrow()
    }
  })

  const failing: [CallbackMode, Record<string, unknown>][] = [
    ['500', { last_status: 500, last_error: null }],
    ['410', { last_status: 410, last_error: null }],
    ['302', { last_status: 302, last_error: null }],
    ['refuse', { last_status: null, last_error: 'connection_failed' }],
    ['hang', { last_status: null, last_error: 'timeout' }],
  ]
  it.each(failing)(
    'is repeated when the exchange answers in the way "%s", until it confirms',
    async (mode, note) => {
      const { exchange } = stage.world
      await exchange.setCallbackMode(mode)
      const { owner, link } = await freshLink()
      expect((await press(link)).status).toBe(200)
      const failed = await eventually('a failed attempt', async () => {
        const row = await callbackRow(owner)
        return row?.lease_until === 0 && Number(row.attempts) >= 1 && row
      })
      expect(failed).toMatchObject({ state: 'open', confirmed_at: null, ...note })
      expect(await stateHeading(link)).toBe('Lock requested')
      expect(exchange.account(owner.id).holdUntil).toBeNull()

      await exchange.setCallbackMode('ok')
      await eventually(
        'the confirmation',
        async () => (await callbackRow(owner))?.state === 'confirmed',
      )
      expect(await stateHeading(link)).toBe('Your account is locked')
      expect(exchange.account(owner.id).holdUntil).not.toBeNull()
      const elsewhere = exchange.callbacks.entries().filter((c) => c.problem === 'no such path')
      expect(elsewhere).toEqual([])
      const ids = new Set(receivedFor(owner, 'account.locked').map((c) => c.webhookId))
      expect(ids.size).toBe(1)
    },
  )

  it('is news to the exchange though an erased account of that name was locked before', async () => {
    const owner = await importOwner(stage)
    // A link's expiry, by which the two alerts #1 differ, is counted in seconds.
    const before = { at: Date.now() - 60_000 }
    const { link } = await loginAndDeliver(stage, owner, {}, before)
    await press(link)
    await eventually('confirmation', async () => (await callbackRow(owner))?.state === 'confirmed')
    const { exchange } = stage.world
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'identified' })
    await exchange.api('DELETE', accountPath(owner))
    await exchange.api('PUT', accountPath(owner), { phone: owner.phone })
    const again = await loginAndDeliver(stage, owner)
    await press(again.link)
    const told = await eventually('the callback', () => receivedFor(owner, 'account.locked')[1])
    expect(told.repeated).toBe(false)
  })

  it('is followed by news of a session that happened before, and was reported after', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    const at = Date.now() - 60_000
    await loginAt(stage, owner, at)
    const told = await eventually('the callback', () => receivedFor(owner, 'session.revoked')[0])
    expect(told.event?.data).toMatchObject({ session_id: `s_${at}` })
    const token = new URLSearchParams({ token: `s_${at}` })
    const answer = await stage.world.exchange.api('POST', '/v1/introspect', token)
    expect(answer.body).toEqual({ active: false })
  })

  it('is repeated from the outbox when its queue message is lost', async () => {
    const { owner, link } = await freshLink()
    await stage.setFaults({ callbacks: true })
    const page = await press(link)
    await stage.setFaults({})
    expect(page.status).toBe(200)
    await stage.settle()
    expect(receivedFor(owner, 'account.locked')).toEqual([])
    const overdueAt = Date.now() - 61_000
    await execute(
      stage,
      'UPDATE callbacks SET next_attempt_at = ? WHERE account_id = ?',
      overdueAt,
      owner.id,
    )
    await stage.runtime.tick()
    await eventually('the callback', () => receivedFor(owner, 'account.locked')[0])
  })
})

describe('a lock of five actions', () => {
  it('is confirmed action by action, and said to be done only when all are', async () => {
    const { exchange } = stage.world
    exchange.setLockAnswer({ done: ['sessions.revoke'], failed: ['orders.cancel'] })
    const { owner, link } = await freshLink()
    const before = await (await stage.runtime.fetch(pathOf(link))).text()
    expect(before).toContain('Cancel open orders')
    await press(link)
    const [told] = await eventually('the delivery', async () => {
      const row = await callbackRow(owner)
      return row?.state === 'confirmed' && receivedFor(owner, 'account.locked')
    })
    expect(told?.event?.data.actions).toEqual(FIVE)
    expect(await stateHeading(link)).toBe('Lock confirmed in part')
    const lockId = String(told?.event?.data.lock_id)
    const path = accountPath(owner, `/locks/${lockId}/actions`)
    const say = (body: unknown) => exchange.api('POST', path, body)
    for (const action of FIVE.slice(1)) {
      expect(await stateHeading(link)).toBe('Lock confirmed in part')
      const answer = await say({ done: [action] })
      expect(answer.status).toBe(200)
      expect(answer.body).toMatchObject({ lock_id: lockId })
      expect(JSON.stringify(answer.body)).toContain(`{"action":"${action}","state":"done"`)
    }
    expect(await stateHeading(link)).toBe('Your account is locked')
    // Done is final; and it was posted once.
    expect(JSON.stringify((await say({ failed: FIVE })).body)).not.toContain('"failed"')
    expect(receivedFor(owner, 'account.locked')).toHaveLength(1)
  })

  it('takes no word on another account’s lock, nor one that it does not know', async () => {
    const { exchange } = stage.world
    const { owner, link } = await freshLink()
    const other = await importOwner(stage)
    await press(link)
    const told = await eventually('the callback', () => receivedFor(owner, 'account.locked')[0])
    const below = `/locks/${String(told.event?.data.lock_id)}/actions`
    const done = { done: ['withdrawals.hold'] }
    const elsewhere = await exchange.api('POST', accountPath(other, below), done)
    expect(problemOf(elsewhere)).toMatchObject({ status: 404, code: 'not_found' })
    const bad = { done: ['withdrawals.hold', 'wallet.burn'], lock_id: 'lck_2' }
    const refused = await exchange.api('POST', accountPath(owner, below), bad)
    expect(problemOf(refused)).toMatchObject({ status: 422, code: 'invalid_request' })
    expect(JSON.stringify(refused.body)).toContain('"/done/1"')
    expect(JSON.stringify(refused.body)).toContain('"/lock_id"')
  })
})

describe('a hold', () => {
  it('is none for an account that was never locked', async () => {
    const { exchange } = stage.world
    const { body } = await exchange.api('GET', accountPath(newOwner(), '/hold'))
    expect(body).toEqual({ ...FREE, known: false })
  })

  it('ends by itself', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    await execute(
      stage,
      'UPDATE accounts SET hold_until = ? WHERE account_id = ?',
      Date.now() - 1,
      owner.id,
    )
    const { body } = await stage.world.exchange.api('GET', accountPath(owner, '/hold'))
    expect(body).toEqual({ ...FREE, known: true })
  })

  it('is lifted with a reason, which the exchange is told, and the page says so', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    await eventually('the lock', () => receivedFor(owner, 'account.locked')[0])
    const lockId = (
      await queryOne(stage, 'SELECT lock_id FROM locks WHERE account_id = ?', owner.id)
    )?.lock_id
    const { exchange } = stage.world
    const answer = await exchange.api('DELETE', accountPath(owner, '/hold'), {
      reason: 'owner called from the number on file',
    })
    expect([answer.status, answer.body]).toEqual([200, { ...FREE, known: true }])
    const told = await eventually('the callback', () => receivedFor(owner, 'hold.lifted')[0])
    expect([told.valid, told.event?.data]).toEqual([
      true,
      {
        account_id: owner.id,
        hold_id: lockId,
        lock_id: lockId,
        hold_reason: 'lock',
        reason: 'owner called from the number on file',
        lifted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ])
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: false })
    expect(await stateHeading(link)).toBe('The hold was lifted')
  })

  it('once lifted is not brought back by the old link', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    const { exchange } = stage.world
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'it was me' })
    const later = await loginAndDeliver(stage, owner)
    const again = await press(link)
    expect(await again.text()).toContain('<h1>The hold was lifted</h1>')
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: false })
    const token = new URLSearchParams({ token: later.sessionId })
    const introspected = await exchange.api('POST', '/v1/introspect', token)
    expect(introspected.body).toMatchObject({ active: true })
  })

  it('once lifted is set again by the link of a newer alert', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    const { exchange } = stage.world
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'it was me' })
    const later = await loginAndDeliver(stage, owner)
    await press(later.link)
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: true })
  })

  it('once lifted stays lifted at the exchange, though the news of the lock was late', async () => {
    const { owner, link } = await freshLink()
    const { exchange } = stage.world
    await exchange.setCallbackMode('500')
    await press(link)
    await eventually('a failed attempt', () => receivedFor(owner, 'account.locked')[0])
    await exchange.setCallbackMode('ok')
    await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'it was me' })
    await eventually('both confirmations', async () => {
      const open = "SELECT count(*) AS n FROM callbacks WHERE account_id = ? AND state = 'open'"
      return (await queryOne(stage, open, owner.id))?.n === 0
    })
    expect(receivedFor(owner, 'hold.lifted')).toHaveLength(1)
    expect(exchange.account(owner.id).holdUntil).toBeNull()
  })

  it('is not lifted without a reason', async () => {
    const { owner, link } = await freshLink()
    await press(link)
    const { exchange } = stage.world
    const answer = await exchange.api('DELETE', accountPath(owner, '/hold'))
    expect(problemOf(answer)).toEqual({
      status: 422,
      code: 'invalid_request',
      pointers: ['/reason'],
    })
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: true })
  })

  it('that is none is lifted without a callback', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    const answer = await exchange.api('DELETE', `${accountPath(owner, '/hold')}?reason=tidy`)
    expect(answer.status).toBe(200)
    expect(await callbackRow(owner)).toBeNull()
  })
})

describe('a lock of an account that is held already', () => {
  /** A login that happened `agoMs` ago, and the link of its alert. */
  async function loginAgo(owner: Owner, agoMs: number, alertNumber: number) {
    const at = Date.now() - agoMs
    await loginAt(stage, owner, at)
    const exp = Math.floor((at + DAY_MS) / 1000)
    return { at, link: mintLink(stage, { sub: owner.id, jti: String(alertNumber), exp }) }
  }
  const holdOf = async (accountId: string) =>
    Number(
      (await queryOne(stage, 'SELECT hold_until FROM accounts WHERE account_id = ?', accountId))
        ?.hold_until,
    )

  it('never moves the end past 24 h from the newest login', async () => {
    const owner = await importOwner(stage)
    const first = await loginAgo(owner, 5 * HOUR_MS, 1)
    await press(first.link)
    // As if the first lock had been pressed many hours ago.
    const nearEnd = Date.now() + 2 * HOUR_MS
    await execute(
      stage,
      'UPDATE accounts SET hold_until = ? WHERE account_id = ?',
      nearEnd,
      owner.id,
    )
    const second = await loginAgo(owner, 3 * HOUR_MS, 2)
    await press(second.link)
    expect(await holdOf(owner.id)).toBe(second.at + DAY_MS)
  })

  it('never shortens the hold', async () => {
    const owner = await importOwner(stage)
    const first = await loginAgo(owner, 5 * HOUR_MS, 1)
    await press(first.link)
    const before = await holdOf(owner.id)
    const second = await loginAgo(owner, 3 * HOUR_MS, 2)
    await press(second.link)
    expect(await holdOf(owner.id)).toBe(before)
  })
})

describe('a lock by the exchange itself', () => {
  it('holds, revokes and is confirmed like any other', async () => {
    const { owner, sessionId } = await freshLink()
    const { exchange } = stage.world
    const before = Date.now()
    const answer = await exchange.api('POST', accountPath(owner, '/lock'))
    const { lock_id: lockId, hold_until: holdUntil } = Object(answer.body)
    expect(answer.status).toBe(201)
    expect(Date.parse(holdUntil)).toBeGreaterThanOrEqual(before + DAY_MS)
    const told = await eventually('the callback', () => receivedFor(owner, 'account.locked')[0])
    expect(told.event?.data).toEqual({
      account_id: owner.id,
      lock_id: lockId,
      alert_id: null,
      via: 'api',
      hold_until: holdUntil,
      session_ids: [sessionId],
      actions: FIVE,
    })
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toEqual({
      ...{ held: true, until: holdUntil, reason: 'lock' },
      ...{ hold_id: lockId, lock_id: lockId, known: true },
    })
  })

  it('works for an account that was never imported', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    expect((await exchange.api('POST', accountPath(owner, '/lock'))).status).toBe(201)
    const hold = await exchange.api('GET', accountPath(owner, '/hold'))
    expect(hold.body).toMatchObject({ held: true })
  })

  it('does not keep the number of the account from being imported later', async () => {
    const owner = newOwner()
    const { exchange } = stage.world
    await exchange.api('POST', accountPath(owner, '/lock'))
    await exchange.api('PUT', accountPath(owner), { phone: owner.phone })
    await loginAndDeliver(stage, owner)
    const account = await exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ held: true, phone: { state: 'ok' } })
  })
})
