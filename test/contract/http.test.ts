// The provider of any API a template describes. The first template of its document keeps the contract:
// JSON, callbacks signed. The second is in http-form.test.ts, what is special to templates in unit/providers.

import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { httpProviderOf, RECEIPT_SECRET } from '../support/http-templates.ts'
import { HTTP_TEMPLATES } from '../world/http-templates.ts'
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

function make(baseUrl?: string) {
  return httpProviderOf(HTTP_TEMPLATES.json, { secret: 'a-token', baseUrl, now: NOW })
}

const MESSAGE = { id: 'm-1', status: 'queued', parts: 2 }
const answer = (fields: object) => response(200, { messages: [{ ...MESSAGE, ...fields }] })
const AT = '2026-11-23T14:03:30.250Z'

const report = (...fields: readonly object[]) =>
  JSON.stringify({
    reports: fields.map((some) => ({
      client_ref: REF,
      id: 'm-1',
      status: 'delivered',
      at: AT,
      ...some,
    })),
  })
const receipt = (event: Receipt['event']): Receipt => ({
  ref: REF,
  providerMessageId: 'm-1',
  event,
  at: Date.parse(AT),
})
const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

function sign(body: string, secret = RECEIPT_SECRET): RawCallback {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = new Headers({ 'x-signature': `sha256=${signature}` })
  return { url: receiptUrlOf('http'), headers, body: bytes(body) }
}

function withSignature(callback: RawCallback, change: (value: string) => string): RawCallback {
  const value = callback.headers.get('x-signature') ?? ''
  return { ...callback, headers: new Headers({ 'x-signature': change(value) }) }
}

const TEXT = { id: 'mo-1', from: '12025550123', to: '+12025550199', text: 'LOCK 7K3Q' }
const texts = (...fields: readonly object[]) =>
  JSON.stringify({ texts: fields.map((some) => ({ ...TEXT, ...some })) })
const REPLY = {
  providerMessageId: 'mo-1',
  from: '+12025550123',
  to: '+12025550199',
  text: 'LOCK 7K3Q',
  isAnswered: false,
}

describeProviderContract({
  name: 'http',
  make,
  request: {
    url: 'https://api.aggregator.example/v2/messages',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer a-token',
    },
    fields: {
      messages: [
        {
          to: '+12025550123',
          from: 'Example',
          text: messageFor('http').text,
          client_ref: REF,
          callback_url: receiptUrlOf('http'),
          ttl: 120,
        },
      ],
    },
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const [{ to, text, ttl, client_ref, callback_url }] = JSON.parse(body).messages
      return { to, text, validitySeconds: ttl, refs: [client_ref, callback_url] }
    },
    validityRange: [60, 86_400],
  },
  accepted: [
    [answer({}), { class: 'accepted', providerMessageId: 'm-1', segments: 2 }],
    [answer({ status: 'sent', parts: 0 }), { class: 'accepted', providerMessageId: 'm-1' }],
    [
      response(202, { messages: [{ id: 8861, status: 'queued' }] }),
      { class: 'accepted', providerMessageId: '8861' },
    ],
  ],
  doubtful: [
    '',
    'OK',
    '[]',
    '{}',
    '{"messages":[]}',
    '{"messages":[{"id":"m-1"}]}',
    '{"messages":[{"id":"m-1","status":"refused"}]}',
    '{"messages":[{"id":"m-1","status":["queued"]}]}',
    '{"messages":[{"status":"queued"}]}',
    '{"messages":[{"id":"two words","status":"queued"}]}',
    '{"messages":[{"status":"refused","error":{"code":"call +12025550123"}}]}',
  ],
  responseFields: ['messages', 'id', 'status', 'parts', 'error', 'code'],
  refuse: (code) => [answer({ status: 'refused', error: { code } }), `${code}`],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: ['invalid_number'] },
    { meaning: { class: 'recipient_temporary' }, codes: ['unreachable'] },
    { meaning: { class: 'opted_out' }, codes: ['opted_out'] },
    { meaning: { class: 'message_rejected' }, codes: ['text_blocked'] },
    { meaning: { class: 'provider_config' }, codes: ['no_credit'] },
    { meaning: { class: 'provider_config', scope: 'country' }, codes: ['no_route'] },
    { meaning: { class: 'provider_transient' }, codes: ['busy'] },
    { meaning: { class: 'ambiguous' }, codes: ['E77'] },
  ],
  inbound: {
    cases: [
      ['a reply', texts({ at: AT }), [{ ...REPLY, at: Date.parse(AT) }]],
      ['a reply to a short code', texts({ to: 72345 }), [{ ...REPLY, to: '72345' }]],
      ['B7 from a name', texts({ from: 'Lockline' }), [{ ...REPLY, from: null }]],
      ['B7 to a name', texts({ to: 'Lockline' }), [{ ...REPLY, to: null }]],
      ['no words at all', texts({ text: '' }), [{ ...REPLY, text: '' }]],
      ['two, one of them lost', texts({ id: null }, {}), [REPLY]],
      ['none', texts(), []],
    ],
    malformed: ['', '{}', '{"texts":{}}', texts({ text: null })],
  },
  receipts: {
    body: report({}),
    sign,
    cases: [
      ['delivered', report({}), [receipt({ state: 'delivered' })]],
      ['sent', report({ status: 'sent' }), [receipt({ state: 'sent' })]],
      ['waiting', report({ status: 'queued' }), []],
      ['a status yet to come', report({ status: 'teleported' }), []],
      ['a status of every object', report({ status: 'toString' }), []],
      [
        'several',
        report({}, { status: 'sent' }),
        [receipt({ state: 'delivered' }), receipt({ state: 'sent' })],
      ],
      ['several, one of them lost', report({ id: [] }, {}), [receipt({ state: 'delivered' })]],
      ['none', report(), []],
      [
        'failed',
        report({ status: 'undeliverable' }),
        [failed('recipient_temporary', 'undeliverable')],
      ],
      ['expired', report({ status: 'expired' }), [failed('expired', 'expired')]],
      [
        'failed with a code of sending',
        report({ status: 'rejected', error: { code: 'opted_out' } }),
        [failed('opted_out', 'opted_out')],
      ],
      [
        'failed with a code we do not know',
        report({ status: 'rejected', error: { code: 'E77' } }),
        [failed('message_rejected', 'E77')],
      ],
      [
        'failed with prose for a code',
        report({ status: 'rejected', error: { code: 'no +12025550123' } }),
        [failed('message_rejected', 'rejected')],
      ],
    ],
    malformed: [
      '',
      '[]',
      '{"reports":{}}',
      report({ id: undefined }),
      report({ status: undefined }),
      report({ status: {} }),
    ],
    tamper: {
      'the body': (callback, at, character) => ({
        ...callback,
        body: bytes(replaced(textOf(callback.body), at, character)),
      }),
      // In lower case: either case of a hex digit is the same digit.
      'the signature': (callback, at, character) =>
        withSignature(callback, (value) => replaced(value, at, character.toLowerCase())),
    },
  },
})

const unsigned = { ok: false, error: { reason: 'unsigned' } }

test.each([
  ['without its prefix', (value: string) => value.replace('sha256=', '')],
  ['of no hex', (value: string) => value.replace(/.$/, 'g')],
  ['cut short', (value: string) => value.slice(0, -2)],
  ['cut to its prefix', () => 'sha256='],
])('takes no signature %s', async (_what, change) => {
  const callback = withSignature(sign(report({})), change)
  expect(await make().readReceipts(callback, NOW)).toEqual(unsigned)
})

test('takes a signature in capitals', async () => {
  const callback = withSignature(sign(report({})), (value) =>
    value.toUpperCase().replace('SHA256=', 'sha256='),
  )
  expect(await make().readReceipts(callback, NOW)).toMatchObject({ ok: true })
})

test('takes no key where callbacks are signed', async () => {
  const key = createHmac('sha256', RECEIPT_SECRET)
    .update(`lockline-receipt.${REF}`)
    .digest('base64url')
  const url = `${receiptUrlOf('http')}?k=${key}`
  const callback = { url, headers: new Headers(), body: bytes(report({})) }
  expect(await make().readReceipts(callback, NOW)).toEqual(unsigned)
})

test('names the registered template and its owner', async () => {
  const template = { templateId: '1107161234567890123', entityId: '1101234567890123456' }
  const { body } = await make().buildRequest({ ...messageFor('http'), template })
  expect(JSON.parse(body).messages[0].dlt).toEqual({
    template_id: '1107161234567890123',
    entity_id: '1101234567890123456',
  })
})
