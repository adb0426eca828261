// The simulated exchange: what it posts is signed as Standard Webhooks says, what it takes is
// verified, and its knobs misbehave as named. Signatures are checked here with node:crypto alone.

import { createHmac, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Exchange, startExchange } from '../../world/exchange.ts'
import { giveUp, type Reply, send, startReceiver } from './helpers.ts'

const WEBHOOK_SECRET = `whsec_${randomBytes(24).toString('base64')}`
const OLD_SECRET = `whsec_${randomBytes(24).toString('base64')}`
const CALLBACK_SECRET = `whsec_${randomBytes(24).toString('base64')}`

let worker: Awaited<ReturnType<typeof startReceiver>>
let exchange: Exchange

beforeEach(async () => {
  worker = await startReceiver([202])
  exchange = await startExchange({
    workerOrigin: worker.origin,
    webhookSecrets: [WEBHOOK_SECRET],
    apiKeys: ['key_1'],
    callbackSecrets: [CALLBACK_SECRET, OLD_SECRET],
  })
})
afterEach(async () => {
  await exchange.close()
  await worker.close()
})

function sign(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}

type CallbackChanges = {
  id?: string
  secret?: string
  body?: string
  seconds?: number
  signal?: AbortSignal
}

function post(event: unknown, changes: CallbackChanges = {}): Promise<Reply> {
  const body = JSON.stringify(event)
  const id = changes.id ?? 'msg_1'
  const seconds = changes.seconds ?? Math.floor(Date.now() / 1000)
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': sign(changes.secret ?? CALLBACK_SECRET, id, seconds, body),
  }
  const { signal } = changes
  return send(exchange.callbackUrl, headers, changes.body ?? body, signal ? { signal } : {})
}

const UNTIL = new Date(Date.now() + 86_400_000).toISOString()
const LOCKED = {
  type: 'account.locked',
  timestamp: new Date().toISOString(),
  data: {
    account_id: 'a1',
    lock_id: 'l1',
    alert_id: 'al1',
    via: 'link',
    hold_until: UNTIL,
    session_ids: ['s1', 's2'],
    actions: ['sessions.revoke', 'withdrawals.hold'],
  },
}

test('a login is posted with a signature that an independent check accepts', async () => {
  const answer = await exchange.login({ account_id: 'a1', session_id: 's1', city: 'Oslo' })
  expect(answer.status).toBe(202)
  const [received] = worker.received
  expect(received?.target).toBe('/v1/events')
  const headers = received?.headers ?? {}
  const body = received?.body ?? ''
  const id = String(headers['webhook-id'])
  const seconds = Number(headers['webhook-timestamp'])
  expect(headers['webhook-signature']).toBe(sign(WEBHOOK_SECRET, id, seconds, body))
  expect(JSON.parse(body)).toMatchObject({
    type: 'login.succeeded',
    data: { account_id: 'a1', session_id: 's1', city: 'Oslo', country: 'DE' },
  })
  expect(exchange.account('a1').sessions).toMatchObject([{ id: 's1', state: 'live' }])
  expect(exchange.logins.entries()).toMatchObject([{ status: 202, accountId: 'a1' }])
})

test('a logout ends the session and tells Lockline', async () => {
  await exchange.login({ account_id: 'a1', session_id: 's1' })
  await exchange.logout('a1', 's1')
  expect(exchange.account('a1').sessions).toMatchObject([{ id: 's1', state: 'ended' }])
  expect(JSON.parse(worker.received[1]?.body ?? '')).toMatchObject({
    type: 'session.ended',
    data: { account_id: 'a1', session_id: 's1' },
  })
})

test('an unreachable Lockline is an answer with status 0, not an exception', async () => {
  await worker.close()
  const answer = await exchange.login({ account_id: 'a1' })
  expect(answer.status).toBe(0)
  expect(answer.problem).not.toBeNull()
})

test('the REST client sends the key and JSON', async () => {
  await exchange.api('PUT', '/v1/accounts/a1', { phone: '+12025550123' })
  const [received] = worker.received
  expect(received?.target).toBe('/v1/accounts/a1')
  expect(received?.headers.authorization).toBe('Bearer key_1')
  expect(received?.body).toBe('{"phone":"+12025550123"}')
})

test('a hold that was missed is asked for', async () => {
  const hold = { held: true, until: UNTIL, lock_id: 'l1' }
  worker.say(JSON.stringify(hold), 200)
  await exchange.refreshHold('a1')
  expect(exchange.account('a1').holdUntil).toBe(Date.parse(hold.until))
  worker.say(JSON.stringify({ held: false, known: true }), 200)
  await exchange.refreshHold('a1')
  expect(exchange.account('a1').holdUntil).toBeNull()
})

test('a verified lock ends every session, named or not, and holds withdrawals', async () => {
  for (const session_id of ['s1', 's2', 's3']) {
    await exchange.login({ account_id: 'a1', session_id })
  }
  const answer = await post(LOCKED)
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ done: ['sessions.revoke', 'withdrawals.hold'], failed: [] })
  const callback = await exchange.waitForCallback(({ valid }) => valid)
  expect(callback.event?.type).toBe('account.locked')
  const account = exchange.account('a1')
  expect(account.sessions.map(({ state }) => state)).toEqual(['revoked', 'revoked', 'revoked'])
  expect(account.holdUntil).toBe(Date.parse(UNTIL))

  const repeated = await post(LOCKED)
  expect(repeated).toMatchObject({ status: 200, body: answer.body })
  expect(exchange.account('a1').lockIds).toEqual(['l1'])
  expect(exchange.callbacks.entries().map((entry) => entry.repeated)).toEqual([false, true])
})

test('an older lock does not shorten a hold, and a lifted one opens it', async () => {
  await post(LOCKED)
  const older = { ...LOCKED, data: { ...LOCKED.data, hold_until: new Date().toISOString() } }
  await post(older, { id: 'msg_2' })
  expect(exchange.account('a1').holdUntil).toBe(Date.parse(UNTIL))
  await post({ type: 'hold.lifted', data: { account_id: 'a1' } }, { id: 'msg_3' })
  expect(exchange.account('a1').holdUntil).toBeNull()
})

test('a callback under the previous secret is accepted while both are listed', async () => {
  expect((await post(LOCKED, { secret: OLD_SECRET })).status).toBe(200)
})

test.each([
  ['another key', { secret: WEBHOOK_SECRET }, 401],
  ['a changed body', { body: JSON.stringify({ ...LOCKED, type: 'hold.lifted' }) }, 401],
  ['a stale time', { seconds: Math.floor(Date.now() / 1000) - 3600 }, 401],
])('a callback with %s is not believed', async (_name, changes, status) => {
  expect((await post(LOCKED, changes)).status).toBe(status)
  expect(exchange.callbacks.entries()).toMatchObject([{ valid: false, event: null }])
  expect(exchange.account('a1').holdUntil).toBeNull()
})

test('a signed body that is no event is refused', async () => {
  expect((await post({ hello: 1 })).status).toBe(422)
})

test.each([
  ['500', 500],
  ['410', 410],
  ['302', 302],
] as const)('the endpoint set to %s confirms nothing', async (mode, status) => {
  await exchange.setCallbackMode(mode)
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(exchange.callbackUrl, {
    method: 'POST',
    headers,
    body: '{}',
    redirect: 'manual',
  })
  expect(response.status).toBe(status)
  expect(exchange.account('a1').holdUntil).toBeNull()
})

test('hang takes the callback and never answers; refuse does not even listen', async () => {
  await exchange.setCallbackMode('hang')
  await giveUp(exchange.callbacks, (signal) => post(LOCKED, { signal }))
  expect(exchange.callbacks.entries()).toMatchObject([{ mode: 'hang', status: null, valid: true }])
  expect(exchange.account('a1').holdUntil).toBeNull()
  await exchange.setCallbackMode('refuse')
  await expect(post(LOCKED)).rejects.toThrow()
  expect(exchange.callbacks.total()).toBe(1)
  await exchange.setCallbackMode('ok')
  expect((await post(LOCKED)).status).toBe(200)
})
