// The second template of docs/http-provider.md keeps the contract too: a form, and callbacks that are not
// signed but come to URLs with a key.

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
} from './provider-contract.ts'

const INBOUND_URL = 'https://alerts.example.com/v1/inbound/http'
const SECRET = 'a password: with "all" & ünd='

function make(baseUrl?: string) {
  return httpProviderOf(HTTP_TEMPLATES.form, { secret: SECRET, baseUrl, now: NOW })
}

const answer = (body: object) => response(200, body)
const report = (fields: Record<string, string>) =>
  new URLSearchParams({ msgid: '8861', stat: 'DELIVRD', err: '000', ...fields }).toString()
const receipt = (event: Receipt['event']): Receipt => ({
  providerMessageId: '8861',
  event,
})
const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

const keyOf = (part: string, secret: string) =>
  createHmac('sha256', secret).update(`lockline-receipt.${part}`).digest('base64url')

/** The aggregator posts to the URL it was given: that of the receipt, or that of texts. */
function sign(body: string, secret = RECEIPT_SECRET): RawCallback {
  const isText = body.startsWith('moid=')
  const url = isText ? INBOUND_URL : receiptUrlOf('http')
  const keyed = `${url}?k=${keyOf(isText ? 'http' : REF, secret)}`
  return { url: keyed, headers: new Headers(), body: bytes(body) }
}

const text = (fields: Record<string, string>) =>
  new URLSearchParams({
    moid: 'mo-1',
    from: '12025550123',
    to: '72345',
    text: 'LOCK 7K3Q',
    ...fields,
  }).toString()
const REPLY = {
  providerMessageId: 'mo-1',
  from: '+12025550123',
  to: '72345',
  text: 'LOCK 7K3Q',
  isAnswered: false,
}

describeProviderContract({
  name: 'http',
  make,
  request: {
    url: 'https://sms.operator.example/http/send',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    fields: {
      user: 'lockline',
      password: SECRET,
      to: '12025550123',
      sender: 'Example',
      text: messageFor('http').text,
      type: 'unicode',
      validity: '2',
      dlr: `${receiptUrlOf('http')}?k=${keyOf(REF, RECEIPT_SECRET)}`,
    },
    decode: (body) => Object.fromEntries(new URLSearchParams(body)),
    read: (body) => {
      const form = new URLSearchParams(body)
      const refs = [form.get('dlr') ?? '']
      return {
        to: `+${form.get('to')}`,
        text: form.get('text') ?? '',
        validitySeconds: Number(form.get('validity')) * 60,
        refs,
      }
    },
    validityRange: [60, 259_200],
  },
  accepted: [
    [answer({ result: 0, msgid: 8861 }), { class: 'accepted', providerMessageId: '8861' }],
    [answer({ result: '0', msgid: 'x1' }), { class: 'accepted', providerMessageId: 'x1' }],
  ],
  doubtful: ['', 'OK', '[]', '{}', '{"msgid":8861}', '{"result":null,"msgid":8861}'],
  responseFields: ['result', 'msgid'],
  refuse: (code) => [answer({ result: code }), `${code}`],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: [11, '11'] },
    { meaning: { class: 'opted_out' }, codes: [12] },
    { meaning: { class: 'message_rejected' }, codes: [13] },
    { meaning: { class: 'provider_config' }, codes: [21, 22] },
    { meaning: { class: 'provider_transient' }, codes: [31] },
    { meaning: { class: 'ambiguous' }, codes: [99] },
  ],
  inbound: {
    cases: [
      ['a reply', text({}), [REPLY]],
      ['B7 from a name', text({ from: 'Lockline' }), [{ ...REPLY, from: null }]],
      ['no words at all', text({ text: '' }), [{ ...REPLY, text: '' }]],
    ],
    malformed: ['', '{}'],
  },
  receipts: {
    body: report({}),
    sign,
    cases: [
      ['delivered', report({}), [receipt({ state: 'delivered' })]],
      ['sent', report({ stat: 'ACCEPTD' }), [receipt({ state: 'sent' })]],
      ['of another state', report({ stat: 'ENROUTE' }), []],
      [
        'with its time',
        report({ time: '1795442610' }),
        [{ ...receipt({ state: 'delivered' }), at: 1_795_442_610_000 }],
      ],
      [
        'with its time in milliseconds',
        report({ time: '1795442610250' }),
        [{ ...receipt({ state: 'delivered' }), at: 1_795_442_610_250 }],
      ],
      [
        'with the time of SMPP, which has no zone',
        report({ time: '2611231403' }),
        [receipt({ state: 'delivered' })],
      ],
      [
        'with what is no time',
        report({ time: '23/11/2026 14:03' }),
        [receipt({ state: 'delivered' })],
      ],
      [
        'failed for good',
        report({ stat: 'UNDELIV', err: '001' }),
        [failed('recipient_permanent', '001')],
      ],
      [
        'failed without a word',
        report({ stat: 'UNDELIV' }),
        [failed('recipient_temporary', 'UNDELIV')],
      ],
      // The codes of sending are others.
      [
        'failed with a code of sending',
        report({ stat: 'REJECTD', err: '12' }),
        [failed('message_rejected', '12')],
      ],
    ],
    malformed: ['', '{}', 'msgid=8861', 'stat=DELIVRD', report({ msgid: 'two words' })],
    tamper: {
      'the key': (callback, at, character) => {
        const [before = '', key = ''] = callback.url.split('?k=')
        return { ...callback, url: `${before}?k=${replaced(key, at, character)}` }
      },
      'the last part of the path': (callback, at, character) => {
        const { pathname } = new URL(callback.url)
        const part = pathname.slice(pathname.lastIndexOf('/') + 1)
        const url = callback.url.replace(`/${part}?`, `/${replaced(part, at, character)}?`)
        return { ...callback, url }
      },
    },
  },
})

test.each([
  ['Login in Zürich [5€]', 'text'],
  ['Login in Łódź', 'unicode'],
  ['登入', 'unicode'],
])('says which alphabet %j needs', async (words, type) => {
  const { body } = await make().buildRequest({ ...messageFor('http'), text: words })
  expect(new URLSearchParams(body).get('type')).toBe(type)
})

test('names the registered template where there is one, the owner where there is one', async () => {
  const template = { templateId: '1107161234567890123' }
  const { body } = await make().buildRequest({ ...messageFor('http'), template })
  const form = new URLSearchParams(body)
  expect([form.get('tplid'), form.has('peid')]).toEqual(['1107161234567890123', false])
})
