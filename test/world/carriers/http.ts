// A local aggregator of nobody in particular: the JSON API that docs/http-provider.md takes as its first
// example. One message a call; a refused one is answered 200. Strict, so that a wrong template shows: an
// unknown field is refused.

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

/** `signatureSecret` is what it signs its callbacks with. */
export type HttpAccount = { readonly token: string; readonly signatureSecret: string }

type Body = Readonly<Record<string, unknown>>

const FIELDS = new Set('to from text client_ref callback_url ttl dlt'.split(' '))
const E164 = /^\+[1-9]\d{6,14}$/
const SENDER = /^(\+\d{7,15}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/
const DLT_ID = /^\d{10,20}$/
const MAX_PARTS = 6

/** Stand-ins for its refusals; the numbers are Twilio's test ones. */
const MAGIC_TO: Readonly<Record<string, string>> = {
  '+15005550001': 'invalid_number',
  '+15005550003': 'no_route',
  '+15005550004': 'opted_out',
}

export function createHttpProtocol(account: HttpAccount): CarrierProtocol<'http'> {
  return {
    name: 'http',
    judge: (request, at) => judge(account, request, at),
    // client_ref is an echo, not an idempotency key.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) => receipt(account, message, step, at, forged),
  }
}

const problem = (status: number, error: string) => jsonAnswer(status, { error })

/** How it refuses a message: 200, and the code inside. */
const refused = (code: string) =>
  jsonAnswer(200, { messages: [{ status: 'refused', error: { code } }] })

function judge(account: HttpAccount, request: WireRequest, at: number): Verdict {
  const refuse = (answer: WireAnswer, refusal: string, seen: Seen = NOTHING_SEEN): Verdict => ({
    answer,
    messages: [],
    refusal,
    seen,
  })
  if (request.target !== '/v2/messages') return refuse(problem(404, 'not found'), 'no such path')
  if (request.method !== 'POST') return refuse(problem(405, 'only POST'), 'not POST')
  if (bearerToken(request) !== account.token) {
    return refuse(problem(401, 'who are you'), 'wrong credentials')
  }
  if (mediaType(request) !== 'application/json') return refuse(problem(415, 'no JSON'), 'not JSON')
  const body = onlyMessage(parseJson(request.body))
  if (body === null) return refuse(problem(400, 'malformed'), 'not one message')
  const seen = seenIn(body)
  const fault = faultOf(body)
  if (fault !== null) return refuse(problem(422, `invalid ${fault}`), `invalid ${fault}`, seen)
  const code = MAGIC_TO[seen.to ?? '']
  if (code !== undefined) return refuse(refused(code), code, seen)

  const id = `m-${randomInt(1, 2 ** 40)}`
  const message: OutgoingMessage = {
    providerMessageId: id,
    from: seen.from ?? '',
    to: seen.to ?? '',
    text: seen.text ?? '',
    ref: seen.ref,
    receiptUrl: seen.receiptUrl,
    wantsIntermediateReceipts: true,
    validitySeconds: seen.validitySeconds,
    acceptedAt: at,
    extra: {},
  }
  const parts = countSegments(message.text).segments
  const answer = jsonAnswer(200, { messages: [{ id, status: 'queued', parts }] })
  return { answer, messages: [message], refusal: null, seen }
}

function onlyMessage(body: unknown): Body | null {
  const messages: readonly unknown[] =
    isRecord(body) && Array.isArray(body.messages) ? body.messages : []
  const [message] = messages
  return messages.length === 1 && isRecord(message) ? message : null
}

function seenIn(body: Body): Seen {
  return {
    from: textField(body, 'from'),
    to: textField(body, 'to'),
    text: textField(body, 'text'),
    ref: textField(body, 'client_ref'),
    receiptUrl: textField(body, 'callback_url'),
    validitySeconds: typeof body.ttl === 'number' ? body.ttl : null,
  }
}

/** The first field that is wrong, or null. */
function faultOf(body: Body): string | null {
  const text = textField(body, 'text') ?? ''
  const { ttl, dlt } = body
  const isTtl = typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 60 && ttl <= 86_400
  const ref = textField(body, 'client_ref') ?? ''
  const isGood: Readonly<Record<string, boolean>> = {
    to: E164.test(textField(body, 'to') ?? ''),
    from: SENDER.test(textField(body, 'from') ?? ''),
    text: text !== '' && countSegments(text).segments <= MAX_PARTS,
    client_ref: !('client_ref' in body) || (ref !== '' && ref.length <= 255),
    callback_url: !('callback_url' in body) || isHttpUrl(textField(body, 'callback_url') ?? ''),
    ttl: ttl === undefined || isTtl,
    dlt: dlt === undefined || isDlt(dlt),
  }
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name))
  return unknown ?? Object.keys(isGood).find((name) => isGood[name] === false) ?? null
}

function isDlt(dlt: unknown): boolean {
  if (!isRecord(dlt) || !('template_id' in dlt)) return false
  return Object.entries(dlt).every(
    ([name, id]) =>
      /^(template|entity)_id$/.test(name) && typeof id === 'string' && DLT_ID.test(id),
  )
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'rejected') return refused('no_credit')
  if (fault === 'throttled') return problem(429, 'slow down')
  return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal error' }
}

const REPORT_OF_STEP = {
  sent: { status: 'sent' },
  delivered: { status: 'delivered' },
  undelivered: { status: 'undeliverable', error: { code: 'unreachable' } },
} as const

function receipt(
  account: HttpAccount,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  if (message.receiptUrl === null) return null
  const body = JSON.stringify({
    reports: [
      {
        id: message.providerMessageId,
        ...(message.ref === null ? {} : { client_ref: message.ref }),
        ...REPORT_OF_STEP[step],
        at: new Date(at).toISOString(),
      },
    ],
  })
  const secret = forged ? randomBytes(16).toString('hex') : account.signatureSecret
  return {
    url: message.receiptUrl,
    headers: { 'content-type': 'application/json', 'x-signature': signHttpBody(secret, body) },
    body,
  }
}

/** `sha256=` and the HMAC-SHA256 of the body, in hex. */
export function signHttpBody(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body, 'utf8').digest('hex')}`
}
