// Sinch SMS (XMS v1) against its own documents: the OpenAPI of the SMS API, its tables of codes, the
// signature vector of its library.

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { SINCH_BASE_URL, type SinchSettings, sinch } from '../../src/sms/sinch/sinch.ts'
import vectors from '../vectors/sinch-signatures.json' with { type: 'json' }
import {
  bytes,
  describeProviderContract,
  messageFor,
  NOW,
  REF,
  receiptUrlOf,
  replaced,
  response,
  textOf,
} from './provider-contract.ts'

const SETTINGS: SinchSettings = {
  servicePlanId: '0123456789abcdef0123456789abcdef',
  apiToken: 'test-api-token',
  callbackSecret: 'test-callback-secret',
  from: '+12025550199',
  baseUrl: SINCH_BASE_URL,
  now: () => NOW,
}
const ID = '01FC66621VHDBN119Z8PMV1QPU'
const NOW_SECONDS = Math.floor(NOW / 1000)
const HEADER = 'x-sinch-webhook-signature'

function make(baseUrl: string = SINCH_BASE_URL) {
  return sinch({ ...SETTINGS, baseUrl })
}

function signatureOf(body: string, secret: string, nonce: string, timestamp: string): string {
  return createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64')
}

function signedCallback(body: string, signature: string, nonce: string, timestamp: string) {
  const headers = new Headers({
    'content-type': 'application/json',
    [HEADER]: signature,
    [`${HEADER}-algorithm`]: 'HmacSHA256',
    [`${HEADER}-nonce`]: nonce,
    [`${HEADER}-timestamp`]: timestamp,
  })
  return { url: receiptUrlOf('sinch'), headers, body: bytes(body) }
}

function sign(
  body: string,
  secret: string = SETTINGS.callbackSecret,
  nonce = '01JHFFHWYY7HSS4FWTMDTQEK8V',
  timestamp = String(NOW_SECONDS),
): RawCallback {
  return signedCallback(body, signatureOf(body, secret, nonce, timestamp), nonce, timestamp)
}

function withHeader(callback: RawCallback, name: string, change: (value: string) => string) {
  const headers = new Headers(callback.headers)
  headers.set(name, change(headers.get(name) ?? ''))
  return { ...callback, headers }
}

const REPLY = {
  providerMessageId: ID,
  from: '+12025550123',
  to: '+12025550199',
  text: 'LOCK 7K3Q',
  isAnswered: false,
  at: Date.parse('2026-11-23T14:04:00Z'),
}

function reply(fields: object): string {
  return JSON.stringify({
    type: 'mo_text',
    id: ID,
    from: '12025550123',
    to: '12025550199',
    body: 'LOCK 7K3Q',
    received_at: '2026-11-23T14:04:00Z',
    ...fields,
  })
}

function report(status: unknown, code: unknown, fields: object = {}): string {
  return JSON.stringify({
    type: 'recipient_delivery_report_sms',
    batch_id: ID,
    recipient: '12025550123',
    code,
    status,
    at: '2026-11-23T14:03:26.500Z',
    operator_status_at: '2026-11-23T14:03:00Z',
    client_reference: REF,
    ...fields,
  })
}

function receipt(event: Receipt['event']): Receipt {
  const at = Date.parse('2026-11-23T14:03:26.500Z')
  return { ref: REF, providerMessageId: ID, event, at }
}

const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

const batch = {
  id: ID,
  to: ['12025550123'],
  from: '12025550199',
  canceled: false,
  body: 'Some words',
  type: 'mt_text',
  created_at: '2026-11-23T14:03:27.100Z',
  modified_at: '2026-11-23T14:03:27.100Z',
  delivery_report: 'per_recipient',
  expire_at: '2026-11-23T14:05:27.000Z',
}

describeProviderContract({
  name: 'sinch',
  make,
  request: {
    url: 'https://us.sms.api.sinch.com/xms/v1/0123456789abcdef0123456789abcdef/batches',
    headers: {
      authorization: 'Bearer test-api-token',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    fields: {
      to: ['+12025550123'],
      from: '+12025550199',
      body: messageFor('sinch').text,
      type: 'mt_text',
      delivery_report: 'per_recipient',
      callback_url: receiptUrlOf('sinch'),
      client_reference: REF,
      expire_at: '2026-11-23T14:05:27.000Z',
    },
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const { to, body: text, expire_at, client_reference, callback_url } = JSON.parse(body)
      return {
        to: to[0],
        text,
        validitySeconds: (Date.parse(expire_at) - NOW) / 1000,
        refs: [client_reference, callback_url],
      }
    },
    validityRange: [1, 259_200],
  },
  accepted: [
    [response(201, batch), { class: 'accepted', providerMessageId: ID }],
    [response(200, { id: ID }), { class: 'accepted', providerMessageId: ID }],
  ],
  doubtful: [
    '',
    'Created',
    '[]',
    '{}',
    '{"id":7}',
    '{"id":""}',
    `{"id":"${ID} and more"}`,
    JSON.stringify({ ...batch, canceled: true }),
  ],
  responseFields: ['id', 'canceled', 'code', 'text'],
  refuse: (code) => [response(403, { code, text: 'Some words' }), `${code}`],
  refusals: [
    {
      meaning: { class: 'unclear' },
      codes: [
        'syntax_invalid_json',
        'syntax_invalid_parameter_format',
        'syntax_constraint_violation',
      ],
    },
    { meaning: { class: 'provider_config', scope: 'country' }, codes: ['illegal_number_type'] },
    {
      meaning: { class: 'provider_config' },
      codes: ['blocked_account', 'missing_callback_url', 'a_code_yet_to_come'],
    },
  ],
  inbound: {
    cases: [
      ['a reply', reply({}), [REPLY]],
      ['a reply to a short code', reply({ to: '72345' }), [{ ...REPLY, to: '72345' }]],
      ['no words at all', reply({ body: '' }), [{ ...REPLY, text: '' }]],
      ['B7 from a name', reply({ from: 'Lockline' }), [{ ...REPLY, from: null }]],
      ['B7 to a name', reply({ to: 'Lockline' }), [{ ...REPLY, to: null }]],
      ['data that is no text', reply({ type: 'mo_binary' }), []],
    ],
    malformed: [reply({ body: 7 }), '{}', 'x'],
  },
  receipts: {
    body: report('Delivered', 0),
    sign,
    cases: [
      ['queued', report('Queued', 400), []],
      ['dispatched', report('Dispatched', 401), [receipt({ state: 'sent' })]],
      ['delivered', report('Delivered', 0), [receipt({ state: 'delivered' })]],
      ['never reported', report('Unknown', 0), [receipt({ state: 'sent' })]],
      ['a status yet to come', report('Teleported', 0), []],
      ['a reply', JSON.stringify({ type: 'mo_text', id: ID, from: '12025550123' }), []],
      [
        'a summary',
        JSON.stringify({ type: 'delivery_report_sms', batch_id: ID, statuses: [] }),
        [],
      ],
      [
        'without client reference and instant: the path has the ref',
        report('Delivered', 0, { client_reference: undefined, at: 'now' }),
        [{ providerMessageId: ID, event: { state: 'delivered' } }],
      ],
      ['failed, no code', report('Failed', 0), [failed('recipient_temporary', 'Failed')]],
      ['failed, no code at all', report('Failed', null), [failed('recipient_temporary', 'Failed')]],
      ['failed, a code we lack', report('Failed', 999), [failed('recipient_temporary', '999')]],
      ['failed, the code a text', report('Failed', '300'), [failed('recipient_permanent', '300')]],
      ['deleted', report('Deleted', 0), [failed('recipient_temporary', 'Deleted')]],
      ['aborted', report('Aborted', 0), [failed('unclear', 'Aborted')]],
      ['rejected', report('Rejected', 0), [failed('unclear', 'Rejected')]],
      ['cancelled', report('Cancelled', 407), [failed('unclear', '407')]],
      ['expired', report('Expired', 0), [failed('expired', 'Expired')]],
    ],
    malformed: [
      '',
      '[]',
      '{}',
      report(undefined, 0),
      report(7, 0),
      report('Delivered', 0, { type: undefined }),
      report('Delivered', 0, { batch_id: null }),
    ],
    tamper: {
      'the body': (callback, at, character) => ({
        ...callback,
        body: bytes(replaced(textOf(callback.body), at, character)),
      }),
      'the signature': (callback, at, character) =>
        withHeader(callback, HEADER, (value) => replaced(value, at, character)),
      'the nonce': (callback, at, character) =>
        withHeader(callback, `${HEADER}-nonce`, (value) => replaced(value, at, character)),
      'the timestamp': (callback, at, character) =>
        withHeader(callback, `${HEADER}-timestamp`, (value) => replaced(value, at, character)),
    },
  },
})

describe('sinch', () => {
  const cases: readonly [FailureClass, readonly number[]][] = [
    ['recipient_permanent', [300]],
    ['recipient_temporary', [152, 404]],
    ['unclear', [405, 407, 408]],
    ['message_rejected', [15, 62, 321, 332, 334, 349, 411]],
    ['provider_config', [60, 310, 402, 410, 412, 413]],
    ['provider_transient', [64, 403]],
    ['expired', [406]],
  ]
  test.each(
    cases.flatMap(([failureClass, codes]) => codes.map((code) => [code, failureClass] as const)),
  )('takes a report of code %i as %s', async (code, failureClass) => {
    expect(await make().readReceipts(sign(report('Aborted', code)), NOW)).toEqual({
      ok: true,
      value: [failed(failureClass, `${code}`)],
    })
  })

  test('takes a plan id for a part of the path, whatever it holds', async () => {
    const provider = sinch({ ...SETTINGS, servicePlanId: 'a/b?c' })
    const { url } = await provider.buildRequest(messageFor('sinch'))
    expect(url).toBe('https://us.sms.api.sinch.com/xms/v1/a%2Fb%3Fc/batches')
  })

  test.each([
    [400, { code: 'syntax_invalid_json', text: 'no' }, 'unclear', 'syntax_invalid_json'],
    [400, { code: 'a phone number +12025550123' }, 'unclear', 'http_400'],
    [400, { error: { code: 400, status: 'INVALID_ARGUMENT' } }, 'unclear', 'http_400'],
    [403, { code: 7 }, 'provider_config', 'http_403'],
  ])('takes a %i with %j as %s', (status, body, failureClass, code) => {
    expect(make().readResponse(response(status, body))).toEqual({ class: failureClass, code })
  })
})

describe('sinch signatures', () => {
  const body = report('Delivered', 0)
  const { callbackSecret } = SETTINGS
  const read = (callback: RawCallback) => make().readReceipts(callback, NOW)

  test.each([-300, 300])('are good %i seconds from now', async (seconds) => {
    const callback = sign(body, callbackSecret, 'n1', String(NOW_SECONDS + seconds))
    expect(await read(callback)).toMatchObject({ ok: true })
  })

  test.each([-301, 301, -86_400])('are stale %i seconds from now', async (seconds) => {
    const callback = sign(body, callbackSecret, 'n1', String(NOW_SECONDS + seconds))
    expect(await read(callback)).toEqual({ ok: false, error: { reason: 'stale' } })
  })

  test.each(['', 'now', '-1', '1e9', `${NOW_SECONDS}.0`])(
    'with the time %j are none',
    async (timestamp) => {
      const callback = sign(body, callbackSecret, 'n1', timestamp)
      expect(await read(callback)).toEqual({ ok: false, error: { reason: 'unsigned' } })
    },
  )

  test('are for one place between body and nonce only', async () => {
    const whole = '{"type":"mo_text"}.{"text":"x"}'
    const nonce = 'n1'
    const signature = signatureOf(whole, callbackSecret, nonce, String(NOW_SECONDS))
    const shifted = signedCallback(
      '{"type":"mo_text"}',
      signature,
      `{"text":"x"}.${nonce}`,
      String(NOW_SECONDS),
    )
    expect(await read(shifted)).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('are good under no empty secret', async () => {
    const provider = sinch({ ...SETTINGS, callbackSecret: '' })
    const result = await provider.readReceipts(sign(body, ''), NOW)
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test("of the library's vector", async () => {
    const { secret, body: vectorBody, signature, nonce, timestamp } = vectors
    const provider = sinch({ ...SETTINGS, callbackSecret: secret })
    const callback = signedCallback(vectorBody, signature, nonce, timestamp)
    expect(await provider.readReceipts(callback, Number(timestamp) * 1000)).toEqual({
      ok: true,
      value: [
        {
          ref: 'a client reference',
          providerMessageId: '01JHFFHQ0P99JPPNQPJDV7JTBP',
          event: { state: 'delivered' },
          at: Date.parse('2025-01-13T09:22:40.914Z'),
        },
      ],
    })
  })
})
