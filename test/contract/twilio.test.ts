// Twilio against its own documents: OpenAPI twilio_api_v2010, the error pages, the signature vectors
// of its libraries.

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { hasTwilioSignature } from '../../src/sms/twilio/signature.ts'
import { TWILIO_BASE_URL, type TwilioSettings, twilio } from '../../src/sms/twilio/twilio.ts'
import vectors from '../vectors/twilio-signatures.json' with { type: 'json' }
import {
  bytes,
  describeProviderContract,
  messageFor,
  NOW,
  receiptUrlOf,
  replaced,
  response,
  textOf,
} from './provider-contract.ts'

const SETTINGS: TwilioSettings = {
  accountSid: `AC${'0a'.repeat(16)}`,
  authToken: 'test-auth-token',
  from: '+12025550199',
  baseUrl: TWILIO_BASE_URL,
}
const SERVICE = `MG${'0b'.repeat(16)}`
const SID = `SM${'0c'.repeat(16)}`

function make(baseUrl: string = TWILIO_BASE_URL) {
  return twilio({ ...SETTINGS, baseUrl })
}

function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString()
}

const REPLY = {
  providerMessageId: SID,
  from: '+12025550123',
  to: '+12025550199',
  text: 'LOCK 7K3Q',
  isAnswered: false,
}

function reply(fields: Readonly<Record<string, string>>): string {
  return form({
    MessageSid: SID,
    SmsStatus: 'received',
    AccountSid: SETTINGS.accountSid,
    From: '+12025550123',
    To: '+12025550199',
    Body: 'LOCK 7K3Q',
    NumMedia: '0',
    ...fields,
  })
}

function receipt(fields: Readonly<Record<string, string>>): string {
  return form({
    SmsSid: SID,
    MessageSid: SID,
    AccountSid: SETTINGS.accountSid,
    From: '+12025550199',
    To: '+12025550123',
    ApiVersion: '2010-04-01',
    ...fields,
  })
}

/** As Twilio documents it: the URL, then each name and value in the order of the names. */
function sign(
  body: string,
  secret = SETTINGS.authToken,
  url = receiptUrlOf('twilio'),
): RawCallback {
  const pairs = [...new Map([...new URLSearchParams(body)].map((pair) => [pair.join('\0'), pair]))]
    .map(([, pair]) => pair)
    .sort(([nameA, valueA], [nameB, valueB]) =>
      nameA === nameB ? (valueA < valueB ? -1 : 1) : nameA < nameB ? -1 : 1,
    )
  const signature = createHmac('sha1', secret)
    .update(url + pairs.map((pair) => pair.join('')).join(''))
    .digest('base64')
  const headers = new Headers({
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': signature,
  })
  return { url, headers, body: bytes(body) }
}

function created(fields: object) {
  return response(201, {
    sid: SID,
    status: 'queued',
    error_code: null,
    error_message: null,
    num_segments: '2',
    account_sid: SETTINGS.accountSid,
    ...fields,
  })
}

const failed = (failureClass: FailureClass, code: string): Receipt => ({
  providerMessageId: SID,
  event: { state: 'failed', class: failureClass, code },
})

describeProviderContract({
  name: 'twilio',
  make,
  request: {
    url: `https://api.twilio.com/2010-04-01/Accounts/${SETTINGS.accountSid}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${SETTINGS.accountSid}:test-auth-token`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    fields: {
      To: '+12025550123',
      From: '+12025550199',
      Body: messageFor('twilio').text,
      StatusCallback: receiptUrlOf('twilio'),
      ValidityPeriod: '120',
      Attempt: '2',
    },
    decode: (body) => Object.fromEntries(new URLSearchParams(body)),
    read: (body) => {
      const fields = new URLSearchParams(body)
      return {
        to: fields.get('To') ?? '',
        text: fields.get('Body') ?? '',
        validitySeconds: Number(fields.get('ValidityPeriod')),
        refs: [fields.get('StatusCallback') ?? ''],
      }
    },
    validityRange: [1, 36_000],
  },
  accepted: [
    [created({}), { class: 'accepted', providerMessageId: SID, segments: 2 }],
    [
      created({ status: 'accepted', num_segments: '0' }),
      { class: 'accepted', providerMessageId: SID },
    ],
  ],
  doubtful: [
    '',
    'queued',
    '{}',
    '[]',
    '{"sid":"SM1"}',
    '{"status":"queued"}',
    '{"sid":1,"status":"sent"}',
  ],
  responseFields: ['sid', 'status', 'error_code', 'num_segments', 'message'],
  refuse: (code) => [
    response(400, { code, message: 'no', more_info: 'x', status: 400 }),
    `${code}`,
  ],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: [21211, 21217, 21401, 21614, 21635] },
    {
      meaning: { class: 'recipient_temporary' },
      codes: [30003, 30005, 30006, 30008, 30009, 30017, 30410],
    },
    { meaning: { class: 'opted_out' }, codes: [21610] },
    { meaning: { class: 'message_rejected' }, codes: [21617, 21602, 21618, 30007, 30019] },
    {
      meaning: { class: 'unclear' },
      codes: [20001, 21214, 21265, 21421, 21604, 30004, 30011, 30450, 39999],
    },
    {
      meaning: { class: 'provider_config' },
      codes: [
        20003, 20005, 20006, 20008, 20403, 20404, 10001, 30002, 21603, 21609, 21624, 21701, 21702,
        21705, 21707, 21708, 21709, 30037, 63038, 90007,
      ],
    },
    {
      meaning: { class: 'provider_config', scope: 'country' },
      codes: [
        21212, 21408, 21601, 21612, 21606, 21608, 21219, 21659, 21660, 21661, 21703, 21704, 21706,
        21715, 21910, 30018, 30024, 30032, 30034, 30035, 30042,
      ],
    },
    {
      meaning: { class: 'provider_transient' },
      codes: [20429, 14107, 20500, 20503, 21730, 30001, 30020, 30021],
    },
    {
      meaning: { class: 'provider_transient', scope: 'country' },
      codes: [21611, 30022, 30023, 30027],
    },
    { meaning: { class: 'expired' }, codes: [30036, 30045] },
  ],
  inbound: {
    cases: [
      ['a reply', reply({}), [{ ...REPLY, isAnswered: false }]],
      ['a reply to a short code', reply({ To: '72345' }), [{ ...REPLY, to: '72345' }]],
      ['B7 from a name', reply({ From: 'Lockline' }), [{ ...REPLY, from: null }]],
      ['B7 from a short code', reply({ From: '72345' }), [{ ...REPLY, from: null }]],
      ['B7 to a name', reply({ To: 'Lockline' }), [{ ...REPLY, to: null }]],
      ['B16 over WhatsApp', reply({ From: 'whatsapp:+12025550123' }), []],
      ['one that Twilio answered', reply({ OptOutType: 'STOP' }), [{ ...REPLY, isAnswered: true }]],
      ['no words at all', reply({ Body: '' }), [{ ...REPLY, text: '' }]],
    ],
    malformed: [reply({ AccountSid: 'AC0' }), reply({ MessageSid: '' })],
  },
  receipts: {
    body: receipt({ MessageStatus: 'delivered', RawDlrDoneDate: '2611231403' }),
    sign,
    cases: [
      ['queued is no news', receipt({ MessageStatus: 'queued' }), []],
      ['accepted is no news', receipt({ MessageStatus: 'accepted' }), []],
      ['sending is no news', receipt({ MessageStatus: 'sending' }), []],
      ['a status yet to come', receipt({ MessageStatus: 'teleported' }), []],
      [
        'sent',
        receipt({ MessageStatus: 'sent' }),
        [{ providerMessageId: SID, event: { state: 'sent' } }],
      ],
      [
        'delivered, whose date has no zone',
        receipt({ MessageStatus: 'delivered', RawDlrDoneDate: '2611231403' }),
        [{ providerMessageId: SID, event: { state: 'delivered' } }],
      ],
      [
        'read',
        receipt({ MessageStatus: 'read' }),
        [{ providerMessageId: SID, event: { state: 'delivered' } }],
      ],
      [
        'the older field names',
        form({ SmsSid: SID, SmsStatus: 'sent', AccountSid: SETTINGS.accountSid }),
        [{ providerMessageId: SID, event: { state: 'sent' } }],
      ],
      [
        'undelivered with a code',
        receipt({ MessageStatus: 'undelivered', ErrorCode: '30005' }),
        [failed('recipient_temporary', '30005')],
      ],
      [
        'undelivered without one',
        receipt({ MessageStatus: 'undelivered' }),
        [failed('recipient_temporary', 'undelivered')],
      ],
      [
        'failed with a code',
        receipt({ MessageStatus: 'failed', ErrorCode: '30002' }),
        [failed('provider_config', '30002')],
      ],
      [
        'failed with an unknown code',
        receipt({ MessageStatus: 'failed', ErrorCode: '39999' }),
        [failed('unclear', '39999')],
      ],
      ['canceled', receipt({ MessageStatus: 'canceled' }), [failed('unclear', 'canceled')]],
      [
        'a field twice',
        `${receipt({ MessageStatus: 'sent' })}&Tag=b&Tag=a&Tag=b`,
        [{ providerMessageId: SID, event: { state: 'sent' } }],
      ],
    ],
    malformed: [
      'nonsense',
      form({ MessageSid: SID, MessageStatus: 'sent' }),
      receipt({ MessageStatus: 'sent', AccountSid: `AC${'ff'.repeat(16)}` }),
      receipt({}),
    ],
    tamper: {
      'the body': (callback, at, character) => {
        const body = replaced(textOf(callback.body), at, character)
        // %2B and %2b are one character: where only the spelling changed, change a value instead.
        const before = new URLSearchParams(textOf(callback.body)).toString()
        const isSpelling = new URLSearchParams(body).toString() === before
        return { ...callback, body: bytes(isSpelling ? `${body}0` : body) }
      },
      'the URL': (callback, at, character) => ({
        ...callback,
        url: replaced(callback.url, at, character),
      }),
      'the signature': (callback, at, character) => {
        const signature = replaced(callback.headers.get('x-twilio-signature') ?? '', at, character)
        return { ...callback, headers: new Headers({ 'x-twilio-signature': signature }) }
      },
    },
  },
})

describe('twilio', () => {
  test('sends by a Messaging Service where the sender is one', async () => {
    const provider = twilio({ ...SETTINGS, from: SERVICE })
    const { body } = await provider.buildRequest({ ...messageFor('twilio'), from: SERVICE })
    const fields = new URLSearchParams(body)
    expect(fields.get('MessagingServiceSid')).toBe(SERVICE)
    expect(fields.has('From')).toBe(false)
  })

  test.each([
    ['failed', null, { class: 'unclear', code: 'failed' }],
    ['queued', 21610, { class: 'opted_out', code: '21610' }],
  ])('takes a 201 that says %s with error %s for what it says', (status, code, outcome) => {
    expect(make().readResponse(created({ status, error_code: code }))).toEqual(outcome)
  })

  test('honours Retry-After beside a code', () => {
    const answer = response(429, { code: 20429 }, { 'retry-after': '3' })
    expect(make().readResponse(answer)).toEqual({
      class: 'provider_transient',
      code: '20429',
      retryAfterMs: 3000,
    })
  })
})

describe("the signature vectors of Twilio's libraries", () => {
  const callback = (url: string, signature: string, body: string, contentType: string) => ({
    url,
    headers: new Headers({ 'x-twilio-signature': signature, 'content-type': contentType }),
    body: bytes(body),
  })
  const formType = 'application/x-www-form-urlencoded; charset=UTF-8'
  const jsonType = 'application/json'

  test.each(vectors.cases)('$why', async ({ url, signature }) => {
    const signed = callback(url, signature, form(vectors.form), formType)
    expect(await hasTwilioSignature(signed, vectors.authToken)).toBe(true)
    expect(await hasTwilioSignature(signed, `${vectors.authToken}6`)).toBe(false)
  })

  test.each(vectors.repeatedFields)('$why', async ({ url, signature, pairs }) => {
    const body = new URLSearchParams(pairs.map(([name = '', value = '']) => [name, value]))
    const signed = callback(url, signature, body.toString(), formType)
    expect(await hasTwilioSignature(signed, vectors.authToken)).toBe(true)
  })

  test.each(vectors.jsonBodies)('JSON: $why', async ({ url, signature, body }) => {
    const signed = callback(url, signature, body, jsonType)
    expect(await hasTwilioSignature(signed, vectors.authToken)).toBe(true)
    const changed = { ...signed, body: bytes(`${body} `) }
    expect(await hasTwilioSignature(changed, vectors.authToken)).toBe(false)
  })

  test('a query that was re-encoded before signing', async () => {
    const given = 'https://alerts.example.com/v1/x?b=1&a=It+is&b=2'
    const { headers } = sign('To=1', '12345', 'https://alerts.example.com/v1/x?b=1&b=2&a=It%20is')
    const body = bytes('To=1')
    expect(await hasTwilioSignature({ url: given, headers, body }, '12345')).toBe(true)
  })

  test('a signed JSON body is no receipt', async () => {
    const url = `${receiptUrlOf('twilio')}?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a`
    const signature = createHmac('sha1', SETTINGS.authToken).update(url).digest('base64')
    const signed = callback(url, signature, '{}', jsonType)
    expect(await make().readReceipts(signed, NOW)).toEqual({
      ok: false,
      error: { reason: 'malformed' },
    })
  })

  test.each([
    ['a hundred fields', Array.from({ length: 100 }, (_, index) => `f${index}=1`).join('&'), true],
    ['one more', Array.from({ length: 101 }, (_, index) => `f${index}=1`).join('&'), false],
    ['16 KiB', `a=${'x'.repeat(16 * 1024 - 2)}`, true],
    ['one byte more', `a=${'x'.repeat(16 * 1024 - 1)}`, false],
  ])('are for requests a stranger cannot make dear: %s', async (_, body, isTaken) => {
    const url = 'https://alerts.example.com/v1/x'
    const { headers } = sign(body, '12345', url)
    expect(await hasTwilioSignature({ url, headers, body: bytes(body) }, '12345')).toBe(isTaken)
  })
})
