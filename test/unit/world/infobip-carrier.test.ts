// The simulated Infobip holds callers to SMS API v3 and reports as the vendor does.

import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import { createInfobipProtocol } from '../../world/carriers/infobip.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { FAST, giveUp, send, startReceiver } from './helpers.ts'

const HEADERS = { authorization: 'App key1', 'content-type': 'application/json' }
const DESTINATION = { to: '12025550123', messageId: 'attempt-1' }
const MESSAGE = {
  sender: '12025550101',
  destinations: [DESTINATION],
  content: { text: 'Demo #1: new login' },
}
const body = (changes: object) => ({ messages: [{ ...MESSAGE, ...changes }] })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = []): Promise<Carrier> {
  const carrier = await startCarrier(createInfobipProtocol({ apiKey: 'key1' }), {
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (carrier: Carrier, value: unknown, path = '/sms/3/messages', headers = HEADERS) =>
  send(carrier.origin + path, headers, JSON.stringify(value))

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, {
    ...body({ options: { validityPeriod: { amount: 2, timeUnit: 'MINUTES' } } }),
    options: { includeSmsCountInResponse: true },
  })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({
    messages: [
      {
        messageId: 'attempt-1',
        destination: '12025550123',
        status: { groupId: 1, groupName: 'PENDING', id: 26 },
        details: { messageCount: 1 },
      },
    ],
  })
  expect(phone).toMatchObject([{ provider: 'infobip', to: '+12025550123' }])
  expect(carrier.calls.entries()).toMatchObject([{ ref: 'attempt-1', validitySeconds: 120 }])
})

test('a message id is good once: the second is rejected inside a 200', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  await post(carrier, body({}))
  const reply = await post(carrier, body({}))
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({
    messages: [{ status: { groupId: 5, id: 23, name: 'REJECTED_DUPLICATE_MESSAGE_ID' } }],
  })
  expect(phone).toHaveLength(1)
})

test('a call that hung has not used its message id up', async () => {
  const carrier = await start()
  await carrier.setMode('hang')
  await giveUp(carrier.calls, (signal) =>
    send(`${carrier.origin}/sms/3/messages`, HEADERS, JSON.stringify(body({})), { signal }),
  )
  await carrier.setMode('ok')
  const reply = await post(carrier, body({}))
  expect(reply.body).toMatchObject({ messages: [{ status: { groupId: 1 } }] })
})

const period = (validityPeriod: object) => ({ options: { validityPeriod } })
const delivery = (value: object) => ({ webhooks: { delivery: value } })
test.each([
  ['a plus', { destinations: [{ to: '+12025550123' }] }, 'messages[0].destinations[0].to'],
  ['no destination', { destinations: [] }, 'messages[0].destinations'],
  ['an empty text', { content: { text: '' } }, 'messages[0].content.text'],
  ['a text beside content', { text: 'x' }, 'messages[0].text'],
  ['no unit', period({ amount: 120 }), 'messages[0].options.validityPeriod.timeUnit'],
  [
    'a fraction',
    period({ amount: 1.5, timeUnit: 'SECONDS' }),
    'messages[0].options.validityPeriod.amount',
  ],
  ['a relative URL', delivery({ url: '/x' }), 'messages[0].webhooks.delivery.url'],
  [
    'a text as flag',
    delivery({ intermediateReport: 'yes' }),
    'messages[0].webhooks.delivery.intermediateReport',
  ],
])('refuses %s', async (_name, changes, property) => {
  const carrier = await start()
  const reply = await post(carrier, body(changes))
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ errorCode: 'E400', violations: [{ property }] })
})

test.each([
  ['a wrong key', '/sms/3/messages', { ...HEADERS, authorization: 'App x' }, 401],
  ['a bearer key', '/sms/3/messages', { ...HEADERS, authorization: 'Bearer key1' }, 401],
  ['plain text', '/sms/3/messages', { ...HEADERS, 'content-type': 'text/plain' }, 415],
  ['the older API', '/sms/2/text/advanced', HEADERS, 404],
])('refuses %s', async (_name, path, headers, status) => {
  const carrier = await start()
  const reply = await post(carrier, body({}), path, headers)
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ errorCode: `E${status}` })
})

test.each([
  ['15005550001', 52],
  ['15005550004', 14],
])('the number %s is rejected inside a 200', async (to, id) => {
  const carrier = await start()
  const reply = await post(carrier, body({ destinations: [{ to }] }))
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ messages: [{ status: { groupName: 'REJECTED', id } }] })
  expect(carrier.calls.entries()).toMatchObject([{ wentOut: false }])
})

test.each([
  ['only the final report by default', {}, [5]],
  ['the operator report on request', { intermediateReport: true }, [2, 5]],
  ['nothing without notify', { notify: false }, []],
])('reports: %s', async (_name, extra, ids) => {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start()
  const webhooks = {
    delivery: { url: `${receiver.origin}/r/1`, ...extra },
    contentType: 'application/json',
    callbackData: 'echo me',
  }
  await post(carrier, body({ webhooks }))
  await expect.poll(carrier.pendingReceipts, { timeout: 30_000 }).toBe(0)
  const results = receiver.received.flatMap((report) => JSON.parse(report.body).results)
  expect(results.map((result) => result.status.id)).toEqual(ids)
  for (const result of results) {
    expect(result).toMatchObject({
      messageId: 'attempt-1',
      to: '12025550123',
      callbackData: 'echo me',
      error: { permanent: false },
    })
  }
})
