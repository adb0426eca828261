// The simulated AWS checks the signature of each SendTextMessage call and its fields; its events go to
// the one subscription of its topic, for messages of its configuration set.

import { afterEach, describe, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '../../world/carrier.ts'
import type { CarrierMode } from '../../world/carrier-modes.ts'
import { type AwsEvents, createAwsProtocol } from '../../world/carriers/aws.ts'
import { signAwsRequest } from '../../world/carriers/aws-signature.ts'
import { SNS_CERTIFICATE, SNS_KEY, signSns } from '../../world/carriers/aws-sns.ts'
import type { PhoneMessage } from '../../world/phone-network.ts'
import { FAST, send, startReceiver } from './helpers.ts'

const ACCOUNT = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-central-1',
}
const GOOD = {
  DestinationPhoneNumber: '+12025550123',
  OriginationIdentity: '+12025550105',
  MessageBody: 'Demo #1: new login',
}
const MINUTE_MS = 60_000

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function start(
  phone: PhoneMessage[] = [],
  mode: CarrierMode = 'ok',
  events: AwsEvents | null = null,
) {
  const carrier = await startCarrier(createAwsProtocol(ACCOUNT, events), {
    mode,
    knobs: { receipts: FAST },
    onMessage: (message) => phone.push(message),
  })
  closing.push(carrier.close)
  return carrier
}

type Changes = {
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly region?: string
  readonly service?: string
  readonly signedHeaders?: readonly string[]
  readonly ageMs?: number
  readonly day?: string
  readonly sentBody?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
  readonly method?: string
}

/** Signs as a client would; every change is one mistake of such a client. */
function post(carrier: Carrier<'aws'>, value: unknown, changes: Changes = {}) {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  const { region = ACCOUNT.region, service = 'sms-voice', method = 'POST' } = changes
  const sentAt = new Date(Date.now() - (changes.ageMs ?? 0))
  const amzDate = `${sentAt.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`
  const headers: Record<string, string> = {
    host: new URL(carrier.origin).host,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': amzDate,
    'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
    ...changes.headers,
  }
  const names = changes.signedHeaders ?? ['content-type', 'host', 'x-amz-date', 'x-amz-target']
  const signature = signAwsRequest(
    changes.secretAccessKey ?? ACCOUNT.secretAccessKey,
    { amzDate, region, service },
    { method, headers, body },
    names,
  )
  const day = changes.day ?? amzDate.slice(0, 8)
  const key = changes.accessKeyId ?? ACCOUNT.accessKeyId
  headers.authorization ??=
    `AWS4-HMAC-SHA256 Credential=${key}/${day}/${region}/${service}/aws4_request, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature}`
  const { host, ...rest } = headers
  return send(carrier.origin + (changes.path ?? '/'), rest, changes.sentBody ?? body, { method })
}

test('takes a right request and hands the SMS to the phone', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const Context = { alert: 'a1' }
  const more = { MessageType: 'TRANSACTIONAL', TimeToLive: 120, MaxPrice: '0.50', Context }
  const reply = await post(carrier, { ...GOOD, ...more })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.0')
  expect(reply.body).toEqual({ MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(phone).toMatchObject([{ provider: 'aws', to: '+12025550123', text: GOOD.MessageBody }])
  expect(carrier.calls.entries()).toMatchObject([{ validitySeconds: 120, receiptUrl: null }])
})

test('content-type need not be signed', async () => {
  const carrier = await start()
  const signedHeaders = ['host', 'x-amz-date', 'x-amz-target']
  expect((await post(carrier, GOOD, { signedHeaders })).status).toBe(200)
})

test('a text beyond ASCII is signed over its UTF-8 bytes', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  expect((await post(carrier, { ...GOOD, MessageBody: '新的登錄 #1' })).status).toBe(200)
  expect(phone).toMatchObject([{ text: '新的登錄 #1', encoding: 'UCS-2' }])
})

test('a dry run is answered, and nothing goes out', async () => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  expect((await post(carrier, { ...GOOD, DryRun: true })).status).toBe(200)
  expect(phone).toHaveLength(0)
})

const BAD_SIGNATURE = 'InvalidSignatureException'
const OTHER_BODY = JSON.stringify({ ...GOOD, MessageBody: 'x' })
const changes: readonly (readonly [string, Changes, string, string])[] = [
  ['another key id', { accessKeyId: 'AKIDOTHER' }, 'UnrecognizedClientException', 'invalid'],
  ['another secret', { secretAccessKey: 'x' }, BAD_SIGNATURE, 'does not match'],
  ['another region', { region: 'us-east-1' }, BAD_SIGNATURE, 'valid region'],
  ['another service', { service: 'sns' }, BAD_SIGNATURE, "correct service: 'sms-voice'"],
  ['another day', { day: '20200101' }, BAD_SIGNATURE, 'Date in Credential scope'],
  ['a changed body', { sentBody: OTHER_BODY }, BAD_SIGNATURE, 'does not match'],
  ['a signature of 16 minutes ago', { ageMs: 16 * MINUTE_MS }, BAD_SIGNATURE, 'expired'],
  ['a signature in 16 minutes', { ageMs: -16 * MINUTE_MS }, BAD_SIGNATURE, 'not yet current'],
  ['an unsigned host', { signedHeaders: ['x-amz-date', 'x-amz-target'] }, BAD_SIGNATURE, "'host'"],
  [
    'an unsigned target',
    { signedHeaders: ['host', 'x-amz-date'] },
    BAD_SIGNATURE,
    "'x-amz-target'",
  ],
  [
    'unsorted headers',
    { signedHeaders: ['x-amz-date', 'host', 'x-amz-target'] },
    BAD_SIGNATURE,
    'does not match',
  ],
  [
    'another scheme',
    { headers: { authorization: 'Bearer x' } },
    'IncompleteSignatureException',
    'requires',
  ],
]

describe('the signature', () => {
  test.each(changes)('with %s is refused', async (_name, change, type, message) => {
    const phone: PhoneMessage[] = []
    const carrier = await start(phone)
    const reply = await post(carrier, GOOD, change)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({
      __type: `com.amazon.coral.service#${type}`,
      message: expect.stringContaining(message),
    })
    expect(phone).toHaveLength(0)
  })

  test('is required', async () => {
    const carrier = await start()
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
    }
    const reply = await send(`${carrier.origin}/`, headers, JSON.stringify(GOOD))
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({
      __type: expect.stringMatching(/#MissingAuthenticationTokenException$/),
    })
  })

  // The published test suite of Signature Version 4: get-vanilla, post-vanilla and
  // post-x-www-form-urlencoded.
  test.each([
    ['GET', '', false, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '', false, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'POST',
      'Param1=value1',
      true,
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('of %s "%s" agrees with the vendor’s test suite', (method, body, isForm, signature) => {
    const headers = {
      ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
    }
    const scope = { amzDate: '20150830T123600Z', region: 'us-east-1', service: 'service' }
    const request = { method, headers, body }
    const names = Object.keys(headers)
    expect(signAwsRequest(ACCOUNT.secretAccessKey, scope, request, names)).toBe(signature)
  })
})

test.each([
  ['no plus', { DestinationPhoneNumber: '12025550123' }, 'DestinationPhoneNumber'],
  ['a sender with a space', { OriginationIdentity: 'My Bank' }, 'OriginationIdentity'],
  ['a blank text', { MessageBody: ' ' }, 'MessageBody'],
  ['a text of 1601 characters', { MessageBody: 'x'.repeat(1601) }, 'MessageBody'],
  ['the type in small letters', { MessageType: 'transactional' }, 'MessageType'],
  ['4 seconds to live', { TimeToLive: 4 }, 'TimeToLive'],
  ['milliseconds to live', { TimeToLive: 300_000 }, 'TimeToLive'],
  ['a price without a point', { MaxPrice: '1' }, 'MaxPrice'],
  ['a context of 6', { Context: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' } }, 'Context'],
  ['a context key with a space', { Context: { 'a b': '1' } }, 'Context'],
  [
    'an unknown country parameter',
    { DestinationCountryParameters: { US: '1' } },
    'DestinationCountryParameters',
  ],
  ['an unknown field', { Body: 'x' }, 'Body'],
])('refuses %s', async (_name, change, Name) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone)
  const reply = await post(carrier, { ...GOOD, ...change })
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({
    __type: expect.stringMatching(/#ValidationException$/),
    Reason: 'FIELD_VALIDATION_FAILED',
    Fields: [{ Name }],
  })
  expect(phone).toHaveLength(0)
})

test.each(['DestinationPhoneNumber', 'OriginationIdentity', 'MessageBody'])(
  'refuses a request without %s',
  async (Name) => {
    const carrier = await start()
    const reply = await post(carrier, { ...GOOD, [Name]: undefined })
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ Reason: 'MISSING_PARAMETER', Fields: [{ Name }] })
  },
)

test.each([
  ['no JSON', '{'],
  ['a text for a number', { ...GOOD, TimeToLive: '120' }],
  ['a number in the context', { ...GOOD, Context: { a: 1 } }],
  ['a list of phones', { ...GOOD, DestinationPhoneNumber: ['+12025550123'] }],
])('cannot read %s', async (_name, body) => {
  const carrier = await start()
  const reply = await post(carrier, body)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ __type: expect.stringMatching(/#SerializationException$/) })
})

const JSON_11 = { headers: { 'content-type': 'application/x-amz-json-1.1' } }
test.each([
  ['another path', { path: '/v2' }],
  ['another method', { method: 'PUT' }],
  ['another content type', JSON_11],
])('does not know %s', async (_name, change) => {
  const carrier = await start()
  expect((await post(carrier, GOOD, change)).status).toBe(404)
})

test('does not know another operation', async () => {
  const carrier = await start()
  const headers = { 'x-amz-target': 'PinpointSMSVoiceV2.SendVoiceMessage' }
  const reply = await post(carrier, GOOD, { headers })
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ __type: expect.stringMatching(/#UnknownOperationException$/) })
})

test.each([
  ['+15005550001', 'ValidationException', { Fields: [{ Name: 'DestinationPhoneNumber' }] }],
  ['+15005550004', 'ConflictException', { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }],
])('the number %s is refused with its reason', async (DestinationPhoneNumber, type, more) => {
  const carrier = await start()
  const reply = await post(carrier, { ...GOOD, DestinationPhoneNumber })
  expect(reply.status).toBe(400)
  const __type = `com.amazonaws.pinpointsmsvoicev2#${type}`
  expect(reply.body).toMatchObject({ __type, ...more })
})

test.each([
  ['rejected', 400, 'ServiceQuotaExceededException'],
  ['500', 500, 'InternalServerException'],
  ['429', 400, 'ThrottlingException'],
] as const)('in the mode %s answers %i', async (mode, status, type) => {
  const phone: PhoneMessage[] = []
  const carrier = await start(phone, mode)
  const reply = await post(carrier, GOOD)
  expect(reply.status).toBe(status)
  expect(reply.body).toMatchObject({ __type: `com.amazonaws.pinpointsmsvoicev2#${type}` })
  expect(phone).toHaveLength(0)
})

describe('events', () => {
  const TOPIC_ARN = 'arn:aws:sns:eu-central-1:123456789012:sms-events'
  const SET = { ConfigurationSetName: 'login-alerts', Context: { ref: 'r1' } }

  async function startWithEvents(mode: CarrierMode = 'ok') {
    const receiver = await startReceiver()
    closing.push(receiver.close)
    const carrier = await start([], mode, {
      configurationSet: 'login-alerts',
      topicArn: TOPIC_ARN,
      endpoint: () => `${receiver.origin}/v1/receipts/aws/events`,
    })
    return { carrier, received: receiver.received }
  }

  const waitFor = (carrier: Carrier<'aws'>, step: string) =>
    carrier.receipts.waitFor((post) => post.step === step)

  test('come signed, through the topic, with the context of the message', async () => {
    const { carrier, received } = await startWithEvents()
    await post(carrier, { ...GOOD, ...SET })
    await waitFor(carrier, 'delivered')
    expect(received.map(({ target }) => target)).toEqual([
      '/v1/receipts/aws/events',
      '/v1/receipts/aws/events',
    ])
    const envelopes = received.map(({ body }) => JSON.parse(body))
    for (const { Signature, ...fields } of envelopes) {
      expect(fields).toMatchObject({ Type: 'Notification', TopicArn: TOPIC_ARN })
      expect(signSns(fields, SNS_KEY).Signature).toBe(Signature)
    }
    expect(envelopes.map(({ Message }) => JSON.parse(Message))).toMatchObject([
      { eventType: 'TEXT_SUCCESSFUL', isFinal: true, context: { ref: 'r1' } },
      { eventType: 'TEXT_DELIVERED', isFinal: true, destinationPhoneNumber: '+12025550123' },
    ])
    const certificate = await fetch(envelopes[0].SigningCertURL)
    expect(await certificate.text()).toBe(SNS_CERTIFICATE)
  })

  test('that are forged have another signature', async () => {
    const { carrier, received } = await startWithEvents('forged-receipts')
    await post(carrier, { ...GOOD, ...SET })
    await waitFor(carrier, 'undelivered')
    const { Signature, ...fields } = JSON.parse(received[0]?.body ?? '')
    expect(signSns(fields, SNS_KEY).Signature).not.toBe(Signature)
  })

  test('have no destination without a configuration set', async () => {
    const { carrier, received } = await startWithEvents()
    await post(carrier, GOOD)
    await post(carrier, { ...GOOD, ...SET })
    await waitFor(carrier, 'delivered')
    expect(received).toHaveLength(2)
  })

  test('an unknown configuration set is refused', async () => {
    const { carrier } = await startWithEvents()
    const reply = await post(carrier, { ...GOOD, ConfigurationSetName: 'another' })
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({
      __type: 'com.amazonaws.pinpointsmsvoicev2#ResourceNotFoundException',
      ResourceId: 'another',
    })
  })

  test('a visit to the certificate is no call, whatever the mode', async () => {
    const { carrier } = await startWithEvents('500')
    const reply = await send(
      `${carrier.origin}/?Action=ConfirmSubscription&TopicArn=${TOPIC_ARN}`,
      {},
      '',
      { method: 'GET' },
    )
    expect(reply.status).toBe(200)
    expect(carrier.calls.entries()).toEqual([])
    expect(carrier.visits.entries()).toMatchObject([{ status: 200 }])
  })
})
