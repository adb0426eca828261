// AWS End User Messaging against its own documents: the service model of SendTextMessage, the test suite
// of Signature Version 4, the events and two-way payloads of its user guide, and SNS's guide to its
// signatures. The signatures expected or made here are worked out by node:crypto.

import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type AwsSettings, aws } from '../../src/sms/aws/aws.ts'
import type { FailureClass } from '../../src/sms/outcome-classes.ts'
import type { RawCallback, Receipt } from '../../src/sms/provider.ts'
import { after } from '../support/ports.ts'
import {
  forgersKey,
  SNS_CERTIFICATE,
  SNS_CERTIFICATE_PATH,
  SNS_KEY,
  signSns,
  snsNotification,
  snsRequest,
} from '../world/carriers/aws-sns.ts'
import {
  bytes,
  describeProviderContract,
  messageFor,
  NOW,
  REF,
  replaced,
  response,
  textOf,
} from './provider-contract.ts'

const TOPIC = {
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:sms-events',
  snsOrigin: 'https://sns.eu-west-1.amazonaws.com',
}

const SETTINGS: AwsSettings = {
  // The key pair of AWS's documentation.
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
  originationIdentity: '+12025550199',
  configurationSet: 'login-alerts',
  topicArns: [TOPIC.topicArn],
  baseUrl: undefined,
  now: () => NOW,
  after,
  fetch: async (url) =>
    url === TOPIC.snsOrigin + SNS_CERTIFICATE_PATH
      ? new Response(SNS_CERTIFICATE)
      : new Response('', { status: 404 }),
}
const ID = '4ee8c3a6-4995-4309-a3c6-38e3db9ea4be'
const TARGET = 'PinpointSMSVoiceV2.SendTextMessage'

function make(baseUrl?: string) {
  return aws({ ...SETTINGS, baseUrl })
}

type SignedRequest = {
  readonly method: string
  readonly region: string
  readonly service: string
  /** Of the headers that are signed: lower-case names, in order. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** The `Authorization` of a request for `/` without a query (AWS's guide to Signature Version 4). */
function authorizationOf({ method, region, service, headers, body }: SignedRequest): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const datetime = headers.find(([name]) => name === 'x-amz-date')?.[1] ?? ''
  const scope = [datetime.slice(0, 8), region, service, 'aws4_request']
  const names = headers.map(([name]) => name).join(';')
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = [method, '/', '', lines, names, hash(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', datetime, scope.join('/'), hash(canonical)].join('\n')
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${SETTINGS.secretAccessKey}`)
  const credential = `Credential=${SETTINGS.accessKeyId}/${scope.join('/')}`
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`
}

const fields = {
  DestinationPhoneNumber: '+12025550123',
  OriginationIdentity: '+12025550199',
  MessageBody: messageFor('aws').text,
  MessageType: 'TRANSACTIONAL',
  TimeToLive: 120,
  Context: { ref: REF },
  ConfigurationSetName: 'login-alerts',
}

function authorizationAt(host: string, datetime = '20261123T140327Z', region = 'eu-west-1') {
  const headers = [
    ['host', host],
    ['x-amz-date', datetime],
    ['x-amz-target', TARGET],
  ] as const
  const body = JSON.stringify(fields)
  return authorizationOf({ method: 'POST', region, service: 'sms-voice', headers, body })
}

function exception(name: string, members: object = {}) {
  const __type = `com.amazonaws.pinpointsmsvoicev2#${name}`
  return response(400, { __type, Message: 'Some words', ...members })
}

/** An event as the user guide shows it. */
function event(eventType: string, changes: object = {}): string {
  return JSON.stringify({
    eventType,
    eventVersion: '1.0',
    eventTimestamp: NOW - 500,
    isFinal: true,
    originationPhoneNumber: '+12025550199',
    destinationPhoneNumber: '+12025550123',
    isInternationalSend: false,
    mcc: '310',
    mnc: '800',
    messageId: ID,
    messageRequestTimestamp: NOW - 2_000,
    messageEncoding: 'GSM',
    messageType: 'TRANSACTIONAL',
    messageStatus: eventType.replace('TEXT_', ''),
    messageStatusDescription: 'Some words',
    context: { ref: REF },
    totalMessageParts: 1,
    totalMessagePrice: 0.09582,
    totalCarrierFee: 0.0,
    ...changes,
  })
}

/** The guide's example of a text to a two-way number. */
function reply(changes: object = {}): string {
  return JSON.stringify({
    originationNumber: '+14255550182',
    destinationNumber: '+12125550101',
    messageKeyword: 'JOIN',
    messageBody: 'LOCK 7K3Q\n🔒',
    inboundMessageId: 'cae173d2-66b9-564c-8309-21f858e9fb84',
    previousPublishedMessageId: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ...changes,
  })
}

const REPLY = {
  providerMessageId: 'cae173d2-66b9-564c-8309-21f858e9fb84',
  from: '+14255550182',
  to: '+12125550101',
  text: 'LOCK 7K3Q\n🔒',
  isAnswered: false,
  at: NOW - 300,
}

function receipt(state: Receipt['event'], changes: Partial<Receipt> = {}): readonly Receipt[] {
  return [{ ref: REF, providerMessageId: ID, event: state, at: NOW - 500, ...changes }]
}

function callback(fields: object): RawCallback {
  const { url, headers } = snsRequest('https://alerts.example.com/v1/receipts/aws/events', {})
  return { url, headers: new Headers(headers), body: bytes(JSON.stringify(fields)) }
}

function sign(message: string, secret?: string): RawCallback {
  const key = secret === undefined ? SNS_KEY : forgersKey()
  const fields = { Subject: 'An event', ...snsNotification(TOPIC, message, NOW - 300) }
  return callback(signSns(fields, key))
}

/** The callback with one character of one field replaced. */
function tamperedIn(name: string) {
  return ({ body }: RawCallback, at: number, character: string): RawCallback => {
    const fields = JSON.parse(textOf(body))
    return callback({ ...fields, [name]: replaced(fields[name], at, character) })
  }
}

const FAILURES: readonly (readonly [string, FailureClass])[] = [
  ['TEXT_INVALID', 'recipient_permanent'],
  ['TEXT_UNREACHABLE', 'recipient_temporary'],
  ['TEXT_CARRIER_UNREACHABLE', 'recipient_temporary'],
  ['TEXT_BLOCKED', 'unclear'],
  ['TEXT_INVALID_MESSAGE', 'message_rejected'],
  ['TEXT_CARRIER_BLOCKED', 'unclear'],
  ['TEXT_SPAM', 'message_rejected'],
  ['TEXT_PROTECT_BLOCKED', 'provider_config'],
  ['TEXT_TTL_EXPIRED', 'expired'],
  ['TEXT_UNKNOWN', 'ambiguous'],
]
const NO_NEWS = ['TEXT_QUEUED', 'TEXT_PENDING', 'TEXT_SENT', 'VOICE_COMPLETED', 'YET_TO_COME']

const isException = (code: number | string) => /^[A-Z][a-z]/.test(`${code}`)

describeProviderContract({
  name: 'aws',
  make,
  request: {
    url: 'https://sms-voice.eu-west-1.amazonaws.com/',
    headers: {
      authorization: authorizationAt('sms-voice.eu-west-1.amazonaws.com'),
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20261123T140327Z',
      'x-amz-target': TARGET,
    },
    fields,
    decode: (body) => JSON.parse(body),
    read: (body) => {
      const { DestinationPhoneNumber, MessageBody, TimeToLive, Context } = JSON.parse(body)
      return {
        to: DestinationPhoneNumber,
        text: MessageBody,
        validitySeconds: TimeToLive,
        refs: [Context.ref],
      }
    },
    validityRange: [5, 259_200],
  },
  accepted: [[response(200, { MessageId: ID }), { class: 'accepted', providerMessageId: ID }]],
  doubtful: [
    '',
    'OK',
    '[]',
    '{}',
    '{"MessageId":7}',
    '{"MessageId":""}',
    '{"MessageId":"two words"}',
  ],
  responseFields: ['MessageId', '__type', 'Reason', 'Fields', 'Name', 'Message'],
  refuse: (code) => [
    isException(code)
      ? exception(`${code}`)
      : exception('ConflictException', { Reason: code, ResourceType: 'phone-number' }),
    `${code}`,
  ],
  refusals: [
    { meaning: { class: 'opted_out' }, codes: ['DESTINATION_PHONE_NUMBER_OPTED_OUT'] },
    {
      meaning: { class: 'provider_config' },
      codes: [
        'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
        'CHANNEL_NOT_ENABLED',
        'AccessDeniedException',
        'ResourceNotFoundException',
        'ServiceQuotaExceededException',
        'UnrecognizedClientException',
        'InvalidClientTokenId',
        'InvalidSignatureException',
        'IncompleteSignature',
        'IncompleteSignatureException',
        'MissingAuthenticationToken',
        'MissingAuthenticationTokenException',
        'ExpiredTokenException',
        'OptInRequired',
        'NotAuthorized',
        'RequestExpired',
        'UnknownOperationException',
      ],
    },
    {
      meaning: { class: 'provider_config', scope: 'country' },
      codes: [
        'DESTINATION_COUNTRY_BLOCKED',
        'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
        'NO_ORIGINATION_IDENTITIES_FOUND',
        'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
        'SENDER_ID_NOT_REGISTERED',
        'SENDER_ID_NOT_SUPPORTED',
        'SENDER_ID_REQUIRES_REGISTRATION',
        'PHONE_NUMBER_NOT_IN_REGISTRATION_REGION',
        'PRICE_OVER_THRESHOLD',
        'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
        'INTERNATIONAL_SENDING_NOT_SUPPORTED',
        'COUNTRY_CODE_MISMATCH',
        'MESSAGE_TYPE_MISMATCH',
        'RESOURCE_NOT_ACTIVE',
        'NUMBER_CAPABILITIES_MISMATCH',
        'RESOURCE_NOT_ACCESSIBLE',
        'INVALID_ARN',
      ],
    },
    {
      meaning: { class: 'provider_transient' },
      codes: [
        'ThrottlingException',
        'InternalServerException',
        'InternalFailure',
        'ServiceUnavailable',
        'ServiceUnavailableException',
      ],
    },
    {
      meaning: { class: 'unclear' },
      codes: [
        'ValidationException',
        'INVALID_PARAMETER',
        'A_REASON_YET_TO_COME',
        'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
      ],
    },
  ],
  inbound: {
    cases: [
      ['as it comes', reply(), [REPLY]],
      ['to a short code', reply({ destinationNumber: '26000' }), [{ ...REPLY, to: '26000' }]],
      ['empty', reply({ messageBody: '' }), [{ ...REPLY, text: '' }]],
      ['B7 from a name', reply({ originationNumber: 'AMAZON' }), [{ ...REPLY, from: null }]],
      ['B7 to nobody', reply({ destinationNumber: undefined }), [{ ...REPLY, to: null }]],
      ['B7 to a name', reply({ destinationNumber: 'Lockline' }), [{ ...REPLY, to: null }]],
      ['an event: for the other path', event('TEXT_DELIVERED'), []],
    ],
    malformed: ['', 'LOCK 7K3Q', '{}', reply({ inboundMessageId: undefined })],
  },
  receipts: {
    body: event('TEXT_DELIVERED'),
    sign,
    cases: [
      ['delivered', event('TEXT_DELIVERED'), receipt({ state: 'delivered' })],
      ['with the carrier', event('TEXT_SUCCESSFUL'), receipt({ state: 'sent' })],
      ...FAILURES.map(
        ([type, failureClass]) =>
          [
            type,
            event(type),
            receipt({ state: 'failed', class: failureClass, code: type }),
          ] as const,
      ),
      ...NO_NEWS.map((type) => [`${type}: no news`, event(type), []] as const),
      ['a text to us: for the other path', reply(), []],
      [
        'without an instant',
        event('TEXT_DELIVERED', { eventTimestamp: '2026-11-23' }),
        [{ ref: REF, providerMessageId: ID, event: { state: 'delivered' } }],
      ],
      [
        'with an instant beyond all calendars',
        event('TEXT_DELIVERED', { eventTimestamp: 8_999_999_999_999_999 }),
        [{ ref: REF, providerMessageId: ID, event: { state: 'delivered' } }],
      ],
      [
        'of a text that was not ours',
        event('TEXT_DELIVERED', { context: { account: 'bar' } }),
        [{ providerMessageId: ID, event: { state: 'delivered' }, at: NOW - 500 }],
      ],
    ],
    malformed: [
      '',
      'Hello',
      '[]',
      '{}',
      '{"eventType":7}',
      event('TEXT_DELIVERED', { messageId: undefined }),
      event('TEXT_DELIVERED', { messageId: 'two words' }),
      reply({ inboundMessageId: undefined }),
    ],
    strip: ({ body }) => callback({ ...JSON.parse(textOf(body)), Signature: undefined }),
    tamper: Object.fromEntries(
      ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'Signature'].map(
        (name) => [name, tamperedIn(name)],
      ),
    ),
  },
})

describe('aws', () => {
  test.each([
    ['no topic', { topicArns: [] }],
    ['another topic', { topicArns: ['arn:aws:sns:eu-west-1:123456789012:sms-event'] }],
    ['no ARN', { topicArns: ['sms-events'] }],
  ])('with %s takes no event and no text', async (_what, changes) => {
    const provider = aws({ ...SETTINGS, ...changes })
    const unsigned = { ok: false, error: { reason: 'unsigned' } }
    expect(await provider.readReceipts(sign(event('TEXT_DELIVERED')), NOW)).toEqual(unsigned)
    expect(await provider.readInbound(sign(reply()), NOW)).toEqual(unsigned)
  })

  test.each([
    ['no topic', { topicArns: [] }, false],
    ['a topic for replies only', { configurationSet: undefined }, false],
    ['topic and configuration set', {}, true],
  ])('with %s has receipts or not', (_what, changes, hasReceipts) => {
    expect(aws({ ...SETTINGS, ...changes }).hasReceipts).toBe(hasReceipts)
  })

  test('names no configuration set where there is none', async () => {
    const provider = aws({ ...SETTINGS, configurationSet: undefined })
    const { body } = await provider.buildRequest(messageFor('aws'))
    const { ConfigurationSetName: _, ...others } = fields
    expect(JSON.parse(body)).toEqual(others)
  })

  test.each([
    [{ templateId: '1107160000000000001' }, { IN_TEMPLATE_ID: '1107160000000000001' }],
    [
      { templateId: '1107160000000000001', entityId: '1101000000000000002' },
      { IN_TEMPLATE_ID: '1107160000000000001', IN_ENTITY_ID: '1101000000000000002' },
    ],
  ])('sends the template %j as India asks for it', async (template, parameters) => {
    const { body } = await make().buildRequest({ ...messageFor('aws'), template })
    expect(JSON.parse(body)).toEqual({ ...fields, DestinationCountryParameters: parameters })
  })

  const field = (Name: unknown) => ({ Name, Message: 'Some words' })
  test.each([
    [[field('DestinationPhoneNumber')], 'recipient_permanent'],
    [[field('DestinationPhoneNumber'), field('MessageBody')], 'unclear'],
    [[field('OriginationIdentity')], 'unclear'],
    [['DestinationPhoneNumber'], 'unclear'],
    [[], 'unclear'],
    ['DestinationPhoneNumber', 'unclear'],
  ])('takes a validation that failed for %j as %s', (Fields, failureClass) => {
    const answer = exception('ValidationException', { Reason: 'FIELD_VALIDATION_FAILED', Fields })
    expect(make().readResponse(answer)).toEqual({
      class: failureClass,
      code: 'FIELD_VALIDATION_FAILED',
    })
  })

  test('takes fields of a validation for that only', () => {
    const answer = exception('ConflictException', { Fields: [field('DestinationPhoneNumber')] })
    expect(make().readResponse(answer)).toEqual({
      class: 'unclear',
      code: 'ConflictException',
    })
  })

  test('does not blame a number for its country', () => {
    const Fields = [field('DestinationPhoneNumber')]
    const members = { Reason: 'DESTINATION_COUNTRY_BLOCKED', Fields }
    expect(make().readResponse(exception('ValidationException', members))).toEqual({
      class: 'provider_config',
      scope: 'country',
      code: 'DESTINATION_COUNTRY_BLOCKED',
    })
  })

  test('knows an exception by its name where the reason is new', () => {
    const answer = exception('ServiceQuotaExceededException', { Reason: 'A_QUOTA_YET_TO_COME' })
    expect(make().readResponse(answer)).toEqual({
      class: 'provider_config',
      code: 'ServiceQuotaExceededException',
    })
  })

  test.each([
    ['ThrottlingException', 'ThrottlingException'],
    ['ThrottlingException:http://internal.amazon.com/coral/', 'ThrottlingException'],
    ['a b', 'http_503'],
  ])('reads the header %j', (type, code) => {
    const answer = response(503, '', { 'x-amzn-errortype': type })
    expect(make().readResponse(answer)).toEqual({ class: 'provider_transient', code })
  })

  test.each([
    [{ __type: '+12025550123 is no number', Reason: 'no number' }, 'http_400'],
    [{ Reason: '+12025550123' }, 'http_400'],
    [{ __type: 'ValidationException', Reason: 'Fields' }, 'ValidationException'],
  ])('keeps no prose of %j', (body, code) => {
    const outcome = make().readResponse(response(400, body))
    expect(outcome).toEqual({ class: 'unclear', code })
  })
})

describe('aws signatures', () => {
  test('are worked out here as the published test suite does (get-vanilla, post-vanilla)', () => {
    const request = {
      region: 'us-east-1',
      service: 'service',
      headers: [
        ['host', 'example.amazonaws.com'],
        ['x-amz-date', '20150830T123600Z'],
      ],
      body: '',
    } as const
    const scope = 'Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request'
    const start = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=`
    expect(authorizationOf({ ...request, method: 'GET' })).toBe(
      `${start}5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31`,
    )
    expect(authorizationOf({ ...request, method: 'POST' })).toBe(
      `${start}5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b`,
    )
  })

  test('are over the host and port that is called', async () => {
    const { headers } = await make('http://127.0.0.1:8701').buildRequest(messageFor('aws'))
    expect(headers.authorization).toBe(authorizationAt('127.0.0.1:8701'))
  })

  test('follow the clock over midnight, with one adapter', async () => {
    const instants = [NOW, Date.parse('2026-11-24T00:00:01.999Z'), NOW]
    let turn = 0
    const provider = aws({ ...SETTINGS, now: () => instants[turn] ?? 0 })
    const seen: unknown[] = []
    for (; turn < instants.length; turn += 1) {
      const { headers } = await provider.buildRequest(messageFor('aws'))
      seen.push(headers.authorization)
    }
    const host = 'sms-voice.eu-west-1.amazonaws.com'
    expect(seen).toEqual([
      authorizationAt(host),
      authorizationAt(host, '20261124T000001Z'),
      authorizationAt(host),
    ])
  })

  test('name the region of the settings, whatever the host says', async () => {
    const host = 'sms-voice.eu-west-1.amazonaws.com'
    const provider = aws({ ...SETTINGS, region: 'us-east-2', baseUrl: `https://${host}` })
    const { headers } = await provider.buildRequest(messageFor('aws'))
    expect(headers.authorization).toBe(authorizationAt(host, undefined, 'us-east-2'))
  })
})
