// Telnyx Messaging v2 against its own documents: the OpenAPI of POST /messages, the error code
// reference, the webhook guide.

import { createHash, createPrivateKey, createPublicKey, sign as signBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { parseTelnyxPublicKey } from '../../src/sms/telnyx/signature.ts'
import { TELNYX_BASE_URL, type TelnyxSettings, telnyx } from '../../src/sms/telnyx/telnyx.ts'
import vectors from '../vectors/telnyx-signatures.json' with { type: 'json' }
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

const SECRET = 'what-the-account-signs-with'

/** An Ed25519 key of our own for each secret (RFC 8410: the seed behind a fixed prefix). */
function privateKeyOf(secret: string) {
  const seed = createHash('sha256').update(secret).digest()
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

function publicKeyOf(secret: string): string {
  const spki = createPublicKey(privateKeyOf(secret)).export({ format: 'der', type: 'spki' })
  return spki.subarray(-32).toString('base64')
}

const SETTINGS: TelnyxSettings = {
  apiKey: 'KEY0123456789',
  publicKey: publicKeyOf(SECRET),
  from: '+12025550199',
  messagingProfileId: undefined,
  baseUrl: TELNYX_BASE_URL,
}
const ID = '40385f64-5717-4562-b3fc-2c963f66afa6'
const NOW_SECONDS = Math.floor(NOW / 1000)

function make(baseUrl: string = TELNYX_BASE_URL) {
  return telnyx({ ...SETTINGS, baseUrl })
}

function signedCallback(body: string, signature: string, timestamp: string): RawCallback {
  const headers = new Headers({
    'content-type': 'application/json',
    'telnyx-signature-ed25519': signature,
    'telnyx-timestamp': timestamp,
  })
  return { url: receiptUrlOf('telnyx'), headers, body: bytes(body) }
}

function sign(body: string, secret = SECRET, timestamp = String(NOW_SECONDS)): RawCallback {
  const signed = Buffer.from(`${timestamp}|${body}`)
  const signature = signBytes(null, signed, privateKeyOf(secret)).toString('base64')
  return signedCallback(body, signature, timestamp)
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
  const payload = {
    id: ID,
    direction: 'inbound',
    from: { phone_number: '+12025550123', carrier: 'T-Mobile', line_type: '' },
    to: [{ phone_number: '+12025550199', status: 'webhook_delivered' }],
    text: 'LOCK 7K3Q',
    received_at: '2026-11-23T14:04:00Z',
    ...fields,
  }
  return JSON.stringify({ data: { event_type: 'message.received', id: 'e1', payload } })
}

function recipient(status: unknown) {
  return [{ phone_number: '+12025550123', status, carrier: 'Example', line_type: 'Wireless' }]
}

function errorOf(code: unknown, source: object = { pointer: '/to' }) {
  return { code, title: 'Some words', detail: 'Some more words', source }
}

function accepted(fields: object = {}) {
  return response(200, {
    data: {
      record_type: 'message',
      direction: 'outbound',
      id: ID,
      type: 'SMS',
      from: { phone_number: '+12025550199', carrier: 'Telnyx', line_type: '' },
      to: recipient('queued'),
      text: 'Some words',
      parts: 2,
      valid_until: '2026-11-23T15:03:27.000+00:00',
      errors: [],
      ...fields,
    },
  })
}

function webhook(eventType: unknown, status: unknown, fields: object = {}): string {
  return JSON.stringify({
    data: {
      event_type: eventType,
      id: '4ee8c3a6-4995-4309-a3c6-38e3db9ea4be',
      occurred_at: '2026-11-23T14:03:26.500+00:00',
      payload: { id: ID, record_type: 'message', to: recipient(status), errors: [], ...fields },
      record_type: 'event',
    },
    meta: { attempt: 1, delivered_to: receiptUrlOf('telnyx') },
  })
}

const finalized = (status: unknown, fields: object = {}) =>
  webhook('message.finalized', status, fields)

function receipt(event: Receipt['event']): Receipt {
  return { providerMessageId: ID, event, at: Date.parse('2026-11-23T14:03:26.500Z') }
}

const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

describeProviderContract({
  name: 'telnyx',
  make,
  request: {
    url: 'https://api.telnyx.com/v2/messages',
    headers: {
      authorization: 'Bearer KEY0123456789',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    fields: {
      from: '+12025550199',
      to: '+12025550123',
      text: messageFor('telnyx').text,
      type: 'SMS',
      webhook_url: receiptUrlOf('telnyx'),
      use_profile_webhooks: false,
    },
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const { to, text, webhook_url, ...rest } = JSON.parse(body)
      // They have no time to live and no other number: whatever were one here would be a mistake.
      const numbers = Object.values(rest).filter((value) => typeof value === 'number')
      return { to, text, validitySeconds: numbers.length, refs: [webhook_url] }
    },
    validityRange: [0, 0],
  },
  accepted: [
    [accepted(), { class: 'accepted', providerMessageId: ID, segments: 2 }],
    [
      accepted({ to: recipient('sending'), parts: 1, wait_seconds: 5 }),
      { class: 'accepted', providerMessageId: ID, segments: 1 },
    ],
    [
      accepted({ to: recipient('sent'), parts: undefined, wait_seconds: null }),
      { class: 'accepted', providerMessageId: ID },
    ],
  ],
  doubtful: [
    '',
    'OK',
    '{}',
    '[]',
    '{"data":[]}',
    `{"data":{"id":"${ID}"}}`,
    `{"data":{"id":"${ID}","to":[]}}`,
    `{"data":{"id":"${ID}","to":[{"status":"teleported"}]}}`,
    '{"data":{"to":[{"status":"queued"}]}}',
    '{"data":{"id":"","to":[{"status":"queued"}]}}',
  ],
  responseFields: ['data', 'id', 'to', 'status', 'errors', 'code', 'source', 'wait_seconds'],
  refuse: (code) => [response(422, { errors: [errorOf(String(code))] }), `${code}`],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: [10002, 10016, 40001, 40012, 40310] },
    { meaning: { class: 'recipient_temporary' }, codes: [40004, 40006, 40008] },
    { meaning: { class: 'opted_out' }, codes: [40300] },
    {
      meaning: { class: 'message_rejected' },
      codes: [40002, 40007, 40009, 40015, 40017, 40302, 40304, 40316, 40317, 40322, 40328],
    },
    { meaning: { class: 'unclear' }, codes: [10004, 10015, 40020, 40301, 49999] },
    {
      meaning: { class: 'provider_config' },
      codes: [
        10003, 10005, 10009, 10010, 10013, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017,
        20100, 40311, 40312, 40313, 40314, 40333,
      ],
    },
    {
      meaning: { class: 'provider_config', scope: 'country' },
      codes: [
        10001, 40003, 40010, 40013, 40019, 40100, 40150, 40151, 40155, 40305, 40306, 40307, 40308,
        40309, 40315, 40319, 40320, 40321, 40323, 40325, 40329, 40330, 40331,
      ],
    },
    { meaning: { class: 'provider_transient' }, codes: [10007, 10008, 10011, 40016] },
    {
      meaning: { class: 'provider_transient', scope: 'country' },
      codes: [40011, 40018, 40318],
    },
    { meaning: { class: 'expired' }, codes: [40005, 40014] },
  ],
  inbound: {
    cases: [
      ['a reply', reply({}), [REPLY]],
      [
        'a reply to a short code',
        reply({ to: [{ phone_number: '72345' }] }),
        [{ ...REPLY, to: '72345' }],
      ],
      ['no words at all', reply({ text: '' }), [{ ...REPLY, text: '' }]],
      ['B7 from a name', reply({ from: { phone_number: 'Lockline' } }), [{ ...REPLY, from: null }]],
      ['B7 to nobody', reply({ to: [] }), [{ ...REPLY, to: null }]],
      [
        'one that Telnyx answered',
        reply({ text: 'STOP', autoresponse_type: 'STOP' }),
        [{ ...REPLY, text: 'STOP', isAnswered: true }],
      ],
      ['one that Telnyx left to us', reply({ autoresponse_type: null }), [REPLY]],
      ['another event', JSON.stringify({ data: { event_type: 'message.sent', payload: {} } }), []],
    ],
    malformed: ['{}', 'x'],
  },
  receipts: {
    body: finalized('delivered'),
    sign,
    cases: [
      ['sent', webhook('message.sent', 'sent'), [receipt({ state: 'sent' })]],
      ['still sending', webhook('message.sent', 'sending'), []],
      ['delivered', finalized('delivered'), [receipt({ state: 'delivered' })]],
      ['never confirmed', finalized('delivery_unconfirmed'), [receipt({ state: 'sent' })]],
      ['a status yet to come', finalized('teleported'), []],
      ['a reply', webhook('message.received', 'webhook_delivered'), []],
      [
        'failed at the carrier',
        finalized('delivery_failed', { errors: [errorOf('40001')] }),
        [failed('recipient_permanent', '40001')],
      ],
      [
        'failed, the code a number',
        finalized('delivery_failed', { errors: [errorOf(40006)] }),
        [failed('recipient_temporary', '40006')],
      ],
      [
        'failed after a STOP',
        finalized('sending_failed', { errors: [errorOf('40300')] }),
        [failed('opted_out', '40300')],
      ],
      [
        'failed for several causes',
        finalized('delivery_failed', { errors: [errorOf('49999'), errorOf('40015')] }),
        [failed('message_rejected', '40015')],
      ],
      [
        'failed for a cause we do not know',
        finalized('delivery_failed', { errors: [errorOf('49999')] }),
        [failed('recipient_temporary', '49999')],
      ],
      [
        'failed without a word',
        finalized('delivery_failed'),
        [failed('recipient_temporary', 'delivery_failed')],
      ],
      [
        'never left Telnyx',
        finalized('sending_failed'),
        [failed('provider_transient', 'sending_failed')],
      ],
      ['expired', finalized('expired'), [failed('expired', 'expired')]],
      [
        'expired in their queue',
        finalized('expired', { errors: [errorOf('40014')] }),
        [failed('expired', '40014')],
      ],
    ],
    malformed: [
      '',
      '[]',
      '{}',
      '{"data":{}}',
      webhook(7, 'delivered'),
      finalized(undefined),
      finalized('delivered', { id: null }),
      finalized('delivered', { to: 'nobody' }),
    ],
    tamper: {
      'the body': (callback, at, character) => ({
        ...callback,
        body: bytes(replaced(textOf(callback.body), at, character)),
      }),
      'the signature': (callback, at, character) =>
        withHeader(callback, 'telnyx-signature-ed25519', (value) => replaced(value, at, character)),
      'the timestamp': (callback, at, character) =>
        withHeader(callback, 'telnyx-timestamp', (value) => replaced(value, at, character)),
    },
  },
})

describe('telnyx', () => {
  test('names the messaging profile where there is one', async () => {
    const provider = telnyx({ ...SETTINGS, from: 'Example', messagingProfileId: ID })
    const { body } = await provider.buildRequest({ ...messageFor('telnyx'), from: 'Example' })
    expect(JSON.parse(body)).toMatchObject({ from: 'Example', messaging_profile_id: ID })
  })

  test.each([5.01, 6, 14_400])('hedges a text that waits %d seconds', (seconds) => {
    expect(make().readResponse(accepted({ wait_seconds: seconds }))).toEqual({
      class: 'ambiguous',
      code: 'queued_late',
    })
  })

  test.each([
    ['sending_failed', [errorOf('40300')], { class: 'opted_out', code: '40300' }],
    [
      'delivery_failed',
      [errorOf('40309')],
      { class: 'provider_config', scope: 'country', code: '40309' },
    ],
    ['expired', [], { class: 'expired', code: 'expired' }],
  ])('does not take a 200 of status %s as accepted', (status, errors, outcome) => {
    expect(make().readResponse(accepted({ to: recipient(status), errors }))).toEqual(outcome)
  })

  test.each([
    [{ pointer: '/from' }, { class: 'provider_config', scope: 'country' }],
    [{ parameter: 'from' }, { class: 'provider_config', scope: 'country' }],
    [{ pointer: '/to' }, { class: 'recipient_permanent' }],
    ['/from', { class: 'recipient_permanent' }],
  ])('takes an invalid number at %j as %j', (source, meaning) => {
    const answer = response(400, { errors: [{ ...errorOf('10002'), source }] })
    expect(make().readResponse(answer)).toEqual({ ...meaning, code: '10002' })
  })

  test.each([
    [{ errors: ['40300'] }, 'http_400'],
    [{ errors: [errorOf('a phone number +12025550123')] }, 'http_400'],
    [{ errors: [errorOf('49999'), errorOf('49998')] }, '49999'],
  ])('takes a 400 with %j as unclear', (body, code) => {
    const outcome = make().readResponse(response(400, body))
    expect(outcome).toEqual({ class: 'unclear', code })
  })
})

describe('telnyx signatures', () => {
  const body = finalized('delivered')
  const read = (callback: RawCallback, now = NOW) => make().readReceipts(callback, now)

  test.each([-300, 300])('are good %i seconds from now', async (seconds) => {
    expect(await read(sign(body, SECRET, String(NOW_SECONDS + seconds)))).toMatchObject({
      ok: true,
    })
  })

  test.each([-301, 301, -86_400])('are stale %i seconds from now', async (seconds) => {
    const result = await read(sign(body, SECRET, String(NOW_SECONDS + seconds)))
    expect(result).toEqual({ ok: false, error: { reason: 'stale' } })
  })

  test.each(['', 'now', '-1', '1e9', `${NOW_SECONDS}.0`, ` ${NOW_SECONDS}x`])(
    'with the time %j are none',
    async (timestamp) => {
      const result = await read(sign(body, SECRET, timestamp))
      expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
    },
  )

  test('of another length are none', async () => {
    const short = signedCallback(body, Buffer.alloc(63).toString('base64'), String(NOW_SECONDS))
    expect(await read(short)).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test.each([
    '',
    'nonsense',
    publicKeyOf(SECRET).slice(0, -4),
    Buffer.alloc(33).toString('base64'),
  ])('are good under no key like %j', async (publicKey) => {
    expect(parseTelnyxPublicKey(publicKey)).toBeNull()
    const result = await telnyx({ ...SETTINGS, publicKey }).readReceipts(sign(body), NOW)
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('of the fixed vector', async () => {
    const { publicKey, timestamp, body: vectorBody, signature } = vectors
    const callback = signedCallback(vectorBody, signature, timestamp)
    const now = Number(timestamp) * 1000
    expect(await telnyx({ ...SETTINGS, publicKey }).readReceipts(callback, now)).toEqual({
      ok: true,
      value: [
        {
          providerMessageId: 'ac012cbf-5e09-46af-a69a-7c0e2d90993c',
          event: { state: 'delivered' },
          at: Date.parse('2024-01-15T21:32:14.148Z'),
        },
      ],
    })
  })
})
