// Vonage Messages v1 against its own documents: the OpenAPI of the Messages API, the error table, the
// JWT vectors of its libraries.

import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { verifyVonageToken } from '../../src/sms/vonage/signature.ts'
import { VONAGE_BASE_URL, type VonageSettings, vonage } from '../../src/sms/vonage/vonage.ts'
import vectors from '../vectors/vonage-signatures.json' with { type: 'json' }
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

const SETTINGS: VonageSettings = {
  apiKey: 'a1b2c3d4',
  apiSecret: 'test-api-secret',
  signatureSecret: 'test-signature-secret-of-the-account',
  from: '+12025550199',
  baseUrl: VONAGE_BASE_URL,
}
const UUID = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab'
const NOW_SECONDS = Math.floor(NOW / 1000)

function make(baseUrl: string = VONAGE_BASE_URL) {
  return vonage({ ...SETTINGS, baseUrl })
}

function token(claims: object, secret: string, alg = 'HS256'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ typ: 'JWT', alg })}.${part(claims)}`
  return `${signed}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`
}

function claimsOf(body: string): Record<string, unknown> {
  return {
    iat: NOW_SECONDS,
    jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(body).digest('hex'),
    api_key: SETTINGS.apiKey,
    application_id: UUID,
  }
}

function withToken(body: string, jwt: string): RawCallback {
  const headers = new Headers({
    'content-type': 'application/json',
    authorization: `Bearer ${jwt}`,
  })
  return { url: receiptUrlOf('vonage'), headers, body: bytes(body) }
}

function sign(body: string, secret = SETTINGS.signatureSecret): RawCallback {
  return withToken(body, token(claimsOf(body), secret))
}

const REPLY = {
  providerMessageId: UUID,
  from: '+12025550123',
  to: '+12025550199',
  text: 'LOCK 7K3Q',
  isAnswered: false,
  at: Date.parse('2026-11-23T14:04:00Z'),
}

function reply(fields: object): string {
  return JSON.stringify({
    message_uuid: UUID,
    to: '12025550199',
    from: '12025550123',
    timestamp: '2026-11-23T14:04:00Z',
    channel: 'sms',
    message_type: 'text',
    text: 'LOCK 7K3Q',
    sms: { num_messages: '1', keyword: 'LOCK' },
    ...fields,
  })
}

function status(fields: object): string {
  return JSON.stringify({
    message_uuid: UUID,
    to: '12025550123',
    from: '12025550199',
    timestamp: '2026-11-23T14:03:26.500Z',
    channel: 'sms',
    client_ref: REF,
    ...fields,
  })
}

function receipt(event: Receipt['event']): Receipt {
  const at = Date.parse('2026-11-23T14:03:26.500Z')
  return { ref: REF, providerMessageId: UUID, event, at }
}

const failed = (failureClass: FailureClass, code: string): Receipt =>
  receipt({ state: 'failed', class: failureClass, code })

function errorOf(fragment: string, title: string | number = 'Some words') {
  return {
    type: `https://developer.vonage.com/api-errors/messages#${fragment}`,
    title,
    detail: 'Some more words',
    instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
  }
}

describeProviderContract({
  name: 'vonage',
  make,
  request: {
    url: 'https://api.nexmo.com/v1/messages',
    headers: {
      authorization: `Basic ${Buffer.from('a1b2c3d4:test-api-secret').toString('base64')}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    fields: {
      message_type: 'text',
      channel: 'sms',
      to: '12025550123',
      from: '12025550199',
      text: messageFor('vonage').text,
      ttl: 120,
      webhook_url: receiptUrlOf('vonage'),
      webhook_version: 'v1',
      sms: { encoding_type: 'auto' },
      client_ref: REF,
    },
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const { to, text, ttl, client_ref, webhook_url } = JSON.parse(body)
      return { to, text, validitySeconds: ttl, refs: [client_ref, webhook_url] }
    },
    validityRange: [20, 604_800],
  },
  accepted: [
    [response(202, { message_uuid: UUID }), { class: 'accepted', providerMessageId: UUID }],
    [
      response(202, { message_uuid: UUID, workflow_id: '3TcNjguHxr2vcCZ9' }),
      { class: 'accepted', providerMessageId: UUID },
    ],
  ],
  doubtful: ['', 'accepted', '{}', '[]', '{"message_uuid":7}', '{"message_uuid":""}'],
  responseFields: ['message_uuid', 'type', 'title', 'detail'],
  refuse: (code) => [response(422, errorOf(`${code}`)), `${code}`],
  refusals: [
    { meaning: { class: 'recipient_permanent' }, codes: [1170, 1300, 1310] },
    {
      meaning: { class: 'recipient_temporary' },
      codes: [1180, 1190, 1200, 1220, 1260, 1290, 1330, 1430],
    },
    { meaning: { class: 'opted_out' }, codes: [1240] },
    { meaning: { class: 'provider_transient' }, codes: [1000, 1030, 1100, 1230, 1241, 1331] },
    { meaning: { class: 'provider_config' }, codes: [1060, 1070, 1080, 1140, 1242, 1460, 1476] },
    {
      meaning: { class: 'provider_config', scope: 'country' },
      codes: [1120, 1160, 1250, 1251, 1420, 1470, 1472, 1474, 1475, 1480, 1481, 1482, 1484],
    },
    { meaning: { class: 'message_rejected' }, codes: [1090, 1110, 1210, 1270, 1282, 1320] },
    {
      meaning: { class: 'unclear' },
      codes: [
        1010, 1020, 1040, 1050, 1130, 1150, 1280, 1400, 1410, 1440, 1450, 1461, 1473, 1483, 2001,
        9999,
      ],
    },
    { meaning: { class: 'expired' }, codes: [1360] },
    { meaning: { class: 'ambiguous' }, codes: [1490] },
  ],
  inbound: {
    cases: [
      ['a reply', reply({}), [REPLY]],
      ['a reply to a short code', reply({ to: '72345' }), [{ ...REPLY, to: '72345' }]],
      ['no words at all', reply({ text: '' }), [{ ...REPLY, text: '' }]],
      ['B7 from a name', reply({ from: 'Lockline' }), [{ ...REPLY, from: null }]],
      ['B7 to a name', reply({ to: 'Lockline' }), [{ ...REPLY, to: null }]],
      ['B16 over WhatsApp', reply({ channel: 'whatsapp' }), []],
      ['a picture', reply({ message_type: 'image', text: undefined }), []],
    ],
    malformed: [reply({ text: 7 }), '{}', 'x'],
  },
  receipts: {
    body: status({ status: 'delivered' }),
    sign,
    cases: [
      ['submitted', status({ status: 'submitted' }), [receipt({ state: 'sent' })]],
      ['delivered', status({ status: 'delivered' }), [receipt({ state: 'delivered' })]],
      ['read', status({ status: 'read' }), [receipt({ state: 'delivered' })]],
      ['a status yet to come', status({ status: 'teleported' }), []],
      [
        'without a client reference: the path has the ref',
        status({ status: 'delivered', client_ref: undefined, timestamp: 'now' }),
        [{ providerMessageId: UUID, event: { state: 'delivered' } }],
      ],
      [
        'rejected, the code a number',
        status({ status: 'rejected', error: { ...errorOf(''), type: undefined, title: 1240 } }),
        [failed('opted_out', '1240')],
      ],
      [
        'rejected, the code a text',
        status({ status: 'rejected', error: { title: '1190' } }),
        [failed('recipient_temporary', '1190')],
      ],
      [
        'rejected, the code in the type',
        status({ status: 'rejected', error: errorOf('1360', 'Expired') }),
        [failed('expired', '1360')],
      ],
      [
        'rejected for a cause we do not know',
        status({ status: 'rejected', error: errorOf('1999') }),
        [failed('unclear', '1999')],
      ],
      ['rejected without a word', status({ status: 'rejected' }), [failed('unclear', 'rejected')]],
      [
        'undeliverable: their carrier was not reached',
        status({ status: 'undeliverable' }),
        [failed('provider_transient', 'undeliverable')],
      ],
      [
        'undeliverable with a code',
        status({ status: 'undeliverable', error: errorOf('1170', 1170) }),
        [failed('recipient_permanent', '1170')],
      ],
    ],
    malformed: ['', '[]', '{}', status({}), status({ status: 'delivered', message_uuid: null })],
    tamper: {
      'the body': (callback, at, character) => ({
        ...callback,
        body: bytes(replaced(textOf(callback.body), at, character)),
      }),
      'the token': (callback, at, character) => {
        const jwt = (callback.headers.get('authorization') ?? '').slice('Bearer '.length)
        return withToken(textOf(callback.body), replaced(jwt, at, character))
      },
    },
  },
})

describe('vonage', () => {
  test.each([
    [100, true],
    [101, false],
  ])('sends a ref of %i characters as client reference: %s', async (length, isSent) => {
    const { body } = await make().buildRequest({ ...messageFor('vonage'), ref: 'r'.repeat(length) })
    expect('client_ref' in JSON.parse(body)).toBe(isSent)
  })

  test.each([
    [401, 'unauthorized', 'provider_config'],
    [401, 'unathorized', 'provider_config'],
    [402, 'low-balance', 'provider_config'],
    [403, 'account-suspended', 'provider_config'],
    [429, '1010', 'provider_transient'],
    [429, 'throttled', 'provider_transient'],
    [500, 'internal', 'ambiguous'],
  ])('takes a %i named %s as %s', (httpStatus, name, failureClass) => {
    const outcome = make().readResponse(response(httpStatus, errorOf(name)))
    expect(outcome).toEqual({ class: failureClass, code: name })
  })

  const body = status({ status: 'delivered' })
  const read = (claims: object, alg?: string) => {
    const jwt = token(claims, SETTINGS.signatureSecret, alg)
    return make().readReceipts(withToken(body, jwt), NOW)
  }

  test.each([-300, 300])('takes a token issued %i seconds from now', async (seconds) => {
    const result = await read({ ...claimsOf(body), iat: NOW_SECONDS + seconds })
    expect(result.ok).toBe(true)
  })

  test.each([
    ['five minutes and a second old', { iat: NOW_SECONDS - 301 }],
    ['five minutes and a second ahead', { iat: NOW_SECONDS + 301 }],
    ['expired', { exp: NOW_SECONDS - 1 }],
  ])('calls a token stale that is %s', async (_what, claims) => {
    const result = await read({ ...claimsOf(body), ...claims })
    expect(result).toEqual({ ok: false, error: { reason: 'stale' } })
  })

  test.each([
    ['no instant', { iat: undefined }],
    ['another issuer', { iss: 'Nexmo' }],
    ['another account', { api_key: 'ffffffff' }],
    ['no account', { api_key: undefined }],
    ['no hash of the body', { payload_hash: undefined }],
    ['the hash of another body', { payload_hash: createHash('sha256').update('x').digest('hex') }],
  ])('refuses a rightly signed token with %s', async (_what, claims) => {
    const result = await read({ ...claimsOf(body), ...claims })
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test.each(['HS384', 'HS512'])('refuses a right signature of %s', async (alg) => {
    const result = await read(claimsOf(body), alg)
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('refuses a token that is not signed at all', async () => {
    const [, claims] = token(claimsOf(body), '').split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const result = await make().readReceipts(withToken(body, `${none}.${claims}.`), NOW)
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('refuses a second spelling of a right signature', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const jwt = token(claimsOf(body), SETTINGS.signatureSecret)
    // 32 bytes leave two bits of the last character unused.
    const last = alphabet[alphabet.indexOf(jwt.slice(-1)) ^ 1] ?? ''
    const respelled = jwt.slice(0, -1) + last
    const signature = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url')
    expect(signature(respelled)).toEqual(signature(jwt))
    const result = await make().readReceipts(withToken(body, respelled), NOW)
    expect(result).toEqual({ ok: false, error: { reason: 'unsigned' } })
  })

  test('trusts no empty secret', async () => {
    const provider = vonage({ ...SETTINGS, signatureSecret: '' })
    const forged = withToken(body, token(claimsOf(body), ''))
    expect((await provider.readReceipts(forged, NOW)).ok).toBe(false)
  })
})

describe("the token vectors of Vonage's libraries", () => {
  test.each(vectors.tokens)(
    '$token with $secret: $isValid',
    async ({ token: jwt, secret, isValid }) => {
      expect((await verifyVonageToken(jwt, secret, NOW)).ok).toBe(isValid)
    },
  )

  test('a whole webhook', async () => {
    const { secret, apiKey, body, token: jwt, iat } = vectors.webhook
    const provider = vonage({ ...SETTINGS, apiKey, signatureSecret: secret })
    const result = await provider.readReceipts(withToken(body, jwt), iat * 1000)
    expect(result).toEqual({
      ok: true,
      value: [
        {
          ref: 'alert-1',
          providerMessageId: UUID,
          event: { state: 'delivered' },
          at: Date.parse('2026-01-01T14:00:03.010Z'),
        },
      ],
    })
  })
})

describe('a registered template', () => {
  test('is named with its owner', async () => {
    const template = { templateId: 't1', entityId: 'e1' }
    const { body } = await make().buildRequest({ ...messageFor('vonage'), template })
    expect(JSON.parse(body).sms).toEqual({
      encoding_type: 'auto',
      content_id: 't1',
      entity_id: 'e1',
    })
  })
})
