// The simulated Vonage holds callers to the Messages API and signs its status webhooks.

import { createHash, createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import { createVonageProtocol, signVonageToken } from '../../world/carriers/vonage.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { basic, FAST, send, startReceiver } from './helpers.ts'

const SECRET = 'a signature secret of this test'
const HEADERS = { authorization: basic('key1', 'secret1'), 'content-type': 'application/json' }
const GOOD = {
  message_type: 'text',
  channel: 'sms',
  to: '12025550123',
  from: '12025550102',
  text: 'Demo #1: new login',
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = []): Promise<Carrier> {
  const account = { apiKey: 'key1', apiSecret: 'secret1', signatureSecret: SECRET }
  const carrier = await startCarrier(createVonageProtocol(account), {
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (carrier: Carrier, body: unknown, path = '/v1/messages', headers = HEADERS) =>
  send(carrier.origin + path, headers, JSON.stringify(body))

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const sms = { encoding_type: 'auto' }
  const reply = await post(carrier, { ...GOOD, ttl: 120, client_ref: 'r1', sms })
  expect(reply.status).toBe(202)
  expect(reply.body).toEqual({ message_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(phone).toMatchObject([{ provider: 'vonage', to: '+12025550123', text: GOOD.text }])
  expect(carrier.calls.entries()).toMatchObject([
    { ref: 'r1', validitySeconds: 120, to: '+12025550123' },
  ])
})

test.each([
  ['a plus', { ...GOOD, to: '+12025550123' }, 'to'],
  ['no sender', { ...GOOD, from: undefined }, 'from'],
  ['a plus in the sender', { ...GOOD, from: '+12025550102' }, 'from'],
  ['an empty text', { ...GOOD, text: '' }, 'text'],
  ['a text of 1001 characters', { ...GOOD, text: 'x'.repeat(1001) }, 'text'],
  ['another channel', { ...GOOD, channel: 'mms' }, 'channel'],
  ['another type', { ...GOOD, message_type: 'image' }, 'message_type'],
  ['a reference of 101 characters', { ...GOOD, client_ref: 'x'.repeat(101) }, 'client_ref'],
  ['a text as ttl', { ...GOOD, ttl: '120' }, 'ttl'],
  ['a relative webhook', { ...GOOD, webhook_url: '/x' }, 'webhook_url'],
  ['an unknown field', { ...GOOD, callback: 'x' }, 'callback'],
  ['an unknown SMS field', { ...GOOD, sms: { encoding: 'auto' } }, 'sms.encoding'],
])('refuses %s', async (_name, body, name) => {
  const carrier = await start()
  const reply = await post(carrier, body)
  expect(reply.status).toBe(422)
  expect(reply.body).toMatchObject({
    type: expect.stringMatching(/#1150$/),
    title: 'Invalid params',
    invalid_parameters: [{ name }],
  })
})

test.each([
  ['a wrong secret', '/v1/messages', { ...HEADERS, authorization: basic('key1', 'x') }, 401],
  ['a form', '/v1/messages', { ...HEADERS, 'content-type': 'text/plain' }, 415],
  ['another path', '/v0.1/messages', HEADERS, 404],
])('refuses %s', async (_name, path, headers, status) => {
  const carrier = await start()
  const reply = await post(carrier, GOOD, path, headers)
  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
})

test.each([
  ['15005550001', 1170],
  ['15005550004', 1240],
])('the number %s is refused with its code', async (to, code) => {
  const carrier = await start()
  const reply = await post(carrier, { ...GOOD, to })
  expect(reply.status).toBe(422)
  expect(reply.body).toMatchObject({ type: expect.stringMatching(new RegExp(`#${code}$`)) })
})

test('status webhooks carry a token over the exact body', async () => {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start()
  await post(carrier, { ...GOOD, client_ref: 'r1', webhook_url: `${receiver.origin}/r/1` })
  await carrier.receipts.waitFor(({ step }) => step === 'delivered')

  const bodies = receiver.received.map(({ headers, body }) => {
    const token = (headers.authorization ?? '').replace('Bearer ', '')
    const [head = '', claims = '', signature = ''] = token.split('.')
    const expected = createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url')
    expect(signature).toBe(expected)
    const told = JSON.parse(Buffer.from(claims, 'base64url').toString())
    expect(told.payload_hash).toBe(createHash('sha256').update(body).digest('hex'))
    expect(told).toMatchObject({ iss: 'Vonage', api_key: 'key1' })
    expect(Math.abs(Date.now() / 1000 - told.iat)).toBeLessThan(60)
    return JSON.parse(body)
  })
  expect(bodies).toMatchObject([
    { status: 'submitted', to: '12025550123', client_ref: 'r1', channel: 'sms' },
    { status: 'delivered', sms: { count_total: '1' } },
  ])
})

test('the token agrees with a token made elsewhere', () => {
  const claims = {
    iat: 1767276003,
    jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
    iss: 'Vonage',
    payload_hash: 'ac6322421888dac8518a994242a2adb0cd85bc9ccf42b7ce7bf95e8b2ba9e15f',
    api_key: 'a1b2c3d',
    application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  }
  const secret = 'Y6dI3wtDP8myVH5tnDoIaTxEvAJhgDVCczBa1mHniEqsdlnnebg'
  const token = signVonageToken(secret, claims)
  expect(token.split('.')[2]).toBe('Jk5Ycm51NqI7fu-3uF482Ge5NlgU6iFlEvRzWZ_bzvo')
})
