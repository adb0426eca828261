// Infobip SMS v3 against its own documents: the OpenAPI of the SMS API, the status and error tables.

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type InfobipSettings, infobip } from '../../src/sms/infobip/infobip.ts'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import {
  bytes,
  describeProviderContract,
  messageFor,
  NOW,
  REF,
  receiptUrlOf,
  replaced,
  response,
} from './provider-contract.ts'

const SETTINGS: InfobipSettings = {
  baseUrl: 'https://abc123.api.infobip.com',
  apiKey: 'test-api-key',
  from: 'Example',
  receiptSecret: 'test-receipt-secret',
}

/** Of SETTINGS.receiptSecret, for the URL of inbound texts; made by openssl. */
const OPERATORS_KEY = 'qw7_pgjIT9n6rcy5lG1h-vMFsqi_C6vB8KVCFn96RPI'

function make(baseUrl: string = SETTINGS.baseUrl) {
  return infobip({ ...SETTINGS, baseUrl })
}

function keyOf(ref: string, secret = SETTINGS.receiptSecret): string {
  return createHmac('sha256', secret).update(`lockline-receipt.${ref}`).digest('base64url')
}

function sign(body: string, secret?: string): RawCallback {
  const url = `${receiptUrlOf('infobip')}?k=${keyOf(REF, secret)}`
  return { url, headers: new Headers({ 'content-type': 'application/json' }), body: bytes(body) }
}

/** `groupId 5` and so on, as the documents number them. */
const GROUP_IDS: Readonly<Record<string, number>> = {
  ACCEPTED: 0,
  PENDING: 1,
  UNDELIVERABLE: 2,
  DELIVERED: 3,
  EXPIRED: 4,
  REJECTED: 5,
}

const REPLY = {
  providerMessageId: '817790313235066447',
  from: '+12025550123',
  to: '+12025550199',
  text: 'LOCK 7K3Q',
  isAnswered: false,
  at: Date.parse('2026-11-23T14:04:00Z'),
}

function reply(fields: object): object {
  return {
    messageId: '817790313235066447',
    from: '12025550123',
    to: '12025550199',
    text: 'LOCK 7K3Q',
    cleanText: '7K3Q',
    keyword: 'LOCK',
    receivedAt: '2026-11-23T15:04:00.000+0100',
    smsCount: 1,
    ...fields,
  }
}

function status(groupName: string, id: number, name = 'NAME') {
  return { groupId: GROUP_IDS[groupName], groupName, id, name, description: 'Some words' }
}

function fault(id: number, permanent: boolean, groupId = 1) {
  return { groupId, groupName: 'GROUP', id, name: 'EC_NAME', description: 'Some words', permanent }
}

function sent(message: object) {
  return response(200, { bulkId: '2034072219640523072', messages: [message] })
}

function result(fields: object) {
  return {
    bulkId: 'BULK-1',
    price: { pricePerMessage: 0.01, currency: 'EUR' },
    status: status('DELIVERED', 5, 'DELIVERED_TO_HANDSET'),
    error: { ...fault(0, false, 0), groupName: 'OK', name: 'NO_ERROR' },
    messageId: REF,
    to: '12025550123',
    sender: 'Example',
    sentAt: '2026-11-23T15:03:28.000+0100',
    doneAt: '2026-11-23T15:03:30.250+0100',
    messageCount: 1,
    callbackData: REF,
    ...fields,
  }
}

const DONE_AT = Date.parse('2026-11-23T14:03:30.250Z')

function report(...results: readonly object[]): string {
  return JSON.stringify({ results })
}

function receipt(event: Receipt['event'], ref = REF): Receipt {
  return { ref, providerMessageId: ref, event, at: DONE_AT }
}

const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

const accepted = {
  messageId: REF,
  status: status('PENDING', 26, 'PENDING_ACCEPTED'),
  destination: '12025550123',
  details: { messageCount: 2 },
}

describeProviderContract({
  name: 'infobip',
  make,
  request: {
    url: 'https://abc123.api.infobip.com/sms/3/messages',
    headers: {
      authorization: 'App test-api-key',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    fields: {
      messages: [
        {
          sender: 'Example',
          destinations: [{ to: '12025550123', messageId: REF }],
          content: { text: messageFor('infobip').text },
          options: { validityPeriod: { amount: 120, timeUnit: 'SECONDS' } },
          webhooks: {
            delivery: {
              url: `${receiptUrlOf('infobip')}?k=${keyOf(REF)}`,
              intermediateReport: false,
            },
            contentType: 'application/json',
            callbackData: REF,
          },
        },
      ],
      options: { includeSmsCountInResponse: true },
    },
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const [message] = JSON.parse(body).messages
      return {
        to: message.destinations[0].to,
        text: message.content.text,
        validitySeconds: message.options.validityPeriod.amount,
        refs: [
          message.webhooks.callbackData,
          message.destinations[0].messageId,
          message.webhooks.delivery.url,
        ],
      }
    },
    validityRange: [1, 172_800],
  },
  accepted: [
    [sent(accepted), { class: 'accepted', providerMessageId: REF, segments: 2 }],
    [
      sent({ messageId: REF, status: status('ACCEPTED', 0), destination: '12025550123' }),
      { class: 'accepted', providerMessageId: REF },
    ],
    [
      sent({ ...accepted, status: status('DELIVERED', 5), details: {} }),
      { class: 'accepted', providerMessageId: REF },
    ],
  ],
  doubtful: [
    '',
    'OK',
    '{}',
    '{"messages":[]}',
    '{"messages":[{"messageId":"m1"}]}',
    '{"messages":[{"messageId":"m1","status":{"id":26}}]}',
    '{"messages":[{"messageId":"m1","status":{"groupName":"NEWS"}}]}',
    '{"messages":[{"status":{"groupName":"PENDING","id":26}}]}',
  ],
  responseFields: ['messages', 'messageId', 'status', 'groupName', 'id', 'error', 'details'],
  refuse: (code) => [
    sent({ ...accepted, status: status('REJECTED', Number(code)) }),
    `status_${code}`,
  ],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: [8, 51, 52] },
    { meaning: { class: 'provider_config' }, codes: [12, 17] },
    { meaning: { class: 'provider_config', scope: 'country' }, codes: [6, 11, 13, 18, 19] },
    { meaning: { class: 'provider_transient' }, codes: [21, 100] },
    { meaning: { class: 'message_rejected' }, codes: [24, 25] },
    { meaning: { class: 'unclear' }, codes: [10, 14, 20, 87, 99, 4711] },
    { meaning: { class: 'expired' }, codes: [15, 29] },
    { meaning: { class: 'ambiguous' }, codes: [23] },
  ],
  inbound: {
    cases: [
      ['a reply', report(reply({})), [REPLY]],
      ['a reply to a short code', report(reply({ to: '72345' })), [{ ...REPLY, to: '72345' }]],
      ['no words at all', report(reply({ text: '' })), [{ ...REPLY, text: '' }]],
      ['B7 from a name', report(reply({ from: 'Lockline' })), [{ ...REPLY, from: null }]],
      ['B7 to nobody', report(reply({ to: undefined })), [{ ...REPLY, to: null }]],
      ['two, one of them unreadable', report(reply({ text: 7 }), reply({})), [REPLY]],
    ],
    malformed: [report(reply({ text: 7 })), '{}', 'x'],
  },
  receipts: {
    body: report(result({})),
    sign,
    cases: [
      ['on the handset', report(result({})), [receipt({ state: 'delivered' })]],
      [
        'with the operator only',
        report(result({ status: status('DELIVERED', 2) })),
        [receipt({ state: 'sent' })],
      ],
      [
        'handed to the operator',
        report(
          result({ status: status('PENDING', 3) }),
          result({ status: status('PENDING', 7) }),
          result({ status: status('PENDING', 26) }),
        ),
        [receipt({ state: 'sent' }), receipt({ state: 'sent' })],
      ],
      ['nothing at all', report(), []],
      ['a group yet to come', report(result({ status: status('NEWS', 1) })), []],
      [
        'without callback data: the message id is the ref',
        report(result({ callbackData: undefined, messageId: 'other-ref' })),
        [receipt({ state: 'delivered' }, 'other-ref')],
      ],
      [
        'several attempts at once',
        report(result({}), result({ callbackData: 'r2', messageId: 'r2' })),
        [receipt({ state: 'delivered' }), receipt({ state: 'delivered' }, 'r2')],
      ],
      [
        'one unreadable among others',
        report({ messageId: REF }, result({}), { status: {} }),
        [receipt({ state: 'delivered' })],
      ],
      [
        'without a date',
        report(result({ doneAt: 'yesterday' })),
        [{ ref: REF, providerMessageId: REF, event: { state: 'delivered' } }],
      ],
    ],
    malformed: [
      '',
      '[]',
      '{"results":{}}',
      report({}),
      report({ status: status('DELIVERED', 5) }),
      report({ messageId: REF, status: 5 }),
    ],
    tamper: {
      'the key': (callback, at, character) => {
        const [before = '', key = ''] = callback.url.split('?k=')
        return { ...callback, url: `${before}?k=${replaced(key, at, character)}` }
      },
      'the ref in the path': (callback, at, character) => ({
        ...callback,
        url: callback.url.replace(REF, replaced(REF, at, character)),
      }),
    },
  },
})

describe('infobip receipts of failures', () => {
  const UNDELIVERABLE = status('UNDELIVERABLE', 9)
  const EXPIRED = status('EXPIRED', 15)
  const REJECTED = status('REJECTED', 6)

  type Case = [ofMessage: object, error: object | undefined, of: FailureClass, code: string]
  test.each<Case>([
    [UNDELIVERABLE, fault(1, true), 'recipient_permanent', 'error_1'],
    [UNDELIVERABLE, fault(9, true), 'recipient_temporary', 'error_9'],
    [UNDELIVERABLE, fault(568, true, 3), 'recipient_temporary', 'error_568'],
    [UNDELIVERABLE, fault(3041, true, 2), 'recipient_permanent', 'error_3041'],
    [UNDELIVERABLE, fault(27, false), 'recipient_temporary', 'error_27'],
    [UNDELIVERABLE, fault(31, false), 'recipient_temporary', 'error_31'],
    [UNDELIVERABLE, fault(256, false), 'recipient_temporary', 'error_256'],
    [UNDELIVERABLE, fault(502, false), 'recipient_temporary', 'error_502'],
    [UNDELIVERABLE, fault(777, true, 1), 'recipient_temporary', 'error_777'],
    [UNDELIVERABLE, fault(777, true, 3), 'unclear', 'error_777'],
    [UNDELIVERABLE, fault(603, true, 2), 'opted_out', 'error_603'],
    [UNDELIVERABLE, fault(2050, true, 3), 'unclear', 'error_2050'],
    [UNDELIVERABLE, fault(2052, true, 2), 'unclear', 'error_2052'],
    [UNDELIVERABLE, fault(607, true, 2), 'message_rejected', 'error_607'],
    [UNDELIVERABLE, fault(4097, false, 3), 'provider_transient', 'error_4097'],
    [UNDELIVERABLE, fault(4129, true, 2), 'provider_config', 'error_4129'],
    [UNDELIVERABLE, fault(4100, true, 2), 'expired', 'error_4100'],
    [UNDELIVERABLE, undefined, 'recipient_temporary', 'status_9'],
    [status('UNDELIVERABLE', 4), fault(0, false, 0), 'recipient_temporary', 'status_4'],
    [EXPIRED, fault(4101, true, 2), 'expired', 'error_4101'],
    [EXPIRED, fault(27, false), 'expired', 'status_15'],
    [status('EXPIRED', 999), undefined, 'expired', 'status_999'],
    [REJECTED, fault(0, false, 0), 'provider_config', 'status_6'],
    [status('REJECTED', 12), fault(4099, true, 2), 'provider_config', 'error_4099'],
  ])('status %j with error %j is %s', async (ofMessage, error, failureClass, code) => {
    const callback = sign(report(result({ status: ofMessage, error })))
    expect(await make().readReceipts(callback, NOW)).toEqual({
      ok: true,
      value: [failed(failureClass, code)],
    })
  })
})

describe('infobip', () => {
  test('takes a base URL as the portal shows it', async () => {
    const { url } = await make('abc123.api.infobip.com').buildRequest(messageFor('infobip'))
    expect(url).toBe('https://abc123.api.infobip.com/sms/3/messages')
  })

  test.each([
    [400, { errorCode: 'E400', description: 'no' }, 'unclear', 'E400'],
    [401, { errorCode: 'E401', description: 'no' }, 'provider_config', 'E401'],
    [
      403,
      { requestError: { serviceException: { messageId: 'X' } } },
      'provider_config',
      'http_403',
    ],
    [500, { errorCode: 'E500', description: 'no' }, 'ambiguous', 'E500'],
    [400, { errorCode: 'a phone number +12025550123' }, 'unclear', 'http_400'],
  ])('takes a %i with %j as %s', (httpStatus, body, failureClass, code) => {
    const outcome = make().readResponse(response(httpStatus, body))
    expect(outcome).toEqual({ class: failureClass, code })
  })

  const basic = (password: string) =>
    `Basic ${Buffer.from(`lockline:${password}`).toString('base64')}`
  const withCredentials = (authorization: string) => ({
    ...sign(report(result({}))),
    headers: new Headers({ authorization }),
  })

  test('takes the credentials of a subscription', async () => {
    const read = await make().readReceipts(withCredentials(basic(SETTINGS.receiptSecret)), NOW)
    expect(read.ok).toBe(true)
  })

  test.each([basic('wrong'), basic(''), 'Basic !!!', `Basic ${btoa(SETTINGS.receiptSecret)}`])(
    'refuses a right key beside the wrong credentials %s',
    async (authorization) => {
      const read = await make().readReceipts(withCredentials(authorization), NOW)
      expect(read).toEqual({ ok: false, error: { reason: 'unsigned' } })
    },
  )

  test('takes no credentials in place of the key', async () => {
    const callback = {
      ...withCredentials(basic(SETTINGS.receiptSecret)),
      url: receiptUrlOf('infobip'),
    }
    const read = await make().readReceipts(callback, NOW)
    expect(read).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })
})

describe('infobip texts that come in', () => {
  const inboundUrl = (key: string) => `https://alerts.example.com/v1/inbound/infobip?k=${key}`
  const readAt = (url: string) =>
    make().readInbound({ url, headers: new Headers(), body: bytes(report(reply({}))) }, NOW)

  test('are taken at the URL that the operator enters once', async () => {
    expect(await readAt(inboundUrl(OPERATORS_KEY))).toEqual({ ok: true, value: [REPLY] })
  })

  test('are refused with the key of a receipt', async () => {
    const unsigned = { ok: false, error: { reason: 'unsigned' } }
    expect(await readAt(inboundUrl(keyOf(REF)))).toEqual(unsigned)
  })

  test('and the key for them opens no receipt', async () => {
    const url = `${receiptUrlOf('infobip')}?k=${OPERATORS_KEY}`
    const callback = { url, headers: new Headers(), body: bytes(report(result({}))) }
    const unsigned = { ok: false, error: { reason: 'unsigned' } }
    expect(await make().readReceipts(callback, NOW)).toEqual(unsigned)
  })
})

describe('a registered template', () => {
  test('is named with its owner', async () => {
    const template = { templateId: 't1', entityId: 'e1' }
    const { body } = await make().buildRequest({ ...messageFor('infobip'), template })
    expect(JSON.parse(body).messages[0].options.regional).toEqual({
      indiaDlt: { contentTemplateId: 't1', principalEntityId: 'e1' },
    })
  })
})
