// The recipes of docs/recipes keep the contract as the built-in providers do. What the vendors' documents say is given
// here as data: the whole request, answers, codes, receipts, texts.

import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseHttpTemplate } from '../../src/sms/http/template.ts'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { httpProviderOf, RECEIPT_SECRET } from '../support/http-templates.ts'
import {
  bytes,
  describeProviderContract,
  messageFor,
  NOW,
  type ProviderContract,
  REF,
  type ReceiptContract,
  receiptUrlOf,
  replaced,
  response,
} from './provider-contract.ts'

const FOLDER = new URL('../../docs/recipes/', import.meta.url)
const RECIPES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
const read = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8')

const SECRET = 'a-secret'
const TO = '+12025550123'
const FROM = '+12025550199'
const TEXT = messageFor('http').text
const AT = '2026-11-23T14:03:30.250Z'
const MESSAGE_ID = 'bda3d56d-1424-e711-813c-06ed3428fe67'

type RecipeName = '8x8' | 'plivo' | 'telesign' | 'cm' | 'zenvia'

const keyOf = (part: string, secret: string) =>
  createHmac('sha256', secret).update(`lockline-receipt.${part}`).digest('base64url')

/** As the API posts to the URL it was given, for each message or in its portal. */
function signerOf(name: RecipeName, isById: boolean) {
  return (body: string, secret = RECEIPT_SECRET): RawCallback => {
    const part = isById ? `http-${name}` : REF
    const url = isById
      ? `https://alerts.example.com/v1/receipts/${part}`
      : receiptUrlOf(`http:${name}`)
    return { url: `${url}?k=${keyOf(part, secret)}`, headers: new Headers(), body: bytes(body) }
  }
}

const TAMPER: ReceiptContract['tamper'] = {
  'the key': (callback, at, character) => {
    const [before = '', key = ''] = callback.url.split('?k=')
    return { ...callback, url: `${before}?k=${replaced(key, at, character)}` }
  },
  'the last part of the path': (callback, at, character) => {
    const { pathname } = new URL(callback.url)
    const part = pathname.slice(pathname.lastIndexOf('/') + 1)
    return {
      ...callback,
      url: callback.url.replace(`/${part}?`, `/${replaced(part, at, character)}?`),
    }
  },
}

const keyedUrl = (name: RecipeName) =>
  `${receiptUrlOf(`http:${name}`)}?k=${keyOf(REF, RECEIPT_SECRET)}`
const basic = (user: string) => `Basic ${btoa(`${user}:${SECRET}`)}`
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' }
const FORM_HEADERS = {
  accept: 'application/json',
  'content-type': 'application/x-www-form-urlencoded',
}
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const asForm = (body: string) => Object.fromEntries(new URLSearchParams(body))
const asJson = (body: string) => JSON.parse(body)

const receipt = (event: Receipt['event'], at?: string): Receipt => ({
  providerMessageId: MESSAGE_ID,
  event,
  ...(at === undefined ? {} : { at: Date.parse(at) }),
})
const failed = (failureClass: FailureClass, code: string, at?: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code }, at)
const ACCEPTED = { class: 'accepted', providerMessageId: MESSAGE_ID } as const
const REPLY = {
  ...{ providerMessageId: 'mo-1', from: TO, to: FROM, text: 'LOCK 7K3Q', isAnswered: false },
}

function contractOf(
  name: RecipeName,
  rest: Omit<ProviderContract, 'name' | 'make'>,
): ProviderContract {
  const make = (baseUrl?: string) =>
    httpProviderOf(read(`${name}.json`), { secret: SECRET, baseUrl, now: NOW })
  return { name: `http:${name}`, make, ...rest }
}

const of8x8 = (status: object) =>
  JSON.stringify({
    namespace: 'SMS',
    eventType: 'outbound_message_status_changed',
    payload: {
      ...{ umid: MESSAGE_ID, subAccountId: 'S-1', source: 'x', destination: TO, smsCount: 1 },
      status: { timestamp: AT, errorCode: 0, errorMessage: '', ...status },
    },
  })
const textOf8x8 = (fields: object) =>
  JSON.stringify({
    namespace: 'SMS',
    eventType: 'inbound_message_received',
    payload: {
      umid: 'mo-1',
      timestamp: AT,
      source: TO,
      destination: FROM,
      body: 'LOCK 7K3Q',
      ...fields,
    },
  })

describeProviderContract(
  contractOf('8x8', {
    request: {
      url: 'https://sms.8x8.com/api/v1/subaccounts/YOUR_SUBACCOUNT/messages',
      headers: { ...JSON_HEADERS, authorization: `Bearer ${SECRET}` },
      fields: {
        destination: TO,
        source: FROM.slice(1),
        text: TEXT,
        encoding: 'AUTO',
        expiry: '2026-11-23T14:05:27.000Z',
        dlrCallbackUrl: keyedUrl('8x8'),
      },
      decode: asJson,
      read: (body) => {
        const { destination, text, expiry, dlrCallbackUrl } = JSON.parse(body)
        const validitySeconds = (Date.parse(expiry) - NOW) / 1_000
        return { to: destination, text, validitySeconds, refs: [dlrCallbackUrl] }
      },
      validityRange: [1, 259_200],
    },
    accepted: [[response(200, { umid: MESSAGE_ID, status: { code: 'QUEUED' } }), ACCEPTED]],
    doubtful: ['', '[]', '{}', '{"umid":"u-1"}', '{"umid":"u-1","status":{}}'],
    responseFields: ['umid', 'status', 'code', 'description'],
    refuse: (code) =>
      code === 'REJECTED'
        ? [response(200, { umid: 'u-1', status: { code } }), 'REJECTED']
        : [response(400, { code, message: 'prose', errorId: 'e' }), `${code}`],
    refusals: [
      { meaning: { class: 'recipient_permanent' }, codes: [1002] },
      { meaning: { class: 'message_rejected' }, codes: [1003, 1004] },
      { meaning: { class: 'provider_config' }, codes: [1001, 1200, 1201] },
      { meaning: { class: 'provider_config', scope: 'country' }, codes: [1005] },
      { meaning: { class: 'provider_transient' }, codes: [1400] },
      { meaning: { class: 'unclear' }, codes: ['REJECTED', 1000, 1006, 1009, 1300] },
    ],
    receipts: {
      body: of8x8({ state: 'delivered' }),
      sign: signerOf('8x8', false),
      tamper: TAMPER,
      malformed: ['', '[]', '{}', '{"payload":{"umid":"u-1"}}'],
      cases: [
        ['queued', of8x8({ state: 'queued' }), []],
        ['sent', of8x8({ state: 'sent' }), [receipt({ state: 'sent' }, AT)]],
        ['delivered', of8x8({ state: 'delivered' }), [receipt({ state: 'delivered' }, AT)]],
        [
          'delivered to the operator',
          of8x8({ state: 'delivered', detail: 'delivered_to_operator' }),
          [receipt({ state: 'sent' }, AT)],
        ],
        [
          'delivered with a detail that we do not know',
          of8x8({ state: 'delivered', detail: 'teleported' }),
          [receipt({ state: 'delivered' }, AT)],
        ],
        [
          'undelivered without a code',
          of8x8({ state: 'undelivered' }),
          [failed('recipient_temporary', 'undelivered', AT)],
        ],
        [
          'no such number',
          of8x8({ state: 'undelivered', detail: 'rejected_by_operator', errorCode: 15 }),
          [failed('recipient_permanent', '15', AT)],
        ],
        ['expired', of8x8({ state: 'undelivered', errorCode: 36 }), [failed('expired', '36', AT)]],
        ['rejected', of8x8({ state: 'rejected', errorCode: 99 }), [failed('unclear', '99', AT)]],
      ],
    },
    inbound: {
      cases: [
        ['a reply', textOf8x8({}), [{ ...REPLY, at: Date.parse(AT) }]],
        ['no words', textOf8x8({ body: '' }), [{ ...REPLY, text: '', at: Date.parse(AT) }]],
      ],
      malformed: ['', '{}', textOf8x8({ body: null })],
    },
  }),
)

const ofPlivo = (fields: Record<string, string>) =>
  form({ MessageUUID: MESSAGE_ID, From: FROM, To: TO, Status: 'delivered', Units: '1', ...fields })

describeProviderContract(
  contractOf('plivo', {
    request: {
      url: 'https://api.plivo.com/v1/Account/YOUR_AUTH_ID/Message/',
      headers: { ...JSON_HEADERS, authorization: basic('YOUR_AUTH_ID') },
      fields: {
        ...{ src: FROM, dst: TO, text: TEXT, type: 'sms', method: 'POST', log: 'false' },
        url: keyedUrl('plivo'),
        message_expiry: 120,
      },
      decode: asJson,
      read: (body) => {
        const { dst, text, message_expiry, url } = JSON.parse(body)
        return { to: dst, text, validitySeconds: message_expiry, refs: [url] }
      },
      validityRange: [5, 10_800],
    },
    accepted: [
      [response(202, { api_id: 'a', message: 'queued', message_uuid: [MESSAGE_ID] }), ACCEPTED],
    ],
    doubtful: [
      '',
      '{}',
      '{"message_uuid":[]}',
      '{"message_uuid":[],"invalid_number":["12025550123"]}',
      '{"message_uuid":"x"}',
    ],
    responseFields: ['message_uuid', 'invalid_number', 'error', 'api_id'],
    refuse: (code) => [response(Number(code), { api_id: 'a', error: 'prose' }), `http_${code}`],
    refusals: [
      { meaning: { class: 'provider_config' }, codes: [401, 402, 403] },
      { meaning: { class: 'unclear' }, codes: [400, 404, 405, 406] },
      { meaning: { class: 'provider_transient' }, codes: [429] },
    ],
    receipts: {
      body: ofPlivo({}),
      sign: signerOf('plivo', false),
      tamper: TAMPER,
      malformed: ['', '{}', 'Status=delivered', `MessageUUID=${MESSAGE_ID}`],
      cases: [
        ['queued', ofPlivo({ Status: 'queued' }), []],
        ['sent', ofPlivo({ Status: 'sent', ErrorCode: '000' }), [receipt({ state: 'sent' })]],
        ['delivered', ofPlivo({}), [receipt({ state: 'delivered' })]],
        [
          'undelivered',
          ofPlivo({ Status: 'undelivered', ErrorCode: '80' }),
          [failed('recipient_temporary', '80')],
        ],
        [
          'no such number',
          ofPlivo({ Status: 'failed', ErrorCode: '50' }),
          [failed('recipient_permanent', '50')],
        ],
        [
          'spam',
          ofPlivo({ Status: 'undelivered', ErrorCode: '30' }),
          [failed('message_rejected', '30')],
        ],
        ['a STOP', ofPlivo({ Status: 'failed', ErrorCode: '200' }), [failed('opted_out', '200')]],
        [
          'another code',
          ofPlivo({ Status: 'failed', ErrorCode: '1000' }),
          [failed('unclear', '1000')],
        ],
      ],
    },
    inbound: {
      cases: [
        [
          'a reply',
          form({
            MessageUUID: 'mo-1',
            From: '12025550123',
            To: '12025550199',
            Text: 'LOCK 7K3Q',
            Type: 'sms',
          }),
          [REPLY],
        ],
      ],
      malformed: ['', '{}', form({ From: TO, To: FROM, Text: 'x' })],
    },
  }),
)

const ofTelesign = (code: number, more = {}) =>
  JSON.stringify({
    status: { code, description: 'prose', updated_on: AT, ...more },
    errors: [],
    sub_resource: 'sms',
    reference_id: MESSAGE_ID,
  })

describeProviderContract(
  contractOf('telesign', {
    request: {
      url: 'https://rest-ww.telesign.com/v1/messaging',
      headers: { ...FORM_HEADERS, authorization: basic('YOUR_CUSTOMER_ID') },
      fields: {
        phone_number: TO.slice(1),
        message: TEXT,
        message_type: 'ARN',
        account_lifecycle_event: 'sign-in',
        sender_id: FROM.slice(1),
        callback_url: keyedUrl('telesign'),
      },
      decode: asForm,
      // The API has no validity.
      read: (body) => {
        const fields = new URLSearchParams(body)
        return {
          to: `+${fields.get('phone_number')}`,
          text: fields.get('message') ?? '',
          validitySeconds: 0,
          refs: [fields.get('callback_url') ?? ''],
        }
      },
      validityRange: [0, 0],
    },
    accepted: [[response(200, ofTelesign(290)), ACCEPTED]],
    doubtful: ['', '{}', '{"reference_id":"A1"}', '{"reference_id":"A1","status":{"code":null}}'],
    responseFields: ['reference_id', 'status', 'code', 'errors'],
    refuse: (code) => [response(400, { status: { code }, errors: [] }), `${code}`],
    refusals: [
      { meaning: { class: 'recipient_permanent' }, codes: [11000, 11001] },
      { meaning: { class: 'message_rejected' }, codes: [11009] },
      { meaning: { class: 'provider_config' }, codes: [11017, -30006, -30015] },
      { meaning: { class: 'provider_config', scope: 'country' }, codes: [11013, 11034, 11035] },
      { meaning: { class: 'unclear' }, codes: [11003, 11004, 11010, 11016, 12000, 12009, 12017] },
    ],
    receipts: {
      body: ofTelesign(200),
      sign: signerOf('telesign', false),
      tamper: TAMPER,
      malformed: ['', '{}', '[]', `{"reference_id":"${MESSAGE_ID}"}`],
      cases: [
        ['on its way', ofTelesign(290), []],
        ['a code yet to come', ofTelesign(299), []],
        ['with the gateway', ofTelesign(203), [receipt({ state: 'sent' }, AT)]],
        ['delivered', ofTelesign(200), [receipt({ state: 'delivered' }, AT)]],
        [
          'delivered, at a time in words',
          ofTelesign(200, { updated_on: 'Thu, 23 Jun 2022 19:03:44 GMT' }),
          [receipt({ state: 'delivered' })],
        ],
        ['phone off', ofTelesign(210), [failed('recipient_temporary', '210', AT)]],
        ['phone unable', ofTelesign(211), [failed('recipient_permanent', '211', AT)]],
        ['no route', ofTelesign(220), [failed('provider_config', '220', AT)]],
        ['expired', ofTelesign(221), [failed('expired', '221', AT)]],
        ['blocked', ofTelesign(230), [failed('unclear', '230', AT)]],
        ['content', ofTelesign(231), [failed('message_rejected', '231', AT)]],
      ],
    },
  }),
)

const ofCm = (code: string | number, more = {}) =>
  JSON.stringify({
    messages: {
      msg: {
        received: '2026-11-23T14:03:30',
        to: '0012025550123',
        reference: MESSAGE_ID,
        status: { code, errorCode: '', errorDescription: '', ...more },
        operator: '310004',
      },
    },
  })
const textOfCm = (fields: object) =>
  JSON.stringify({
    from: { number: '0012025550123', name: '' },
    to: { number: '0012025550199' },
    message: { text: 'LOCK 7K3Q', media: {} },
    reference: 'r1',
    groupings: ['', '', ''],
    timeUtc: '2026-11-23T14:03:30',
    channel: 'SMS',
    ...fields,
  })
const REPLY_TO_CM = { ...REPLY, providerMessageId: 'r1.2026-11-23T14:03:30' }
const answerOfCm = (messageErrorCode: number) => ({
  details: 'prose',
  errorCode: messageErrorCode === 0 ? 0 : 201,
  messages: [{ to: '00', status: 'x', reference: MESSAGE_ID, parts: 2, messageErrorCode }],
})

describeProviderContract(
  contractOf('cm', {
    request: {
      url: 'https://gw.messaging.cm.com/v1.0/message',
      headers: { ...JSON_HEADERS, 'x-cm-producttoken': SECRET },
      fields: {
        messages: {
          msg: [
            {
              from: FROM.slice(1),
              to: [{ number: '0012025550123' }],
              body: { type: 'auto', content: TEXT },
              allowedChannels: ['SMS'],
              minimumNumberOfMessageParts: 1,
              maximumNumberOfMessageParts: 8,
              reference: expect.stringMatching(/^[0-9a-z]{26}$/),
              validity: '2m',
            },
          ],
        },
      },
      decode: asJson,
      read: (body) => {
        const [{ to, body: text, validity }] = JSON.parse(body).messages.msg
        return {
          to: to[0].number.replace(/^00/, '+'),
          text: text.content,
          validitySeconds: Number.parseInt(validity, 10) * 60,
          refs: [],
        }
      },
      validityRange: [60, 259_200],
    },
    accepted: [[response(200, answerOfCm(0)), { ...ACCEPTED, segments: 2 }]],
    doubtful: [
      '',
      '{}',
      '{"errorCode":0,"messages":[]}',
      '{"messages":[{"messageErrorCode":0}]}',
      `{"messages":[{"reference":"${MESSAGE_ID}"}]}`,
    ],
    responseFields: ['details', 'errorCode', 'messages', 'messageErrorCode', 'reference', 'parts'],
    refuse: (code) =>
      Number(code) < 200
        ? [response(401, { details: 'prose', errorCode: code, messages: [] }), `${code}`]
        : [response(400, answerOfCm(Number(code))), `${code}`],
    refusals: [
      { meaning: { class: 'provider_config' }, codes: [101, 102, 103] },
      { meaning: { class: 'provider_config', scope: 'country' }, codes: [301] },
      { meaning: { class: 'recipient_permanent' }, codes: [302, 303] },
      { meaning: { class: 'message_rejected' }, codes: [304, 401] },
      { meaning: { class: 'unclear' }, codes: [202, 203, 305, 402, 403] },
      { meaning: { class: 'ambiguous' }, codes: [500, 999] },
    ],
    receipts: {
      body: ofCm(2),
      sign: signerOf('cm', true),
      tamper: TAMPER,
      malformed: ['', '{}', '[]', '{"messages":{"msg":{"reference":"r"}}}'],
      cases: [
        ['with the operator', ofCm(0), [receipt({ state: 'sent' })]],
        ['delivered', ofCm('2'), [receipt({ state: 'delivered' })]],
        ['a number yet to come', ofCm(9), []],
        ['refused', ofCm(1, { errorCode: 7 }), [failed('unclear', '7')]],
        ['failed', ofCm(3), [failed('recipient_temporary', '3')]],
      ],
    },
    inbound: {
      cases: [
        ['a reply', textOfCm({}), [REPLY_TO_CM]],
        [
          'a second reply to the same text',
          textOfCm({ timeUtc: '2026-11-23T14:04:30' }),
          [{ ...REPLY_TO_CM, providerMessageId: 'r1.2026-11-23T14:04:30' }],
        ],
      ],
      malformed: ['', '{}', textOfCm({ reference: null }), textOfCm({ message: {} })],
    },
  }),
)

const ofZenvia = (code: string, causes: readonly object[] = []) =>
  JSON.stringify({
    ...{
      id: 'event-1',
      timestamp: AT,
      type: 'MESSAGE_STATUS',
      subscriptionId: 's',
      channel: 'sms',
    },
    messageId: MESSAGE_ID,
    message: { id: MESSAGE_ID, direction: 'OUT', from: 'example', to: '12025550123' },
    messageStatus: { timestamp: AT, code, description: 'prose', causes },
  })
const textOfZenvia = (fields: object) =>
  JSON.stringify({
    ...{ id: 'event-2', timestamp: AT, type: 'MESSAGE', subscriptionId: 's', channel: 'sms' },
    direction: 'IN',
    message: {
      ...{ id: 'mo-1', from: '12025550123', to: 'example', direction: 'IN', timestamp: AT },
      contents: [{ type: 'text', text: 'LOCK 7K3Q' }],
      ...fields,
    },
  })

describeProviderContract(
  contractOf('zenvia', {
    request: {
      url: 'https://api.zenvia.com/v2/channels/sms/messages',
      headers: { ...JSON_HEADERS, 'x-api-token': SECRET },
      fields: {
        from: FROM.slice(1),
        to: TO.slice(1),
        contents: [{ type: 'text', text: TEXT }],
      },
      decode: asJson,
      // The API has no validity.
      read: (body) => {
        const { to, contents } = JSON.parse(body)
        return { to: `+${to}`, text: contents[0].text, validitySeconds: 0, refs: [] }
      },
      validityRange: [0, 0],
    },
    accepted: [
      [response(200, { id: MESSAGE_ID, channel: 'sms', direction: 'OUT', contents: [] }), ACCEPTED],
    ],
    doubtful: ['', '{}', '[]', '{"id":null}', '{"id":"two words"}'],
    responseFields: ['id', 'code', 'message', 'details', 'contents'],
    refuse: (code) => [response(400, { code, message: 'prose', details: [] }), `${code}`],
    refusals: [
      { meaning: { class: 'unclear' }, codes: ['VALIDATION_ERROR', 'NOT_FOUND', 'DUPLICATED'] },
      { meaning: { class: 'provider_config' }, codes: ['AUTHENTICATION_ERROR'] },
      { meaning: { class: 'ambiguous' }, codes: ['INTERNAL_ERROR'] },
    ],
    receipts: {
      body: ofZenvia('DELIVERED'),
      sign: signerOf('zenvia', true),
      tamper: TAMPER,
      malformed: ['', '{}', '[]', '{"message":{"id":"m"}}'],
      cases: [
        ['sent', ofZenvia('SENT'), [receipt({ state: 'sent' }, AT)]],
        ['delivered', ofZenvia('DELIVERED'), [receipt({ state: 'delivered' }, AT)]],
        ['clicked', ofZenvia('CLICKED'), []],
        ['rejected', ofZenvia('REJECTED'), [failed('unclear', 'REJECTED', AT)]],
        [
          'not delivered, with a cause',
          ofZenvia('NOT_DELIVERED', [{ channelErrorCode: '404', reason: 'prose' }]),
          [failed('recipient_temporary', '404', AT)],
        ],
        [
          'not delivered, with prose for a cause',
          ofZenvia('NOT_DELIVERED', [{ channelErrorCode: 'no +12025550123' }]),
          [failed('recipient_temporary', 'NOT_DELIVERED', AT)],
        ],
      ],
    },
    inbound: {
      cases: [['a reply', textOfZenvia({}), [{ ...REPLY, to: null, at: Date.parse(AT) }]]],
      malformed: ['', '{}', textOfZenvia({ contents: [] })],
    },
  }),
)

describe('each recipe', () => {
  test('is tried above', () => {
    const tried: readonly RecipeName[] = ['8x8', 'plivo', 'telesign', 'cm', 'zenvia']
    expect(RECIPES.map((file) => file.replace('.json', '')).sort()).toEqual([...tried].sort())
  })

  test.each(RECIPES)('%s is a template, fits into a variable, and tells its sources', (file) => {
    const text = read(file)
    expect(parseHttpTemplate(text)).toMatchObject({ ok: true })
    expect(text.length).toBeLessThan(5_000)
    const { about } = JSON.parse(text)
    expect(about.read).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(about.sources.length).toBeGreaterThan(0)
    for (const source of about.sources) expect(new URL(source).protocol).toBe('https:')
    expect(about.unconfirmed.length).toBeGreaterThan(0)
  })
})
