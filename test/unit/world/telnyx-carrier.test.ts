// The simulated Telnyx holds callers to `POST /v2/messages` and signs its webhooks with Ed25519.

import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import type { CarrierMode } from '../../world/carrier-modes.ts'
import {
  createTelnyxPrivateKey,
  createTelnyxProtocol,
  signTelnyxBody,
  telnyxPublicKey,
} from '../../world/carriers/telnyx.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { FAST, type Received, send, startReceiver } from './helpers.ts'

const PRIVATE_KEY = createTelnyxPrivateKey()
const HEADERS = { authorization: 'Bearer KEY0123_abc', 'content-type': 'application/json' }
const GOOD = { to: '+12025550123', from: '+12025550103', text: 'Demo #1: new login' }

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = [], mode: CarrierMode = 'ok') {
  const account = { apiKey: 'KEY0123_abc', privateKey: PRIVATE_KEY }
  const carrier = await startCarrier(createTelnyxProtocol(account), {
    mode,
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (
  carrier: Carrier<'telnyx'>,
  body: unknown,
  path = '/v2/messages',
  headers = HEADERS,
  method = 'POST',
) => send(carrier.origin + path, headers, JSON.stringify(body), { method })

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, { ...GOOD, type: 'SMS', use_profile_webhooks: false })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({
    data: {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      record_type: 'message',
      direction: 'outbound',
      type: 'SMS',
      from: { phone_number: '+12025550103' },
      to: [{ phone_number: '+12025550123', status: 'queued' }],
      encoding: 'GSM-7',
      parts: 1,
      errors: [],
    },
  })
  expect(phone).toMatchObject([{ provider: 'telnyx', to: '+12025550123', text: GOOD.text }])
  expect(carrier.calls.entries()).toMatchObject([
    { provider: 'telnyx', ref: null, validitySeconds: null, from: '+12025550103' },
  ])
})

test('a sender name goes with its profile', async () => {
  const carrier = await start()
  const messaging_profile_id = '4000eba1-a0c0-4563-9925-b25e842a7cb6'
  const reply = await post(carrier, { ...GOOD, from: 'Lockline', messaging_profile_id })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ data: { messaging_profile_id } })
})

test.each([
  ['no plus', { ...GOOD, to: '12025550123' }, '40310', '/to'],
  ['a list of numbers', { ...GOOD, to: ['+12025550123'] }, '40310', '/to'],
  ['no number', { ...GOOD, to: undefined }, '10004', '/to'],
  ['no sender', { ...GOOD, from: undefined }, '10004', '/from'],
  ['a sender without a plus', { ...GOOD, from: '12025550103' }, '40305', '/from'],
  ['a sender name without a profile', { ...GOOD, from: 'Me' }, '10004', '/messaging_profile_id'],
  ['no text', { ...GOOD, text: undefined }, '10004', '/text'],
  ['an empty text', { ...GOOD, text: '' }, '40316', '/text'],
  ['a text of 11 parts', { ...GOOD, text: 'x'.repeat(1531) }, '40302', '/text'],
  ['the type in small letters', { ...GOOD, type: 'sms' }, '10015', '/type'],
  ['a relative webhook', { ...GOOD, webhook_url: '/x' }, '10003', '/webhook_url'],
  ['a time to live', { ...GOOD, ttl: 120 }, '10015', '/ttl'],
  ['an unknown encoding', { ...GOOD, encoding: 'utf8' }, '10015', '/encoding'],
  ['a text for a boolean', { ...GOOD, auto_detect: 'true' }, '10015', '/auto_detect'],
])('refuses %s', async (_name, body, code, pointer) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, body)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ errors: [{ code, source: { pointer } }] })
  expect(phone).toHaveLength(0)
})

test.each([
  ['a wrong key', '/v2/messages', { ...HEADERS, authorization: 'Bearer x' }, 'POST', 401, '10009'],
  [
    'basic login',
    '/v2/messages',
    { ...HEADERS, authorization: 'Basic eDp5' },
    'POST',
    401,
    '10009',
  ],
  [
    'plain text',
    '/v2/messages',
    { ...HEADERS, 'content-type': 'text/plain' },
    'POST',
    415,
    '10014',
  ],
  ['another path', '/messages', HEADERS, 'POST', 404, '10005'],
  ['a query', '/v2/messages?x=1', HEADERS, 'POST', 404, '10005'],
  ['another method', '/v2/messages', HEADERS, 'PUT', 404, '10005'],
])('refuses %s', async (_name, path, headers, method, status, code) => {
  const carrier = await start()
  const reply = await post(carrier, GOOD, path, headers, method)
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ errors: [{ code }] })
})

test('refuses what is no JSON', async () => {
  const carrier = await start()
  const reply = await send(`${carrier.origin}/v2/messages`, HEADERS, '{')
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ errors: [{ code: '10023' }] })
})

test.each([
  ['+15005550001', 400, '40310'],
  ['+15005550004', 403, '40300'],
  ['+15005550009', 400, '40001'],
])('the number %s is refused with its code', async (to, status, code) => {
  const carrier = await start()
  const reply = await post(carrier, { ...GOOD, to })
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ errors: [{ code }] })
})

test.each([
  ['rejected', 400, '40305'],
  ['500', 500, '10007'],
  ['429', 429, '10011'],
] as const)('in the mode %s answers %i', async (mode, status, code) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone, mode)
  const reply = await post(carrier, GOOD)
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ errors: [{ code }] })
  expect(phone).toHaveLength(0)
})

const publicKey = createPublicKey(
  createPrivateKey({
    key: Buffer.from(PRIVATE_KEY, 'base64'),
    format: 'der',
    type: 'pkcs8',
  }),
)

function isSigned({ headers, body }: Received): boolean {
  const signature = Buffer.from(String(headers['telnyx-signature-ed25519']), 'base64')
  const signed = Buffer.from(`${headers['telnyx-timestamp']}|${body}`)
  return verify(null, signed, publicKey, signature)
}

async function receiptsOf(mode: CarrierMode, count: number) {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start([], mode)
  await post(carrier, { ...GOOD, webhook_url: `${receiver.origin}/r/1?a=b` })
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(count)
  return receiver.received.map((post) => ({ ...post, signed: isSigned(post) }))
}

test('webhooks tell of sending and delivery, signed over the exact body', async () => {
  const [sent, delivered] = await receiptsOf('ok', 2)
  expect([sent?.signed, delivered?.signed]).toEqual([true, true])
  expect(sent?.target).toBe('/r/1?a=b')
  expect(JSON.parse(sent?.body ?? '')).toMatchObject({
    data: {
      event_type: 'message.sent',
      record_type: 'event',
      payload: { to: [{ status: 'sent' }] },
    },
    meta: { attempt: 1 },
  })
  const final = JSON.parse(delivered?.body ?? '')
  expect(final).toMatchObject({
    data: {
      event_type: 'message.finalized',
      payload: { to: [{ status: 'delivered' }], errors: [] },
    },
  })
  expect(final.data.payload.id).toBe(JSON.parse(sent?.body ?? '').data.payload.id)
})

test('a failed delivery is final and names its error', async () => {
  const [failed] = await receiptsOf('undelivered', 1)
  expect(JSON.parse(failed?.body ?? '')).toMatchObject({
    data: {
      event_type: 'message.finalized',
      payload: { to: [{ status: 'delivery_failed' }], errors: [{ code: '40006' }] },
    },
  })
})

test('forged webhooks are signed by another key', async () => {
  const posts = await receiptsOf('forged-receipts', 4)
  expect(posts.map(({ signed }) => signed)).toEqual([false, false, true, true])
})

test('the signature and the public key agree with ones made elsewhere', () => {
  const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const der = Buffer.concat([prefix, seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const body =
    '{"data":{"event_type":"message.finalized","id":"4ee8c3a6-4995-4309-a3c6-38e3db9ea4be",' +
    '"occurred_at":"2024-01-15T21:32:14.148+00:00","payload":{"id":"ac012cbf-5e09-46af-a69a-' +
    '7c0e2d90993c","to":[{"phone_number":"+13125550002","status":"delivered"}],"errors":[]},' +
    '"record_type":"event"},"meta":{"attempt":1,"delivered_to":"https://example.com/webhooks"}}'
  expect(signTelnyxBody(key, '1705354334', body)).toBe(
    'jcy5xcHbpAPEcvz9cPBQbSBXJ7kdQq4ffnXnaK9YQVeH59tJSbDmn4eViLNXpOy3EVHPqcuiV4MAVVyfmVPEAQ==',
  )
  expect(telnyxPublicKey(der.toString('base64'))).toBe(
    'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=',
  )
})
