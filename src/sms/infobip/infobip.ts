// Infobip SMS API v3. Its 200 proves nothing: a rejected message comes in a 200 too, so the status
// group inside decides. Source: Infobip's OpenAPI (SMS, POST /sms/3/messages).

import { clamp, endpoint, withoutPlus } from '../endpoint.ts'
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
import { keyedReceiptUrl } from '../keyed-callback.ts'
import type {
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsAdapter,
} from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'
import { readInfobipInbound } from './inbound.ts'
import { infobipFailure, readInfobipReceipts } from './receipts.ts'

export type InfobipSettings = {
  /** Every account has its own: `https://xxxxx.api.infobip.com`. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly from: string
  /** Keys the receipt URLs; also the password of a subscription's Basic credentials. */
  readonly receiptSecret: string
}

const ACCEPTED = new Set(['PENDING', 'ACCEPTED', 'DELIVERED'])
const REFUSED = new Set(['REJECTED', 'UNDELIVERABLE', 'EXPIRED'])
const LONGEST_VALIDITY_SECONDS = 48 * 60 * 60

export function infobip(settings: InfobipSettings): SmsAdapter {
  return {
    defaultSender: settings.from,
    hasReceipts: true,
    buildRequest: (message) => buildRequest(message, settings),
    readResponse,
    readReceipts: (callback) => readInfobipReceipts(callback, settings.receiptSecret),
    readInbound: (callback) => readInfobipInbound(callback, settings.receiptSecret),
  }
}

async function buildRequest(
  message: OutboundMessage,
  settings: InfobipSettings,
): Promise<ProviderRequest> {
  const body = {
    messages: [
      {
        sender: withoutPlus(message.from),
        // An id of ours makes a repeated request harmless: they refuse an id they know.
        destinations: [{ to: withoutPlus(message.to), messageId: message.ref }],
        content: { text: message.text },
        options: {
          // Without the unit they take it for minutes.
          validityPeriod: {
            amount: clamp(message.validitySeconds, 1, LONGEST_VALIDITY_SECONDS),
            timeUnit: 'SECONDS',
          },
          ...(message.template && {
            regional: {
              indiaDlt: {
                contentTemplateId: message.template.templateId,
                principalEntityId: message.template.entityId,
              },
            },
          }),
        },
        webhooks: {
          delivery: {
            url: await keyedReceiptUrl(message.receiptUrl, message.ref, settings.receiptSecret),
            // "With the operator" is no news worth a row: the final report is.
            intermediateReport: false,
          },
          contentType: 'application/json',
          callbackData: message.ref,
        },
      },
    ],
    options: { includeSmsCountInResponse: true },
  }
  return {
    method: 'POST',
    url: endpoint(settings.baseUrl, '/sms/3/messages'),
    headers: {
      authorization: `App ${settings.apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(body),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body)
  if (!isSuccess(response)) return refusal(response, errorCode(body), new Map())

  const message = listAt(body ?? {}, 'messages')?.[0]
  const status = isRecord(message) ? recordAt(message, 'status') : undefined
  if (!isRecord(message) || status === undefined) return UNREADABLE
  const groupName = textAt(status, 'groupName') ?? ''
  if (REFUSED.has(groupName)) return infobipFailure(status, recordAt(message, 'error'))
  const messageId = idAt(message, 'messageId')
  if (messageId === undefined || !ACCEPTED.has(groupName)) return UNREADABLE
  const segments = countAt(recordAt(message, 'details') ?? {}, 'messageCount') ?? 0
  return {
    class: 'accepted',
    providerMessageId: messageId,
    ...(segments > 0 ? { segments } : {}),
  }
}

/** `E400` and the like: no more than the HTTP status, which is what decides. */
function errorCode(body: JsonRecord | null): string | undefined {
  const code = textAt(body ?? {}, 'errorCode')
  return code !== undefined && /^E\d{3}$/.test(code) ? code : undefined
}
