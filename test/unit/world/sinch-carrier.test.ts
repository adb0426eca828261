// The simulated Sinch holds callers to the XMS v1 batches and signs its delivery reports.

import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import type { CarrierMode } from '../../world/carrier-modes.ts'
import { createSinchProtocol, signSinchBody } from '../../world/carriers/sinch.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { FAST, type Received, send, startReceiver } from './helpers.ts'

const PATH = '/xms/v1/plan1/batches'
const SECRET = 'a callback secret of this test'
const HEADERS = { authorization: 'Bearer token1', 'content-type': 'application/json' }
const GOOD = { to: ['+12025550123'], from: '+12025550104', body: 'Demo #1: new login' }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = [], mode: CarrierMode = 'ok') {
  const account = { servicePlanId: 'plan1', apiToken: 'token1', callbackSecret: SECRET }
  const carrier = await startCarrier(createSinchProtocol(account), {
    mode,
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (
  carrier: Carrier<'sinch'>,
  body: unknown,
  path = PATH,
  headers = HEADERS,
  method = 'POST',
) => send(carrier.origin + path, headers, JSON.stringify(body), { method })

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const expire_at = inSeconds(120)
  const more = { type: 'mt_text', client_reference: 'r1', expire_at, truncate_concat: false }
  const reply = await post(carrier, { ...GOOD, ...more })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({
    id: expect.stringMatching(/^[0-9A-Z]{26}$/),
    to: ['12025550123'],
    type: 'mt_text',
    canceled: false,
    delivery_report: 'none',
    expire_at,
  })
  expect(phone).toMatchObject([{ provider: 'sinch', to: '+12025550123', text: GOOD.body }])
  expect(carrier.calls.entries()).toMatchObject([
    { ref: 'r1', to: '+12025550123', validitySeconds: 120 },
  ])
})

const FORMAT = 'syntax_invalid_parameter_format'
const CONSTRAINT = 'syntax_constraint_violation'

test.each([
  ['a number for a list', { ...GOOD, to: '+12025550123' }, CONSTRAINT, 'to'],
  ['an empty list', { ...GOOD, to: [] }, CONSTRAINT, 'to'],
  ['what is no number', { ...GOOD, to: ['12025550123', '(202)'] }, FORMAT, 'to'],
  ['no sender', { ...GOOD, from: undefined }, CONSTRAINT, 'from'],
  ['a long sender name', { ...GOOD, from: 'Lockline for you' }, FORMAT, 'from'],
  ['no body', { ...GOOD, body: undefined }, CONSTRAINT, 'body'],
  ['a body of 2001 characters', { ...GOOD, body: 'x'.repeat(2001) }, CONSTRAINT, 'body'],
  ['another type', { ...GOOD, type: 'mt_media' }, CONSTRAINT, 'type'],
  ['an unknown report', { ...GOOD, delivery_report: 'final' }, FORMAT, 'delivery_report'],
  ['a relative callback', { ...GOOD, callback_url: '/x' }, FORMAT, 'callback_url'],
  ['seconds to expire', { ...GOOD, expire_at: '120' }, FORMAT, 'expire_at'],
  ['an expiry gone by', { ...GOOD, expire_at: inSeconds(-1) }, CONSTRAINT, 'expire_at'],
  ['an expiry in 4 days', { ...GOOD, expire_at: inSeconds(345_600) }, CONSTRAINT, 'expire_at'],
  ['to cut the text', { ...GOOD, truncate_concat: true }, CONSTRAINT, 'truncate_concat'],
  [
    'too many parts',
    { ...GOOD, body: 'x'.repeat(161), max_number_of_message_parts: 1 },
    CONSTRAINT,
    'max_number_of_message_parts',
  ],
  ['an unknown field', { ...GOOD, text: 'x' }, CONSTRAINT, 'text'],
])('refuses %s', async (_name, body, code, name) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, body)
  expect(reply.status).toBe(400)
  expect(reply.body).toEqual({ code, text: expect.stringMatching(new RegExp(`^${name}: `)) })
  expect(phone).toHaveLength(0)
})

test('a report without a callback URL is refused', async () => {
  const carrier = await start()
  const reply = await post(carrier, { ...GOOD, delivery_report: 'per_recipient' })
  expect(reply.status).toBe(403)
  expect(reply.body).toMatchObject({ code: 'missing_callback_url' })
})

test.each([
  ['a wrong token', PATH, { ...HEADERS, authorization: 'Bearer x' }, 'POST', 401],
  ['another plan', '/xms/v1/plan2/batches', HEADERS, 'POST', 401],
  ['plain text', PATH, { ...HEADERS, 'content-type': 'text/plain' }, 'POST', 415],
  ['another path', '/xms/v1/plan1/batch', HEADERS, 'POST', 404],
  ['another method', PATH, HEADERS, 'PUT', 405],
])('refuses %s, without a body', async (_name, path, headers, method, status) => {
  const carrier = await start()
  const reply = await post(carrier, GOOD, path, headers, method)
  expect(reply).toMatchObject({ status, body: '' })
})

test('refuses what is no JSON', async () => {
  const carrier = await start()
  const reply = await send(carrier.origin + PATH, HEADERS, '{')
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ code: 'syntax_invalid_json' })
})

test.each([
  ['+15005550001', 400, FORMAT],
  ['15005550003', 403, 'illegal_number_type'],
])('the number %s is refused with its code', async (to, status, code) => {
  const carrier = await start()
  const reply = await post(carrier, { ...GOOD, to: [to] })
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ code })
})

test.each([
  ['rejected', 403],
  ['500', 500],
  ['429', 429],
] as const)('in the mode %s answers %i', async (mode, status) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone, mode)
  const reply = await post(carrier, GOOD)
  expect(reply.status).toBe(status)
  expect(phone).toHaveLength(0)
})

function isSigned({ headers, body }: Received): boolean {
  const name = 'x-sinch-webhook-signature'
  const signed = `${body}.${headers[`${name}-nonce`]}.${headers[`${name}-timestamp`]}`
  const expected = createHmac('sha256', SECRET).update(signed).digest('base64')
  return headers[name] === expected && headers[`${name}-algorithm`] === 'HmacSHA256'
}

async function receiptsOf(mode: CarrierMode, delivery_report: string, count: number) {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start([], mode)
  const callback_url = `${receiver.origin}/r/1`
  await post(carrier, { ...GOOD, client_reference: 'r1', callback_url, delivery_report })
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(count)
  return receiver.received.map((post) => ({ signed: isSigned(post), ...JSON.parse(post.body) }))
}

test('reports per recipient tell of sending and delivery, signed', async () => {
  const posts = await receiptsOf('ok', 'per_recipient', 2)
  const type = 'recipient_delivery_report_sms'
  const same = { signed: true, type, recipient: '12025550123', client_reference: 'r1' }
  expect(posts).toMatchObject([
    { ...same, status: 'Dispatched', code: 401 },
    { ...same, status: 'Delivered', code: 0 },
  ])
  expect(posts[0].batch_id).toBe(posts[1].batch_id)
})

test('final reports leave out the sending', async () => {
  const posts = await receiptsOf('undelivered', 'per_recipient_final', 1)
  expect(posts).toMatchObject([{ signed: true, status: 'Aborted', code: 404 }])
})

test('a full report lists its recipients', async () => {
  expect(await receiptsOf('ok', 'full', 1)).toMatchObject([
    {
      type: 'delivery_report_sms',
      total_message_count: 1,
      statuses: [{ status: 'Delivered', code: 0, count: 1, recipients: ['12025550123'] }],
    },
  ])
})

test('no report is the default, even with a callback URL', () => {
  const account = { servicePlanId: 'plan1', apiToken: 'token1', callbackSecret: SECRET }
  const protocol = createSinchProtocol(account)
  const body = JSON.stringify({ ...GOOD, callback_url: 'https://alerts.example/r/1' })
  const request = { method: 'POST', target: PATH, headers: HEADERS, body }
  const [message] = protocol.judge(request, 0).messages
  if (message === undefined) throw new Error('the request was refused')
  expect(protocol.receipt(message, 'delivered', 0, false)).toBeNull()
})

test('forged reports are signed with another secret', async () => {
  const posts = await receiptsOf('forged-receipts', 'per_recipient', 4)
  expect(posts.map(({ signed }) => signed)).toEqual([false, false, true, true])
})

test('the signature agrees with the one in the vendor’s SDK', () => {
  const body =
    '{"at":"2025-01-13T09:22:40.914Z","batch_id":"01JHFFHQ0P99JPPNQPJDV7JTBP",' +
    '"client_reference":"a client reference","code":0,"operator_status_at":' +
    '"2025-01-13T09:22:00Z","recipient":"33662162466","status":"Delivered",' +
    '"type":"recipient_delivery_report_sms"}'
  const nonce = '01JHFFHWYY7HSS4FWTMDTQEK8V'
  expect(signSinchBody('SMSWebhooksSecret', body, nonce, '1736760161')).toBe(
    'ZoHei66PPN/kZjw7hFVfGhJOnml3iGNCMWoyQVcE5o0=',
  )
})
