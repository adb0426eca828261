// The simulated local aggregator holds callers to its JSON API and signs its reports.

import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import type { CarrierMode } from '../../world/carrier-modes.ts'
import { createHttpProtocol } from '../../world/carriers/http.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { FAST, type Received, send, startReceiver } from './helpers.ts'

const PATH = '/v2/messages'
const SECRET = 'a signature secret of this test'
const HEADERS = { authorization: 'Bearer token1', 'content-type': 'application/json' }
const GOOD = { to: '+12025550123', from: 'Demo', text: 'Demo #1: new login' }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = [], mode: CarrierMode = 'ok') {
  const account = { token: 'token1', signatureSecret: SECRET }
  const carrier = await startCarrier(createHttpProtocol(account), {
    mode,
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (carrier: Carrier<'http'>, ...messages: readonly object[]) =>
  send(carrier.origin + PATH, HEADERS, JSON.stringify({ messages }))

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const dlt = { template_id: '1107161234567890123', entity_id: '1101234567890123456' }
  const reply = await post(carrier, { ...GOOD, client_ref: 'r1', ttl: 120, dlt })
  expect(reply).toMatchObject({
    status: 200,
    body: { messages: [{ id: expect.stringMatching(/^m-\d+$/), status: 'queued', parts: 1 }] },
  })
  expect(phone).toMatchObject([{ provider: 'http', to: '+12025550123', text: GOOD.text }])
  expect(carrier.calls.entries()).toMatchObject([
    { ref: 'r1', to: '+12025550123', validitySeconds: 120 },
  ])
})

test.each([
  ['to', { to: '12025550123' }],
  ['from', { from: undefined }],
  ['from', { from: 'Lockline for you' }],
  ['text', { text: '' }],
  ['text', { text: 'x'.repeat(919) }],
  ['client_ref', { client_ref: '' }],
  ['callback_url', { callback_url: '/x' }],
  ['ttl', { ttl: '120' }],
  ['ttl', { ttl: 59 }],
  ['dlt', { dlt: {} }],
  ['dlt', { dlt: { template_id: '' } }],
  ['body', { body: 'x' }],
])('refuses a wrong %s: %j', async (name, fields) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, { ...GOOD, ...fields })
  expect(reply).toMatchObject({ status: 422, body: { error: `invalid ${name}` } })
  expect(phone).toHaveLength(0)
})

test.each([
  ['a wrong token', PATH, { ...HEADERS, authorization: 'Bearer x' }, 'POST', 401],
  ['plain text', PATH, { ...HEADERS, 'content-type': 'text/plain' }, 'POST', 415],
  ['another path', '/v2/message', HEADERS, 'POST', 404],
  ['another method', PATH, HEADERS, 'PUT', 405],
])('refuses %s', async (_name, path, headers, method, status) => {
  const carrier = await start()
  const body = JSON.stringify({ messages: [GOOD] })
  const reply = await send(carrier.origin + path, headers, body, { method })
  expect(reply.status).toBe(status)
})

test.each(['{', '{}', '{"messages":[]}', '{"messages":[{},{}]}'])('refuses %j', async (body) => {
  const carrier = await start()
  expect((await send(carrier.origin + PATH, HEADERS, body)).status).toBe(400)
})

test.each([
  ['+15005550001', 'invalid_number'],
  ['+15005550003', 'no_route'],
  ['+15005550004', 'opted_out'],
])('the number %s is refused by %s, in a 200', async (to, code) => {
  const carrier = await start()
  expect(await post(carrier, { ...GOOD, to })).toMatchObject({
    status: 200,
    body: { messages: [{ status: 'refused', error: { code } }] },
  })
})

test.each([
  ['rejected', 200],
  ['500', 500],
  ['429', 429],
] as const)('in the mode %s answers %i', async (mode, status) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone, mode)
  expect((await post(carrier, GOOD)).status).toBe(status)
  expect(phone).toHaveLength(0)
})

function isSigned({ headers, body }: Received): boolean {
  const expected = createHmac('sha256', SECRET).update(body).digest('hex')
  return headers['x-signature'] === `sha256=${expected}`
}

async function receiptsOf(mode: CarrierMode, count: number) {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start([], mode)
  const callback_url = `${receiver.origin}/r/1`
  await post(carrier, { ...GOOD, client_ref: 'r1', callback_url })
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(count)
  return receiver.received.map((received) => ({
    signed: isSigned(received),
    ...JSON.parse(received.body),
  }))
}

test('reports tell of sending and delivery, signed', async () => {
  const posts = await receiptsOf('ok', 2)
  expect(posts).toMatchObject([
    { signed: true, reports: [{ client_ref: 'r1', status: 'sent' }] },
    { signed: true, reports: [{ client_ref: 'r1', status: 'delivered' }] },
  ])
  expect(posts[0].reports[0].id).toBe(posts[1].reports[0].id)
})

test('a report of failure has a code', async () => {
  const error = { code: 'unreachable' }
  expect(await receiptsOf('undelivered', 1)).toMatchObject([
    { signed: true, reports: [{ status: 'undeliverable', error }] },
  ])
})

test('forged reports are signed with another secret', async () => {
  const posts = await receiptsOf('forged-receipts', 4)
  expect(posts.map(({ signed }) => signed)).toEqual([false, false, true, true])
})
