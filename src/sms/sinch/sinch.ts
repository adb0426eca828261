// Sinch SMS (XMS v1): one batch of one text in, a batch id out, a signed report per recipient. Its time
// to live is an instant, so this adapter alone asks the clock. Refuses no report it cannot use: Sinch
// drops what is answered 4xx. Source: Sinch's OpenAPI of the SMS API (POST /xms/v1/{plan}/batches).

import { fromUtf8, utf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { DAY_MS, formatInstant, parseInstant, SECOND_MS } from '../../lib/time.ts'
import { clamp, endpoint } from '../endpoint.ts'
import { countAt, idAt, type JsonRecord, parseRecord, textAt } from '../json-fields.ts'
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
import { isSuccess, meaningOf, refusal, UNREADABLE } from '../refusal.ts'
import { SINCH_REFUSALS, SINCH_REPORTS } from './codes.ts'
import { readSinchInbound } from './inbound.ts'
import { type SinchSecret, verifySinchCallback } from './signature.ts'

/** The other regions have hosts of their own: eu, br, au, ca. */
export const SINCH_BASE_URL = 'https://us.sms.api.sinch.com'

export type SinchSettings = {
  readonly servicePlanId: string
  readonly apiToken: string
  /** Of the service plan: what its callbacks are signed with. */
  readonly callbackSecret: string
  readonly from: string
  readonly baseUrl: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

const LONGEST_VALIDITY_SECONDS = (3 * DAY_MS) / SECOND_MS

/** Final statuses without delivery, and what each means where no code says more. */
const FAILED: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ['Aborted', 'unclear'],
  ['Cancelled', 'unclear'],
  ['Rejected', 'unclear'],
  // By the carrier, perhaps for a number that is none or has opted out, perhaps not.
  ['Deleted', 'recipient_temporary'],
  ['Failed', 'recipient_temporary'],
  ['Expired', 'expired'],
])

export function sinch(settings: SinchSettings): SmsAdapter {
  const secret = utf8(settings.callbackSecret)
  return {
    defaultSender: settings.from,
    hasReceipts: true,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse,
    readReceipts: (callback, now) => readReceipts(callback, secret, now),
    readInbound: (callback, now) => readSinchInbound(callback, secret, now),
  }
}

function buildRequest(message: OutboundMessage, settings: SinchSettings): ProviderRequest {
  const validitySeconds = clamp(message.validitySeconds, 1, LONGEST_VALIDITY_SECONDS)
  const body = {
    to: [message.to],
    from: message.from,
    body: message.text,
    type: 'mt_text',
    // Their default is no report at all.
    delivery_report: 'per_recipient',
    callback_url: message.receiptUrl,
    client_reference: message.ref,
    expire_at: formatInstant(settings.now() + validitySeconds * SECOND_MS),
  }
  const plan = encodeURIComponent(settings.servicePlanId)
  return {
    method: 'POST',
    url: endpoint(settings.baseUrl, `/xms/v1/${plan}/batches`),
    headers: {
      authorization: `Bearer ${settings.apiToken}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body) ?? {}
  if (!isSuccess(response)) return refusal(response, refusalCode(body), SINCH_REFUSALS)
  const id = idAt(body, 'id')
  // A batch that somebody has cancelled meanwhile goes nowhere.
  return id === undefined || body.canceled === true
    ? UNREADABLE
    : { class: 'accepted', providerMessageId: id }
}

async function readReceipts(
  callback: RawCallback,
  secret: SinchSecret,
  now: number,
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  const verified = await verifySinchCallback(callback, secret, now)
  if (!verified.ok) return verified

  const body = parseRecord(fromUtf8(callback.body) ?? '') ?? {}
  const type = textAt(body, 'type')
  if (type === undefined) return err({ reason: 'malformed' })
  // Replies and summaries may be sent to the same URL; a summary names no recipient.
  if (type !== 'recipient_delivery_report_sms') return ok([])

  const id = idAt(body, 'batch_id')
  const status = textAt(body, 'status')
  if (id === undefined || status === undefined) return err({ reason: 'malformed' })
  const event = eventOf(status, countAt(body, 'code'))
  if (event === null) return ok([])
  const ref = textAt(body, 'client_reference')
  // When Sinch wrote it: the operator's own instant comes in whole minutes, mostly before we sent.
  const at = parseInstant(textAt(body, 'at') ?? '')
  return ok([makeReceipt(id, event, ref, at)])
}

/** Null for a status that is no news to us: what is queued was accepted before. */
function eventOf(status: string, code: number | undefined): Receipt['event'] | null {
  if (status === 'Delivered') return { state: 'delivered' }
  // Unknown: the carrier has it, and no report came that Sinch understood.
  if (status === 'Dispatched' || status === 'Unknown') return { state: 'sent' }
  const fallback = FAILED.get(status)
  if (fallback === undefined) return null
  // 0 is "no error": no more than the status says.
  const known = code === undefined || code === 0 ? undefined : String(code)
  return {
    state: 'failed',
    class: meaningOf(SINCH_REPORTS, known, fallback).class,
    code: known ?? status,
  }
}

/** A name such as `syntax_invalid_json`; what stands beside it in `text` is prose. */
function refusalCode(body: JsonRecord): string | undefined {
  const code = textAt(body, 'code')
  return code !== undefined && /^[a-z][a-z_]{2,63}$/.test(code) ? code : undefined
}
