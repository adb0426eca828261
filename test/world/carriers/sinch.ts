// Sinch SMS, XMS v1, `POST /batches` of texts sent at once, as the vendor's API reference, SDKs and
// status code pages say. Stricter than the vendor: unknown fields are refused, among them those for
// scheduling and templates, and a text that would be cut or held back for its length is, too.

import { createHmac, randomBytes, randomInt } from 'node:crypto'
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

export type SinchAccount = {
  readonly servicePlanId: string
  readonly apiToken: string
  readonly callbackSecret: string
}

type SinchError = { readonly code: string; readonly text: string }

const FIELDS = new Set(
  `to from body type delivery_report expire_at callback_url client_reference feedback_enabled
  flash_message truncate_concat max_number_of_message_parts from_ton from_npi`.split(/\s+/),
)
const REPORTS = ['none', 'summary', 'full', 'per_recipient', 'per_recipient_final']
const MSISDN = /^\+?[1-9]\d{6,14}$/
const SENDER = /^(\+?\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ._-]{1,11})$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/
const MAX_VALIDITY_MS = 3 * 86_400_000
const MAX_RECIPIENTS = 1000
const MAX_BODY_LENGTH = 2000
const MAX_REFERENCE_LENGTH = 2048

/** Stand-ins for the refusals the vendor names; the numbers are Twilio's test ones. */
const MAGIC_TO: Readonly<Record<string, readonly [number, string, string]>> = {
  '+15005550001': [400, 'syntax_invalid_parameter_format', 'Invalid MSISDN: 15005550001'],
  '+15005550003': [403, 'illegal_number_type', 'Illegal number type for the region'],
}

export function createSinchProtocol(account: SinchAccount): CarrierProtocol<'sinch'> {
  return {
    name: 'sinch',
    judge: (request, at) => judge(account, request, at),
    // client_reference is an echo, not an idempotency key.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) => receipt(account, message, step, at, forged),
  }
}

const problem = (status: number, code: string, text: string) => jsonAnswer(status, { code, text })
/** Only 400 and 403 come with a code; every other refusal has no body. */
const bare = (status: number): WireAnswer => ({ status, headers: {}, body: '' })

function judge(account: SinchAccount, request: WireRequest, at: number): Verdict {
  const refuse = (answer: WireAnswer, refusal: string, seen: Seen = NOTHING_SEEN) => ({
    answer,
    messages: [],
    refusal,
    seen,
  })
  const path = /^\/xms\/v1\/([^/?]+)\/batches$/.exec(request.target)
  if (path === null) return refuse(bare(404), 'no such path')
  if (request.method !== 'POST') return refuse(bare(405), 'not POST')
  if (path[1] !== account.servicePlanId || bearerToken(request) !== account.apiToken) {
    return refuse(bare(401), 'wrong credentials')
  }
  if (mediaType(request) !== 'application/json') return refuse(bare(415), 'not JSON')
  const body = parseJson(request.body)
  if (!isRecord(body)) {
    const answer = problem(400, 'syntax_invalid_json', 'The body is not a JSON object')
    return refuse(answer, 'invalid JSON')
  }
  const seen = seenIn(body, at)
  const fault = faultsOf(body, at)[0]
  if (fault !== undefined) {
    return refuse(problem(400, fault.code, fault.text), `${fault.code}: ${fault.text}`, seen)
  }
  const report = textField(body, 'delivery_report') ?? 'none'
  if (report !== 'none' && seen.receiptUrl === null) {
    const text = 'A delivery report was requested, but there is no callback URL'
    return refuse(problem(403, 'missing_callback_url', text), 'missing_callback_url', seen)
  }
  const recipients = recipientsOf(body)
  const magic = MAGIC_TO[recipients.find((to) => to in MAGIC_TO) ?? '']
  if (magic !== undefined) {
    const [status, code, text] = magic
    return refuse(problem(status, code, text), `${code}: ${text}`, seen)
  }

  const batchId = createBatchId()
  const messages = recipients.map(
    (to): OutgoingMessage => ({
      providerMessageId: batchId,
      from: seen.from ?? '',
      to,
      text: seen.text ?? '',
      ref: seen.ref,
      receiptUrl: report === 'none' ? null : seen.receiptUrl,
      wantsIntermediateReceipts: report === 'per_recipient',
      validitySeconds: seen.validitySeconds,
      acceptedAt: at,
      extra: { delivery_report: report },
    }),
  )
  const now = new Date(at).toISOString()
  const answer = jsonAnswer(201, {
    type: 'mt_text',
    flash_message: false,
    feedback_enabled: false,
    ...body,
    id: batchId,
    to: recipients.map((to) => to.slice(1)),
    delivery_report: report,
    expire_at: textField(body, 'expire_at') ?? new Date(at + MAX_VALIDITY_MS).toISOString(),
    canceled: false,
    created_at: now,
    modified_at: now,
  })
  return { answer, messages, refusal: null, seen }
}

/** Looks like the vendor's ids: a time and a random part in Crockford's base 32. */
export function createBatchId(): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  return `01${Array.from({ length: 24 }, () => letters[randomInt(32)]).join('')}`
}

/** E.164 with plus; the vendor takes them with and without. */
function recipientsOf(body: unknown): readonly string[] {
  if (!isRecord(body) || !Array.isArray(body.to)) return []
  return body.to.flatMap((to: unknown) =>
    typeof to === 'string' && MSISDN.test(to) ? [`+${to.replace('+', '')}`] : [],
  )
}

function seenIn(body: unknown, at: number): Seen {
  const expireAt = Date.parse(textField(body, 'expire_at') ?? '')
  return {
    from: textField(body, 'from'),
    to: recipientsOf(body)[0] ?? null,
    text: textField(body, 'body'),
    ref: textField(body, 'client_reference'),
    receiptUrl: textField(body, 'callback_url'),
    validitySeconds: Number.isNaN(expireAt) ? null : Math.round((expireAt - at) / 1000),
  }
}

function faultsOf(body: Readonly<Record<string, unknown>>, at: number): SinchError[] {
  const faults: SinchError[] = []
  const constraint = (name: string, good: boolean, why: string) => {
    if (!good) faults.push({ code: 'syntax_constraint_violation', text: `${name}: ${why}` })
  }
  const format = (name: string, good: boolean, why: string) => {
    if (!good) faults.push({ code: 'syntax_invalid_parameter_format', text: `${name}: ${why}` })
  }
  const text = (name: string) => textField(body, name) ?? ''

  for (const name of Object.keys(body)) constraint(name, FIELDS.has(name), 'unknown field')
  const to: readonly unknown[] = Array.isArray(body.to) ? body.to : []
  const inRange = to.length >= 1 && to.length <= MAX_RECIPIENTS
  constraint('to', inRange, `must be a list of 1 to ${MAX_RECIPIENTS} numbers`)
  format('to', recipientsOf(body).length === to.length, 'must be phone numbers')
  constraint('from', text('from') !== '', 'is required: the plan has no default sender')
  format('from', text('from') === '' || SENDER.test(text('from')), 'is no number and no name')
  const length = [...text('body')].length
  constraint('body', length >= 1 && length <= MAX_BODY_LENGTH, 'must have 1 to 2000 characters')
  if ('type' in body) constraint('type', body.type === 'mt_text', 'must be mt_text')
  if ('delivery_report' in body) {
    format('delivery_report', REPORTS.includes(text('delivery_report')), REPORTS.join(', '))
  }
  if ('callback_url' in body) {
    format('callback_url', isHttpUrl(text('callback_url')), 'must be a URL')
  }
  if ('client_reference' in body) {
    const ref = text('client_reference')
    const good = ref !== '' && ref.length <= MAX_REFERENCE_LENGTH
    constraint('client_reference', good, `must have 1 to ${MAX_REFERENCE_LENGTH} characters`)
  }
  if ('expire_at' in body) {
    const expireAt = INSTANT.test(text('expire_at')) ? Date.parse(text('expire_at')) : Number.NaN
    format('expire_at', !Number.isNaN(expireAt), 'must be YYYY-MM-DDThh:mm:ss.SSSZ')
    const outside = expireAt <= at || expireAt > at + MAX_VALIDITY_MS
    constraint('expire_at', !outside, 'must be in the future, at most 3 days')
  }
  for (const name of ['feedback_enabled', 'flash_message', 'truncate_concat']) {
    if (name in body) format(name, typeof body[name] === 'boolean', 'must be a boolean')
  }
  constraint('truncate_concat', body.truncate_concat !== true, 'cuts links off: not simulated')
  if ('max_number_of_message_parts' in body) {
    const parts = body.max_number_of_message_parts
    const good = typeof parts === 'number' && Number.isInteger(parts) && parts >= 1
    format('max_number_of_message_parts', good, 'must be a whole number from 1')
    const fits = !good || countSegments(text('body')).segments <= parts
    constraint('max_number_of_message_parts', fits, 'the text has more parts')
  }
  for (const name of ['from_ton', 'from_npi']) {
    if (name in body) format(name, Number.isInteger(body[name]), 'must be a whole number')
  }
  return faults
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'rejected') return problem(403, 'blocked_account', 'The account is blocked')
  return bare(fault === 'server-error' ? 500 : 429)
}

const STATUS_OF_STEP = {
  sent: { status: 'Dispatched', code: 401 },
  delivered: { status: 'Delivered', code: 0 },
  // A passing trouble on the vendor's side, nothing that is wrong with the number.
  undelivered: { status: 'Aborted', code: 404 },
} as const

function receipt(
  account: SinchAccount,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  if (message.receiptUrl === null) return null
  if (step === 'sent' && !message.wantsIntermediateReceipts) return null
  const recipient = message.to.slice(1)
  const outcome = STATUS_OF_STEP[step]
  const reference = message.ref === null ? {} : { client_reference: message.ref }
  const wanted = message.extra.delivery_report ?? ''
  const recipients = wanted === 'full' ? { recipients: [recipient] } : {}
  const body = JSON.stringify(
    wanted === 'full' || wanted === 'summary'
      ? {
          type: 'delivery_report_sms',
          batch_id: message.providerMessageId,
          total_message_count: 1,
          statuses: [{ ...outcome, count: 1, ...recipients }],
          ...reference,
        }
      : {
          type: 'recipient_delivery_report_sms',
          batch_id: message.providerMessageId,
          recipient,
          ...outcome,
          at: new Date(at).toISOString(),
          ...(step === 'delivered' ? { operator_status_at: new Date(at).toISOString() } : {}),
          ...reference,
        },
  )
  const secret = forged ? randomBytes(16).toString('hex') : account.callbackSecret
  return { url: message.receiptUrl, headers: sinchHeaders(secret, body, at), body }
}

/** Of a webhook with that body, the proof among them. */
export function sinchHeaders(secret: string, body: string, at: number): Record<string, string> {
  const nonce = createBatchId()
  const timestamp = String(Math.floor(at / 1000))
  return {
    'content-type': 'application/json',
    'x-sinch-webhook-signature': signSinchBody(secret, body, nonce, timestamp),
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    'x-sinch-webhook-signature-nonce': nonce,
    'x-sinch-webhook-signature-timestamp': timestamp,
  }
}

/** Base64 HMAC-SHA256 over `body.nonce.timestamp`, the body as sent; seconds. */
export function signSinchBody(
  secret: string,
  body: string,
  nonce: string,
  timestamp: string,
): string {
  return createHmac('sha256', secret)
    .update(`${body}.${nonce}.${timestamp}`, 'utf8')
    .digest('base64')
}
