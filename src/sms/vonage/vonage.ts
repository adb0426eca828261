// Vonage Messages API v1, SMS only: JSON in, a uuid out, receipts as signed webhooks. Not the older
// SMS API, whose units and errors differ. Source: Vonage's OpenAPI of the Messages API (1.20).

import { fromUtf8 } from '../../lib/base64.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { parseInstant } from '../../lib/time.ts'
import { basicAuthorization, clamp, endpoint, withoutPlus } from '../endpoint.ts'
import { countAt, idAt, type JsonRecord, parseRecord, recordAt, textAt } from '../json-fields.ts'
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
import { VONAGE_CODES } from './codes.ts'
import { readVonageInbound } from './inbound.ts'
import { verifyVonageCallback } from './signature.ts'

export const VONAGE_BASE_URL = 'https://api.nexmo.com'

export type VonageSettings = {
  readonly apiKey: string
  readonly apiSecret: string
  /** Of the account, not of an application: what its webhooks are signed with. */
  readonly signatureSecret: string
  readonly from: string
  readonly baseUrl: string
}

const LONGEST_CLIENT_REF = 100

export function vonage(settings: VonageSettings): SmsAdapter {
  return {
    defaultSender: settings.from,
    hasReceipts: true,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse,
    readReceipts: (callback, now) => readReceipts(callback, settings, now),
    readInbound: (callback, now) => readVonageInbound(callback, settings, now),
  }
}

function buildRequest(message: OutboundMessage, settings: VonageSettings): ProviderRequest {
  const body = {
    message_type: 'text',
    channel: 'sms',
    to: withoutPlus(message.to),
    from: withoutPlus(message.from),
    text: message.text,
    // Seconds; they take 20 to 604,800.
    ttl: clamp(message.validitySeconds, 20, 604_800),
    webhook_url: message.receiptUrl,
    webhook_version: 'v1',
    sms: {
      encoding_type: 'auto',
      ...(message.template && {
        content_id: message.template.templateId,
        entity_id: message.template.entityId,
      }),
    },
    // A ref that does not fit is not cut: the receipt URL has it whole.
    ...(message.ref.length <= LONGEST_CLIENT_REF ? { client_ref: message.ref } : {}),
  }
  return {
    method: 'POST',
    url: endpoint(settings.baseUrl, '/v1/messages'),
    headers: {
      authorization: basicAuthorization(settings.apiKey, settings.apiSecret),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body) ?? {}
  if (!isSuccess(response)) return refusal(response, errorCode(body), VONAGE_CODES)
  const uuid = idAt(body, 'message_uuid')
  return uuid === undefined ? UNREADABLE : { class: 'accepted', providerMessageId: uuid }
}

async function readReceipts(
  callback: RawCallback,
  settings: VonageSettings,
  now: number,
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  const verified = await verifyVonageCallback(callback, settings, now)
  if (!verified.ok) return verified

  const body = parseRecord(fromUtf8(callback.body) ?? '') ?? {}
  const uuid = idAt(body, 'message_uuid')
  const status = textAt(body, 'status')
  if (uuid === undefined || status === undefined) return err({ reason: 'malformed' })
  const event = eventOf(status, recordAt(body, 'error'))
  if (event === null) return ok([])
  const ref = textAt(body, 'client_ref')
  const at = parseInstant(textAt(body, 'timestamp') ?? '')
  return ok([makeReceipt(uuid, event, ref, at)])
}

/** Null for a status that is no news to us. */
function eventOf(status: string, error: JsonRecord | undefined): Receipt['event'] | null {
  if (status === 'submitted') return { state: 'sent' }
  if (status === 'delivered' || status === 'read') return { state: 'delivered' }
  if (status !== 'rejected' && status !== 'undeliverable') return null
  const code = errorCode(error ?? {})
  // Without a code we know: "undeliverable" is Vonage not reaching its carrier, "rejected" the rest.
  const fallback = status === 'undeliverable' ? 'provider_transient' : 'unclear'
  return {
    state: 'failed',
    class: meaningOf(VONAGE_CODES, code, fallback).class,
    code: code ?? status,
  }
}

/** `…/api-errors/messages#1120` → `1120`; else a `title` that is a number, as text or not. */
function errorCode(error: JsonRecord): string | undefined {
  const fragment = /#([a-z0-9-]{1,40})$/.exec(textAt(error, 'type') ?? '')?.[1]
  // One of their own examples misspells a name; the HTTP status stands for what we do not know.
  if (fragment !== undefined) return fragment
  const title = countAt(error, 'title')
  return title === undefined ? undefined : String(title)
}
