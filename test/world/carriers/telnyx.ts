// Telnyx API v2, `POST /v2/messages`, plain SMS sent at once, as the vendor's API reference, webhook
// guide and error pages say. Stricter than the vendor in one point: an unknown field is refused, so
// that a misspelt one, or one for MMS or scheduling, shows.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import {
  bearerToken,
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

/** The private key is PKCS #8 DER in base64, so that it can be kept among other secrets. */
export type TelnyxAccount = { readonly apiKey: string; readonly privateKey: string }

type TelnyxError = {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly source?: { readonly pointer: string }
}

const FIELDS = new Set(
  `to from text type messaging_profile_id webhook_url webhook_failover_url use_profile_webhooks
  auto_detect encoding`.split(/\s+/),
)
const E164 = /^\+[1-9]\d{6,14}$/
const SHORT_CODE = /^\d{3,8}$/
const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MAX_PARTS = 10
const MAX_URL_LENGTH = 2000
/** The messages have no time to live; the vendor gives up an hour after it received them. */
const VALID_MS = 3_600_000

/**
 * Stand-ins for the refusals the vendor numbers; the numbers are Twilio's test ones. The vendor says
 * that the code counts and the HTTP status can vary: a STOP has been seen as a 403.
 */
const MAGIC_TO: Readonly<Record<string, readonly [number, string, string, string]>> = {
  '+15005550001': [400, '40310', "Invalid 'to' address", "The 'to' address is not valid."],
  '+15005550003': [400, '40309', 'Invalid destination region', 'That region is not enabled.'],
  '+15005550004': [403, '40300', 'Blocked due to STOP message', 'There is a block rule.'],
  '+15005550009': [400, '40001', 'Not routable', 'The destination is not routable.'],
}

export function createTelnyxProtocol(account: TelnyxAccount): CarrierProtocol<'telnyx'> {
  const key = readPrivateKey(account.privateKey)
  return {
    name: 'telnyx',
    judge: (request, at) => judge(account, request, at),
    // The vendor takes idempotency keys elsewhere, not here: the same request twice is two messages.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) => receipt(key, message, step, at, forged),
  }
}

export function createTelnyxPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

/** What the vendor's portal shows: the 32 raw bytes of the public key (RFC 8032) in base64. */
export function telnyxPublicKey(privateKey: string): string {
  const { x = '' } = createPublicKey(readPrivateKey(privateKey)).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url').toString('base64')
}

export function readPrivateKey(base64: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
}

function problem(status: number, ...errors: readonly TelnyxError[]): WireAnswer {
  return jsonAnswer(status, {
    errors: errors.map((error) => ({
      ...error,
      meta: { url: `https://developers.telnyx.com/docs/overview/errors/${error.code}` },
    })),
  })
}

function judge(account: TelnyxAccount, request: WireRequest, at: number): Verdict {
  const refuse = (status: number, errors: readonly TelnyxError[], seen: Seen = NOTHING_SEEN) => ({
    answer: problem(status, ...errors),
    messages: [],
    refusal: errors
      .map(({ code, title, source }) => `${code} ${title} ${source?.pointer ?? ''}`.trim())
      .join('; '),
    seen,
  })
  const one = (status: number, code: string, title: string, detail: string, seen?: Seen) =>
    refuse(status, [{ code, title, detail }], seen)

  if (request.target !== '/v2/messages' || request.method !== 'POST') {
    const detail = 'The requested resource or URL could not be found.'
    return one(404, '10005', 'Resource not found', detail)
  }
  if (bearerToken(request) !== account.apiKey) {
    const detail =
      'The required authentication headers were either invalid or not included in the request.'
    return one(401, '10009', 'Authentication failed', detail)
  }
  if (mediaType(request) !== 'application/json') {
    const detail = 'The request failed because the server does not support the media type.'
    return one(415, '10014', 'Unsupported Media Type', detail)
  }
  const body = parseJson(request.body)
  if (!isRecord(body)) return one(400, '10023', 'Invalid JSON', 'The body is not a JSON object.')
  const seen = seenIn(body)
  const errors = faultsOf(body)
  if (errors.length > 0) return refuse(400, errors, seen)
  const magic = MAGIC_TO[seen.to ?? '']
  if (magic !== undefined) return one(...magic, seen)

  const message: OutgoingMessage = {
    providerMessageId: randomUUID(),
    from: seen.from ?? '',
    to: seen.to ?? '',
    text: seen.text ?? '',
    ref: null,
    receiptUrl: seen.receiptUrl,
    wantsIntermediateReceipts: true,
    validitySeconds: null,
    acceptedAt: at,
    extra: { messaging_profile_id: textField(body, 'messaging_profile_id') ?? '' },
  }
  const answer = jsonAnswer(200, { data: messageObject(message, 'queued', null) })
  return { answer, messages: [message], refusal: null, seen }
}

function seenIn(body: unknown): Seen {
  return {
    from: textField(body, 'from'),
    to: textField(body, 'to'),
    text: textField(body, 'text'),
    ref: null,
    receiptUrl: textField(body, 'webhook_url'),
    validitySeconds: null,
  }
}

function faultsOf(body: Readonly<Record<string, unknown>>): TelnyxError[] {
  const errors: TelnyxError[] = []
  const check = (name: string, good: boolean, code: string, title: string, detail: string) => {
    if (!good) errors.push({ code, title, detail, source: { pointer: `/${name}` } })
  }
  const requireField = (name: string) => {
    const there = name in body
    check(name, there, '10004', 'Missing required parameter', `The parameter '${name}' is missing.`)
    return there
  }
  const text = (name: string) => textField(body, name) ?? ''
  const badRequest = (name: string, good: boolean, detail: string) =>
    check(name, good, '10015', 'Bad Request', detail)

  for (const name of Object.keys(body)) badRequest(name, FIELDS.has(name), 'Unknown parameter.')
  if (requireField('to')) {
    const detail = "The 'to' address should be a single number in +E.164 format."
    check('to', E164.test(text('to')), '40310', "Invalid 'to' address", detail)
  }
  if (requireField('from')) {
    const good = [E164, SHORT_CODE, SENDER_NAME].some((shape) => shape.test(text('from')))
    const detail = "The 'from' address should be a +E.164 number, a short code or a sender name."
    check('from', good, '40305', "Invalid 'from' address", detail)
    // Numbers belong to a profile already; a name does not.
    if (SENDER_NAME.test(text('from'))) requireField('messaging_profile_id')
  }
  if ('messaging_profile_id' in body) {
    const good = UUID.test(text('messaging_profile_id'))
    check('messaging_profile_id', good, '10006', 'Invalid ID', 'The resource ID is invalid.')
  }
  if (requireField('text')) {
    const detail = 'The message body must be a non-empty string.'
    check('text', text('text') !== '', '40316', 'No content provided for message', detail)
    const fits = countSegments(text('text')).segments <= MAX_PARTS
    check('text', fits, '40302', 'Message too large', `More than ${MAX_PARTS} parts.`)
  }
  for (const name of ['webhook_url', 'webhook_failover_url']) {
    if (!(name in body)) continue
    const good = isHttpUrl(text(name)) && text(name).length <= MAX_URL_LENGTH
    check(name, good, '10003', 'Invalid URL', 'The URL is invalid, malformed or too long.')
  }
  if ('type' in body) badRequest('type', body.type === 'SMS', "Only 'SMS' is simulated.")
  if ('encoding' in body) {
    badRequest('encoding', /^(auto|gsm7|ucs2)$/.test(text('encoding')), 'auto, gsm7 or ucs2')
  }
  for (const name of ['use_profile_webhooks', 'auto_detect']) {
    if (name in body) badRequest(name, typeof body[name] === 'boolean', 'must be a boolean')
  }
  return errors
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'rejected') {
    const detail = "The 'from' address is not a number of this account."
    return problem(400, { code: '40305', title: "Invalid 'from' address", detail })
  }
  if (fault === 'server-error') {
    const detail = 'An unexpected error occured.'
    return problem(500, { code: '10007', title: 'Unexpected error', detail })
  }
  const detail = 'You have exceeded the maximum number of allowed requests.'
  const answer = problem(429, { code: '10011', title: 'Too many requests', detail })
  const limits = {
    'x-ratelimit-limit': '50',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1',
  }
  return { ...answer, headers: { ...answer.headers, ...limits } }
}

type TelnyxStatus = 'queued' | 'sent' | 'delivered' | 'delivery_failed'

/** The message as the answer and the webhooks carry it; `finalAt` null while it is under way. */
function messageObject(message: OutgoingMessage, status: TelnyxStatus, finalAt: number | null) {
  const { encoding, segments } = countSegments(message.text)
  const instant = (at: number) => new Date(at).toISOString().replace('Z', '+00:00')
  const profile = message.extra.messaging_profile_id ?? ''
  return {
    record_type: 'message',
    direction: 'outbound',
    id: message.providerMessageId,
    type: 'SMS',
    messaging_profile_id: profile === '' ? null : profile,
    from: { phone_number: message.from, carrier: 'TELNYX LLC', line_type: 'VoIP' },
    to: [
      { phone_number: message.to, status, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' },
    ],
    cc: [],
    text: message.text,
    media: [],
    webhook_url: message.receiptUrl,
    webhook_failover_url: null,
    encoding,
    parts: segments,
    tags: [],
    cost: { amount: '0.0051', currency: 'USD' },
    received_at: instant(message.acceptedAt),
    sent_at: status === 'queued' ? null : instant(message.acceptedAt),
    completed_at: finalAt === null ? null : instant(finalAt),
    valid_until: instant(message.acceptedAt + VALID_MS),
    // 40006: the other operator's server is down, nothing that is wrong with the number.
    errors:
      status === 'delivery_failed'
        ? [{ code: '40006', title: 'Recipient server unavailable', detail: 'Try again later.' }]
        : [],
  }
}

const STATUS_OF_STEP = {
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'delivery_failed',
} as const

function receipt(
  key: KeyObject,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  if (message.receiptUrl === null) return null
  const body = JSON.stringify({
    data: {
      event_type: step === 'sent' ? 'message.sent' : 'message.finalized',
      id: randomUUID(),
      occurred_at: new Date(at).toISOString().replace('Z', '+00:00'),
      payload: messageObject(message, STATUS_OF_STEP[step], step === 'sent' ? null : at),
      record_type: 'event',
    },
    meta: { attempt: 1, delivered_to: message.receiptUrl },
  })
  const signer = forged ? generateKeyPairSync('ed25519').privateKey : key
  return { url: message.receiptUrl, headers: telnyxHeaders(signer, body, at), body }
}

/** Of a webhook with that body, the proof among them. */
export function telnyxHeaders(key: KeyObject, body: string, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'content-type': 'application/json',
    'user-agent': 'telnyx-webhooks',
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': signTelnyxBody(key, timestamp, body),
  }
}

/** Base64 of the Ed25519 signature over `timestamp|body`, the body as sent; seconds. */
export function signTelnyxBody(key: KeyObject, timestamp: string, body: string): string {
  return sign(null, Buffer.from(`${timestamp}|${body}`, 'utf8'), key).toString('base64')
}
