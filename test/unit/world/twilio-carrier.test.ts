// The simulated Twilio holds callers to the vendor's protocol and signs what it sends back.

import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import { createTwilioProtocol, signTwilioForm } from '../../world/carriers/twilio.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { basic, FAST, send, startReceiver } from './helpers.ts'

const SID = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const TOKEN = '12345'
const PATH = `/2010-04-01/Accounts/${SID}/Messages.json`
const GOOD = { To: '+12025550123', From: '+12025550100', Body: 'Demo #1: new login' }
const HEADERS = {
  authorization: basic(SID, TOKEN),
  'content-type': 'application/x-www-form-urlencoded',
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(phone: PhoneMessage[] = []): Promise<Carrier> {
  const protocol = createTwilioProtocol({ accountSid: SID, authToken: TOKEN })
  const carrier = await startCarrier(protocol, {
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

const post = (carrier: Carrier, fields: Record<string, string>, path = PATH, headers = HEADERS) =>
  send(carrier.origin + path, headers, new URLSearchParams(fields).toString())

test('takes a right request, answers as the vendor does and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, { ...GOOD, ValidityPeriod: '120', Attempt: '2' })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({
    account_sid: SID,
    body: GOOD.Body,
    direction: 'outbound-api',
    error_code: null,
    num_segments: '1',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    status: 'queued',
    to: GOOD.To,
  })
  expect(phone).toMatchObject([
    { provider: 'twilio', from: GOOD.From, to: GOOD.To, text: GOOD.Body, encoding: 'GSM-7' },
  ])
  expect(carrier.calls.entries()).toMatchObject([
    { status: 201, wentOut: true, refusal: null, to: GOOD.To, validitySeconds: 120 },
  ])
})

test('a messaging service has chosen no sender yet', async () => {
  const carrier = await start()
  const service = `MG${'b'.repeat(32)}`
  const { To, Body } = GOOD
  const reply = await post(carrier, { To, Body, MessagingServiceSid: service })
  expect(reply.body).toMatchObject({
    status: 'accepted',
    from: null,
    num_segments: '0',
    messaging_service_sid: service,
  })
})

test.each([
  ['no recipient', { From: GOOD.From, Body: 'x' }, 21604],
  ['a number without plus', { ...GOOD, To: '12025550123' }, 21211],
  ['no sender', { To: GOOD.To, Body: 'x' }, 21603],
  ['a sender name that is too long', { ...GOOD, From: 'TwelveLetter' }, 21212],
  ['no text', { To: GOOD.To, From: GOOD.From }, 21602],
  ['1601 characters', { ...GOOD, Body: 'x'.repeat(1601) }, 21617],
  ['a callback that is no URL', { ...GOOD, StatusCallback: '/receipts' }, 21609],
  ['an underscore in the host', { ...GOOD, StatusCallback: 'https://a_b.example/r' }, 21609],
  ['a validity in milliseconds', { ...GOOD, ValidityPeriod: '120000' }, 21624],
  ['a validity of zero', { ...GOOD, ValidityPeriod: '0' }, 21624],
  ['an unknown field', { ...GOOD, Text: 'x' }, 20001],
  ['the invalid number', { ...GOOD, To: '+15005550001' }, 21211],
  ['the unroutable number', { ...GOOD, To: '+15005550002' }, 21612],
  ['the number of a barred country', { ...GOOD, To: '+15005550003' }, 21408],
  ['the opted-out number', { ...GOOD, To: '+15005550004' }, 21610],
  ['the landline', { ...GOOD, To: '+15005550009' }, 21614],
  ['the full sender', { ...GOOD, From: '+15005550008' }, 21611],
])('refuses %s', async (_name, fields, code) => {
  const carrier = await start()
  const reply = await post(carrier, fields)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({
    code,
    status: 400,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  })
  expect(carrier.calls.entries()).toMatchObject([{ wentOut: false, status: 400 }])
})

test.each([
  ['a wrong password', PATH, { ...HEADERS, authorization: basic(SID, 'x') }, 401, 20003],
  ['JSON', PATH, { ...HEADERS, 'content-type': 'application/json' }, 415, 20415],
  ['another path', PATH.replace('.json', ''), HEADERS, 404, 20404],
  ['a foreign account', PATH.replace('ACa', 'ACb'), HEADERS, 404, 20404],
])('refuses %s', async (_name, path, headers, status, code) => {
  const carrier = await start()
  const reply = await post(carrier, GOOD, path, headers)
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ code })
})

test('receipts are signed over the URL as given, though posted elsewhere', async () => {
  const receiver = await startReceiver()
  closing.push(receiver.close)
  const carrier = await start()
  carrier.setCallbackOrigin(receiver.origin)
  const url = 'https://alerts.example/v1/receipts/twilio/abc?x=1'
  await post(carrier, { ...GOOD, StatusCallback: `${url}#rc=2` })
  await carrier.receipts.waitFor(({ step }) => step === 'delivered')

  expect(receiver.received.map(({ target }) => target)).toEqual([
    '/v1/receipts/twilio/abc?x=1',
    '/v1/receipts/twilio/abc?x=1',
  ])
  const statuses = receiver.received.map(({ headers, body }) => {
    expect(headers.host).toBe('alerts.example')
    const form = new URLSearchParams(body)
    const signed =
      url +
      [...form]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .join('')
    const expected = createHmac('sha1', TOKEN).update(signed).digest('base64')
    expect(headers['x-twilio-signature']).toBe(expected)
    return form.get('MessageStatus')
  })
  expect(statuses).toEqual(['sent', 'delivered'])
})

test("the signature agrees with the vendor's published vectors", () => {
  const fields: [string, string][] = [
    ['CallSid', 'CA1234567890ABCDE'],
    ['Digits', '1234'],
    ['From', '+14158675309'],
    ['To', '+18005551212'],
    ['Caller', '+14158675309'],
  ]
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  expect(signTwilioForm(TOKEN, url, fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
  const port = 'http://mycompany.com:1234/myapp.php?foo=1&bar=2'
  expect(signTwilioForm(TOKEN, port, fields)).toBe('Zmvh+3yNM1Phv2jhDCwEM3q5ebU=')
  const repeated: [string, string][] = [
    ['Sid', 'CA123'],
    ['SidAccount', 'AC123'],
    ['Digits', '5678'],
    ['Digits', '1234'],
    ['Digits', '1234'],
  ]
  expect(signTwilioForm(TOKEN, url, repeated)).toBe('IK+Dwps556ElfBT0I3Rgjkr1wJU=')
})
