// Twilio Programmable Messaging (API 2010-04-01): one form in, JSON out, form receipts signed over
// URL and fields. Refuses receipts of another account. Sources: Twilio's OpenAPI (twilio_api_v2010)
// and https://www.twilio.com/docs/messaging/api/message-resource

import { err, ok, type Result } from '../../lib/result.ts'
import { basicAuthorization, clamp, endpoint } from '../endpoint.ts'
import { countAt, idAt, type JsonRecord, parseRecord, textAt } from '../json-fields.ts'
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
import { isSuccess, meaningOf, refusal, UNREADABLE } from '../refusal.ts'
import { TWILIO_CODES } from './codes.ts'
import { readTwilioInbound } from './inbound.ts'
import { hasTwilioSignature } from './signature.ts'

export const TWILIO_BASE_URL = 'https://api.twilio.com'

export type TwilioSettings = {
  readonly accountSid: string
  /** The primary one: receipts are signed with it. */
  readonly authToken: string
  /** A number, a sender name, or the `MG…` of a Messaging Service. */
  readonly from: string
  readonly baseUrl: string
}

const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/
const ACCEPTED = new Set(['queued', 'accepted', 'sending', 'sent', 'scheduled'])

export function twilio(settings: TwilioSettings): SmsAdapter {
  return {
    defaultSender: settings.from,
    hasReceipts: true,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse,
    readReceipts: (callback) => readReceipts(callback, settings),
    readInbound: (callback) => readTwilioInbound(callback, settings),
  }
}

/**
 * Only what every account may send. ContentRetention and AddressRetention need a feature switched
 * on; RiskCheck=disable would lift the account's own guard against SMS pumping, and a text that
 * guard stops goes out by the next provider anyway.
 */
function buildRequest(message: OutboundMessage, settings: TwilioSettings): ProviderRequest {
  const path = `/2010-04-01/Accounts/${settings.accountSid}/Messages.json`
  const sender = MESSAGING_SERVICE.test(message.from) ? 'MessagingServiceSid' : 'From'
  const form = new URLSearchParams({
    To: message.to,
    [sender]: message.from,
    Body: message.text,
    StatusCallback: message.receiptUrl,
    // Seconds, 1 to 36,000; their own default is those ten hours.
    ValidityPeriod: String(clamp(message.validitySeconds, 1, 36_000)),
    Attempt: String(message.attempt),
  })
  return {
    method: 'POST',
    url: endpoint(settings.baseUrl, path),
    headers: {
      authorization: basicAuthorization(settings.accountSid, settings.authToken),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: form.toString(),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body)
  if (!isSuccess(response)) return refusal(response, codeAt(body, 'code'), TWILIO_CODES)
  if (body === null) return UNREADABLE

  const status = textAt(body, 'status') ?? ''
  const code = codeAt(body, 'error_code')
  if (code !== undefined || isFailed(status)) {
    return {
      ...meaningOf(TWILIO_CODES, code, 'unclear'),
      code: code ?? status,
    }
  }
  const sid = idAt(body, 'sid')
  if (sid === undefined || !ACCEPTED.has(status)) return UNREADABLE
  // "0" while a Messaging Service has not chosen its sender yet: not known, rather than none.
  const segments = countAt(body, 'num_segments') ?? 0
  return {
    class: 'accepted',
    providerMessageId: sid,
    ...(segments > 0 ? { segments } : {}),
  }
}

async function readReceipts(
  callback: RawCallback,
  settings: TwilioSettings,
): Promise<Result<readonly Receipt[], CallbackRefusal>> {
  if (!(await hasTwilioSignature(callback, settings.authToken))) return err({ reason: 'unsigned' })

  const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(callback.body)))
  const sid = idAt(form, 'MessageSid') ?? idAt(form, 'SmsSid')
  const status = textAt(form, 'MessageStatus') ?? textAt(form, 'SmsStatus')
  if (sid === undefined || status === undefined || form.AccountSid !== settings.accountSid) {
    return err({ reason: 'malformed' })
  }
  const event = eventOf(status, codeAt(form, 'ErrorCode'))
  // RawDlrDoneDate has neither zone nor seconds, so the carrier's instant is not known.
  return ok(event === null ? [] : [{ providerMessageId: sid, event }])
}

/** Null for states that are no news: what was queued or is being sent has been accepted before. */
function eventOf(status: string, code: string | undefined): Receipt['event'] | null {
  if (status === 'sent') return { state: 'sent' }
  if (status === 'delivered' || status === 'read') return { state: 'delivered' }
  if (!isFailed(status)) return null
  // Without a code: "undelivered" was with a carrier, "failed" and "canceled" never left Twilio.
  const fallback = status === 'undelivered' ? 'recipient_temporary' : 'unclear'
  return {
    state: 'failed',
    class: meaningOf(TWILIO_CODES, code, fallback).class,
    code: code ?? status,
  }
}

function isFailed(status: string): boolean {
  return status === 'failed' || status === 'undelivered' || status === 'canceled'
}

function codeAt(body: JsonRecord | null, name: string): string | undefined {
  const code = body === null ? undefined : countAt(body, name)
  return code === undefined || code === 0 ? undefined : String(code)
}
