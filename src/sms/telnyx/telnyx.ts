// Telnyx Messaging v2: JSON in, a message object out, receipts as signed webhooks. It takes neither a
// time to live nor a reference of ours, so the receipt URL carries the ref and a text that would wait
// in its queue is hedged. Source: Telnyx's OpenAPI (POST /messages, OutboundMessagePayload).

import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { endpoint } from '../endpoint.ts'
import {
  countAt,
  idAt,
  isRecord,
  type JsonRecord,
  listAt,
  parseRecord,
  recordAt,
  textAt,
} from '../json-fields.ts'
import type { FailureClass } from '../outcome-classes.ts'
import type {
  CallbackRefusal,
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  RawCallback,
  Receipt,
  SendOutcome,
  SmsAdapter,
} from '../provider.ts'
import { makeReceipt } from '../receipt.ts'
import { isSuccess, type Meaning, meaningOf, refusal, UNREADABLE } from '../refusal.ts'
import { TELNYX_CODES } from './codes.ts'
import { readTelnyxEvent } from './event.ts'
import { readTelnyxInbound } from './inbound.ts'
import { parseTelnyxPublicKey, type TelnyxPublicKey } from './signature.ts'

export const TELNYX_BASE_URL = 'https://api.telnyx.com'

export type TelnyxSettings = {
  readonly apiKey: string
  /** Of the account, base64: what its webhooks are signed for. */
  readonly publicKey: string
  /** A number with its plus, or a sender name, which needs a profile. */
  readonly from: string
  readonly messagingProfileId: string | undefined
  readonly baseUrl: string
}

const ACCEPTED = new Set(['queued', 'sending', 'sent'])

/** Statuses of a message they gave up, and what each means where no code says more. */
const FAILED: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  // It never left Telnyx.
  ['sending_failed', 'provider_transient'],
  ['delivery_failed', 'recipient_temporary'],
  ['expired', 'expired'],
])

/** A long code sends one text in ten seconds; what is told to wait longer is as good as late. */
const LONGEST_WAIT_SECONDS = 5

export function telnyx(settings: TelnyxSettings): SmsAdapter {
  const publicKey = parseTelnyxPublicKey(settings.publicKey)
  return {
    defaultSender: settings.from,
    hasReceipts: true,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse,
    readReceipts: (callback, now) => readReceipts(callback, publicKey, now),
    readInbound: (callback, now) => readTelnyxInbound(callback, publicKey, now),
  }
}

function buildRequest(message: OutboundMessage, settings: TelnyxSettings): ProviderRequest {
  const { messagingProfileId } = settings
  const body = {
    from: message.from,
    to: message.to,
    text: message.text,
    type: 'SMS',
    webhook_url: message.receiptUrl,
    // Otherwise the profile's URLs, made for something else, take the receipts.
    use_profile_webhooks: false,
    ...(messagingProfileId === undefined ? {} : { messaging_profile_id: messagingProfileId }),
  }
  return {
    method: 'POST',
    url: endpoint(settings.baseUrl, '/v2/messages'),
    headers: {
      authorization: `Bearer ${settings.apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body) ?? {}
  if (!isSuccess(response)) {
    const error = firstError(body)
    const failure = refusal(response, codeOf(error), TELNYX_CODES)
    // "Invalid number" of our own sender must not be held against the recipient.
    return failure.class === 'recipient_permanent' && isAboutSender(error)
      ? { class: 'provider_config', scope: 'country', code: failure.code }
      : failure
  }

  const data = recordAt(body, 'data') ?? {}
  const status = recipientStatus(data)
  const failure = failureOf(status, data)
  if (failure !== null) return failure
  const id = idAt(data, 'id')
  if (id === undefined || !ACCEPTED.has(status ?? '')) return UNREADABLE
  // Taken, but for later: it may still arrive, and the next provider is asked meanwhile.
  if (waitSeconds(data) > LONGEST_WAIT_SECONDS) return { class: 'ambiguous', code: 'queued_late' }
  const segments = countAt(data, 'parts') ?? 0
  return { class: 'accepted', providerMessageId: id, ...(segments > 0 ? { segments } : {}) }
}

async function readReceipts(
  callback: RawCallback,
  publicKey: TelnyxPublicKey | null,
  now: number,
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  const read = await readTelnyxEvent(callback, publicKey, now)
  if (!read.ok) return read
  const { type, data, payload } = read.value
  // The same URL may be given to other events, such as a reply.
  if (type !== 'message.sent' && type !== 'message.finalized') return ok([])

  const id = idAt(payload, 'id')
  const status = recipientStatus(payload)
  if (id === undefined || status === undefined) return err({ reason: 'malformed' })
  const event = eventOf(status, payload)
  if (event === null) return ok([])
  const at = parseInstant(textAt(data, 'occurred_at') ?? '')
  return ok([makeReceipt(id, event, undefined, at)])
}

/** Null for a status that is no news to us. */
function eventOf(status: string, payload: JsonRecord): Receipt['event'] | null {
  if (status === 'delivered') return { state: 'delivered' }
  // Unconfirmed: the carrier took it and never spoke of it again. That is what we know of "sent".
  if (status === 'sent' || status === 'delivery_unconfirmed') return { state: 'sent' }
  const failure = failureOf(status, payload)
  return failure === null ? null : { state: 'failed', class: failure.class, code: failure.code }
}

/** What a message object of a failed status says; null for every other status. */
function failureOf(
  status: string | undefined,
  message: JsonRecord,
): (Meaning & { readonly code: string }) | null {
  const fallback = status === undefined ? undefined : FAILED.get(status)
  if (status === undefined || fallback === undefined) return null
  const code = codeOf(firstError(message))
  return { ...meaningOf(TELNYX_CODES, code, fallback), code: code ?? status }
}

function recipientStatus(message: JsonRecord): string | undefined {
  const recipient = listAt(message, 'to')?.[0]
  return isRecord(recipient) ? textAt(recipient, 'status') : undefined
}

/** The first error whose code we know, else the first. */
function firstError(body: JsonRecord): JsonRecord {
  const errors = (listAt(body, 'errors') ?? []).filter(isRecord)
  return errors.find((error) => TELNYX_CODES.has(codeOf(error) ?? '')) ?? errors[0] ?? {}
}

function codeOf(error: JsonRecord): string | undefined {
  const code = countAt(error, 'code')
  return code === undefined ? undefined : String(code)
}

/** Errors name the field at fault by JSON pointer (`/from`) or, in a query, by parameter. */
function isAboutSender(error: JsonRecord): boolean {
  const source = recordAt(error, 'source') ?? {}
  return textAt(source, 'pointer') === '/from' || textAt(source, 'parameter') === 'from'
}

/** Seconds until they will send it, with a fraction; 0 where they do not say. */
function waitSeconds(data: JsonRecord): number {
  const wait = Object.hasOwn(data, 'wait_seconds') ? data.wait_seconds : undefined
  return typeof wait === 'number' ? wait : 0
}
