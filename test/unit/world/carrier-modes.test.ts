// Every way in which a simulated carrier can break, as a caller and a receipt endpoint see it.

import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import { createTwilioProtocol } from '../../world/carriers/twilio.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { planReceipts } from '../../world/receipts.ts'
import { basic, FAST, giveUp, send, startReceiver } from './helpers.ts'

const SID = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const HEADERS = {
  authorization: basic(SID, '12345'),
  'content-type': 'application/x-www-form-urlencoded',
}

let phone: PhoneMessage[] = []
let carrier: Carrier
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeEach(async () => {
  phone = []
  receiver = await startReceiver([204])
  carrier = await startCarrier(createTwilioProtocol({ accountSid: SID, authToken: '12345' }), {
    knobs: { receipts: FAST, slowMs: 30 },
    onMessage: (message) => phone.push(message),
  })
})
afterEach(async () => {
  await carrier.close()
  await receiver.close()
})

function post(to = '+12025550123', signal?: AbortSignal) {
  const body = new URLSearchParams({
    To: to,
    From: '+12025550100',
    Body: 'Demo #1',
    StatusCallback: `${receiver.origin}/r/1`,
  })
  const url = `${carrier.origin}/2010-04-01/Accounts/${SID}/Messages.json`
  return send(url, HEADERS, body.toString(), signal ? { signal } : {})
}

const statusesReceived = () =>
  receiver.received.map(({ body }) => new URLSearchParams(body).get('MessageStatus'))

test('hang: no answer, nothing goes out, the caller giving up is recorded', async () => {
  await carrier.setMode('hang')
  await giveUp(carrier.calls, (signal) => post(undefined, signal))
  const call = await carrier.calls.waitFor(({ abandonedAt }) => abandonedAt !== null)
  expect(call).toMatchObject({ mode: 'hang', status: null, wentOut: false, refusal: null })
  expect(phone).toHaveLength(0)
  expect(carrier.counters()).toEqual({ calls: 1, accepted: 0, refused: 0, unanswered: 1 })
})

test('hang-after-accept: no answer, and yet the SMS goes out', async () => {
  await carrier.setMode('hang-after-accept')
  await giveUp(carrier.calls, (signal) => post(undefined, signal))
  expect(phone).toHaveLength(1)
  await carrier.receipts.waitFor(({ step }) => step === 'delivered')
})

test('slow: the SMS goes out even when the caller has given up', async () => {
  await carrier.setMode('slow', { slowMs: 400 })
  await giveUp(carrier.calls, (signal) => post(undefined, signal))
  await carrier.calls.waitFor(({ wentOut }) => wentOut)
  const reply = await post()
  expect(reply.status).toBe(201)
  expect(phone).toHaveLength(2)
})

test('refuse: nothing listens, and the same port comes back', async () => {
  const { origin } = carrier
  await carrier.setMode('refuse')
  await expect(post()).rejects.toThrow()
  expect(carrier.calls.total()).toBe(0)
  await carrier.setMode('ok')
  expect(carrier.origin).toBe(origin)
  expect((await post()).status).toBe(201)
})

test('reset: the connection breaks after the body was read', async () => {
  await carrier.setMode('reset')
  await expect(post()).rejects.toThrow()
  expect(carrier.calls.entries()).toMatchObject([{ mode: 'reset', wentOut: false }])
})

test.each([
  ['500', 500, 20500],
  ['429', 429, 20429],
  ['rejected', 400, 21612],
] as const)('%s: answers with the vendor error', async (mode, status, code) => {
  await carrier.setMode(mode)
  const reply = await post()
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ code })
  expect(reply.headers.get('retry-after')).toBe(mode === '429' ? '1' : null)
  expect(phone).toHaveLength(0)
})

test('rejected: a malformed request keeps its own error', async () => {
  await carrier.setMode('rejected')
  const reply = await post('nonsense')
  expect(reply.body).toMatchObject({ code: 21211 })
})

test('garbage: a web page with status 200, and nothing goes out', async () => {
  await carrier.setMode('garbage')
  const reply = await post()
  expect(reply.status).toBe(200)
  expect(reply.body).toContain('<h1>')
  expect(phone).toHaveLength(0)
})

test('undelivered: taken, then a failure by receipt; the phone stays silent', async () => {
  await carrier.setMode('undelivered')
  expect((await post()).status).toBe(201)
  await carrier.receipts.waitFor(({ step }) => step === 'undelivered')
  expect(phone).toHaveLength(0)
  const [received] = receiver.received
  const form = new URLSearchParams(received?.body)
  expect(Object.fromEntries(form)).toMatchObject({
    MessageStatus: 'undelivered',
    ErrorCode: '30001',
  })
})

test('reordered: delivered comes before sent', async () => {
  await carrier.setMode('reordered-receipts')
  await post()
  await carrier.receipts.waitFor(({ step }) => step === 'sent')
  expect(statusesReceived()).toEqual(['delivered', 'sent'])
})

test('duplicates: each receipt comes twice, byte for byte', async () => {
  await carrier.setMode('duplicate-receipts')
  await post()
  await carrier.receipts.waitFor(({ step, repeated }) => repeated && step === 'delivered')
  expect(statusesReceived().sort()).toEqual(['delivered', 'delivered', 'sent', 'sent'])
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(2)
})

test('forged: bad signatures first, then the real ones', async () => {
  await carrier.setMode('forged-receipts')
  await post()
  await carrier.receipts.waitFor(({ step, forged }) => !forged && step === 'delivered')
  const genuine = receiver.received.map(({ headers, body }) => {
    const fields = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1))
    const signed = `${receiver.origin}/r/1${fields.flat().join('')}`
    const expected = createHmac('sha1', '12345').update(signed).digest('base64')
    return headers['x-twilio-signature'] === expected
  })
  expect(genuine).toEqual([false, false, true, true])
})

test('false-receipts: delivered is reported, and no phone has it', async () => {
  await carrier.setMode('false-receipts')
  expect((await post()).status).toBe(201)
  await carrier.receipts.waitFor(({ step }) => step === 'delivered')
  expect(statusesReceived()).toEqual(['sent', 'delivered'])
  expect(phone).toHaveLength(0)
})

test('no-receipt plans none; late ones are put off', () => {
  expect(planReceipts('no-receipt', FAST)).toEqual([])
  const late = planReceipts('late-receipt', FAST)
  expect(late.map(({ step, afterMs }) => [step, afterMs])).toEqual([
    ['sent', 110],
    ['delivered', 130],
  ])
})

test('a receipt that is not taken is posted three times in all', async () => {
  await receiver.close()
  receiver = await startReceiver([500])
  await carrier.setMode('undelivered')
  await post()
  await carrier.receipts.waitFor(({ attempt }) => attempt === 3)
  expect(carrier.pendingReceipts()).toBe(0)
  expect(carrier.receipts.entries().map(({ status }) => status)).toEqual([500, 500, 500])
})

test('closing ends a hanging call at once', async () => {
  await carrier.setMode('hang')
  const hung = post()
  const outcome = expect(hung).rejects.toThrow()
  await carrier.calls.waitFor(() => true)
  await carrier.close()
  await outcome
})

test('an exception is one call’s, not the carrier’s', async () => {
  let calls = 0
  await carrier.setMode('ok', { exception: () => (calls++ === 0 ? '500' : null) })
  expect((await post()).status).toBe(500)
  expect((await post()).status).toBe(201)
  expect(carrier.calls.entries().map(({ mode }) => mode)).toEqual(['500', 'ok'])
})

test('an answer that takes a while: the SMS goes out no sooner', async () => {
  await carrier.setMode('ok', { answerMs: 40 })
  const answer = post()
  const call = await carrier.calls.waitFor(() => true)
  expect(call).toMatchObject({ status: null, wentOut: false })
  expect((await answer).status).toBe(201)
  expect(call).toMatchObject({ status: 201, wentOut: true })
})
