// Vonage Messages API v1, SMS text messages only, as the vendor's SDKs, their fixtures and the error
// pages say. Stricter than the vendor in one point: an unknown field is refused.

import { createHash, createHmac, randomUUID } from 'node:crypto'
import {
  basicCredentials,
  type CarrierFault,
  type CarrierProtocol,
  jsonAnswer,
  mediaType,
  NOTHING_SEEN,
  type OutgoingMessage,
  type ReceiptStep,
  type Seen,
  type Verdict,
  type WireAnswer,
  type WireRequest,
} from '../carrier-protocol.ts'
import { isHttpUrl, isRecord, parseJson, textField } from '../json.ts'
import { countSegments } from '../segments.ts'

export type VonageAccount = {
  readonly apiKey: string
  readonly apiSecret: string
  readonly signatureSecret: string
}

type InvalidParameter = { readonly name: string; readonly reason: string }

const FIELDS = new Set(
  `message_type channel to from text client_ref ttl webhook_url webhook_version sms
  trusted_recipient failover`.split(/\s+/),
)
const SMS_FIELDS = new Set(['encoding_type', 'content_id', 'entity_id', 'pool_id'])

/** Stand-ins for the refusals the vendor numbers; the numbers are Twilio's test ones. */
const MAGIC_TO: Readonly<Record<string, readonly [number, string, string]>> = {
  '15005550001': [1170, 'Invalid or Missing Msisdn', 'The destination number is not valid.'],
  '15005550002': [1250, 'Unroutable', 'The destination number is not routable.'],
  '15005550004': [1240, 'Illegal Number', 'The recipient has opted out of messages from you.'],
}

export function createVonageProtocol(account: VonageAccount): CarrierProtocol {
  return {
    name: 'vonage',
    judge: (request, at) => judge(account, request, at),
    // client_ref is an echo, not an idempotency key.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) => receipt(account, message, step, at, forged),
  }
}

function problem(
  status: number,
  type: string,
  title: string,
  detail: string,
  invalid: readonly InvalidParameter[] = [],
): WireAnswer {
  return jsonAnswer(
    status,
    {
      type: `https://developer.vonage.com/api-errors${type}`,
      title,
      detail,
      instance: randomUUID().replaceAll('-', ''),
      ...(invalid.length === 0 ? {} : { invalid_parameters: invalid }),
    },
    { 'content-type': 'application/problem+json' },
  )
}

const unauthorized = () =>
  problem(
    401,
    '#unauthorized',
    'You did not provide correct credentials.',
    "Check that you're using the correct credentials, and that your account has this feature enabled",
  )

function judge(account: VonageAccount, request: WireRequest, at: number): Verdict {
  const refuse = (answer: WireAnswer, refusal: string, seen: Seen = NOTHING_SEEN) => ({
    answer,
    messages: [],
    refusal,
    seen,
  })
  if (request.target !== '/v1/messages') {
    const answer = problem(404, '#not-found', 'Not Found', 'The requested resource does not exist')
    return refuse(answer, 'no such path')
  }
  if (request.method !== 'POST') {
    const answer = problem(405, '#method-not-allowed', 'Method Not Allowed', 'Use POST')
    return refuse(answer, 'not POST')
  }
  const login = basicCredentials(request)
  if (login?.user !== account.apiKey || login.password !== account.apiSecret) {
    return refuse(unauthorized(), 'wrong credentials')
  }
  if (mediaType(request) !== 'application/json') {
    const answer = problem(
      415,
      '#unsupported-media-type',
      'Unsupported Media Type',
      'The request body must be application/json',
    )
    return refuse(answer, 'not JSON')
  }
  const body = parseJson(request.body)
  const seen = seenIn(body)
  const invalid = isRecord(body) ? faultsOf(body) : [{ name: 'body', reason: 'invalid JSON' }]
  if (invalid.length > 0) {
    const detail = 'The value of one or more parameters is invalid.'
    const answer = problem(422, '/messages#1150', 'Invalid params', detail, invalid)
    return refuse(answer, invalid.map(({ name, reason }) => `${name}: ${reason}`).join('; '), seen)
  }
  const to = textField(body, 'to') ?? ''
  const magic = MAGIC_TO[to]
  if (magic !== undefined) {
    const [code, title, detail] = magic
    return refuse(problem(422, `/messages#${code}`, title, detail), `${code} ${title}`, seen)
  }
  const message: OutgoingMessage = {
    providerMessageId: randomUUID(),
    from: seen.from ?? '',
    to: `+${to}`,
    text: seen.text ?? '',
    ref: seen.ref,
    receiptUrl: seen.receiptUrl,
    wantsIntermediateReceipts: true,
    validitySeconds: seen.validitySeconds,
    acceptedAt: at,
    extra: {},
  }
  const answer = jsonAnswer(202, { message_uuid: message.providerMessageId })
  return { answer, messages: [message], refusal: null, seen }
}

function seenIn(body: unknown): Seen {
  const to = textField(body, 'to')
  const ttl = isRecord(body) ? body.ttl : undefined
  return {
    from: textField(body, 'from'),
    to: to === null ? null : `+${to}`,
    text: textField(body, 'text'),
    ref: textField(body, 'client_ref'),
    receiptUrl: textField(body, 'webhook_url'),
    validitySeconds: typeof ttl === 'number' ? ttl : null,
  }
}

function faultsOf(body: Readonly<Record<string, unknown>>): InvalidParameter[] {
  const faults: InvalidParameter[] = []
  const check = (name: string, good: boolean, reason: string) => {
    if (!good) faults.push({ name, reason })
  }
  const text = (name: string) => textField(body, name)
  for (const name of Object.keys(body)) check(name, FIELDS.has(name), 'unknown parameter')
  check('message_type', body.message_type === 'text', 'must be text')
  check('channel', body.channel === 'sms', 'must be sms')
  check('to', /^[1-9]\d{6,14}$/.test(text('to') ?? ''), 'must be E.164 digits without a plus')
  check(
    'from',
    /^(\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ._-]{1,11})$/.test(text('from') ?? ''),
    'must be digits without a plus, or a name of at most 11 characters',
  )
  const length = [...(text('text') ?? '')].length
  check('text', length >= 1 && length <= 1000, 'must have 1 to 1000 characters')
  if ('client_ref' in body) {
    const ref = text('client_ref') ?? ''
    check('client_ref', ref !== '' && ref.length <= 100, 'must have 1 to 100 characters')
  }
  if ('ttl' in body) {
    const ttl = body.ttl
    const good = typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 1 && ttl <= 604_800
    check('ttl', good, 'must be whole seconds, at most 604800')
  }
  if ('webhook_url' in body) {
    check('webhook_url', isHttpUrl(text('webhook_url') ?? ''), 'must be a URL')
  }
  if ('webhook_version' in body) {
    check('webhook_version', /^v(0\.1|1)$/.test(text('webhook_version') ?? ''), 'v0.1 or v1')
  }
  if ('trusted_recipient' in body) {
    check('trusted_recipient', typeof body.trusted_recipient === 'boolean', 'must be a boolean')
  }
  if ('sms' in body) {
    const sms = body.sms
    check('sms', isRecord(sms), 'must be an object')
    for (const name of Object.keys(isRecord(sms) ? sms : {})) {
      check(`sms.${name}`, SMS_FIELDS.has(name), 'unknown parameter')
    }
    if (isRecord(sms) && 'encoding_type' in sms) {
      const good = /^(auto|text|unicode)$/.test(textField(sms, 'encoding_type') ?? '')
      check('sms.encoding_type', good, 'must be auto, text or unicode')
    }
  }
  return faults
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'rejected') {
    const detail = 'The `from` parameter is invalid for the given channel.'
    return problem(422, '/messages#1120', 'Invalid sender', detail)
  }
  if (fault === 'server-error') {
    return problem(500, '/messages#1100', 'Internal error', 'There was an error in the platform.')
  }
  const answer = problem(
    429,
    '/messages#1010',
    'Rate Limit Hit',
    'Please wait, then retry your request',
  )
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } }
}

const STATUS_OF_STEP = {
  sent: 'submitted',
  delivered: 'delivered',
  // The vendor could not reach its own carrier: nobody's fault but the vendor's.
  undelivered: 'undeliverable',
} as const

function receipt(
  account: VonageAccount,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  if (message.receiptUrl === null) return null
  const { segments } = countSegments(message.text)
  const body = JSON.stringify({
    message_uuid: message.providerMessageId,
    to: message.to.slice(1),
    from: message.from,
    timestamp: new Date(at).toISOString(),
    status: STATUS_OF_STEP[step],
    ...(step === 'undelivered' ? { error: undeliverable() } : {}),
    ...(step === 'delivered' ? { usage: { currency: 'EUR', price: '0.0333' } } : {}),
    ...(message.ref === null ? {} : { client_ref: message.ref }),
    channel: 'sms',
    destination: { network_code: '31000' },
    sms: { count_total: String(segments) },
  })
  const secret = forged ? randomUUID() : account.signatureSecret
  const proof = { apiKey: account.apiKey, secret }
  return { url: message.receiptUrl, headers: vonageHeaders(proof, body, at), body }
}

/** Of a webhook with that body, the proof among them. */
export function vonageHeaders(
  { apiKey, secret }: { readonly apiKey: string; readonly secret: string },
  body: string,
  at: number,
): Record<string, string> {
  const claims = {
    iat: Math.floor(at / 1000),
    jti: randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(body, 'utf8').digest('hex'),
    api_key: apiKey,
  }
  return {
    'content-type': 'application/json',
    'user-agent': 'Vonage/Messages',
    authorization: `Bearer ${signVonageToken(secret, claims)}`,
  }
}

function undeliverable() {
  return {
    type: 'https://developer.vonage.com/api-errors/messages#1100',
    title: 1100,
    detail: 'Network error - There was an error in the network of the carrier.',
    instance: randomUUID().replaceAll('-', ''),
  }
}

/** A JWT with HS256 (RFC 7519, RFC 7515); the vendor sets no `exp`. */
export function signVonageToken(secret: string, claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input, 'utf8').digest('base64url')}`
}
