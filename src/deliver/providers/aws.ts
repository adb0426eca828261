// AWS End User Messaging SMS (v2, SendTextMessage): JSON 1.0 under Signature Version 4. It takes no
// receipt URL: its events come by a destination set up in the account (SNS, EventBridge, Firehose), and
// we hold no secret they could be known by. So it has no receipts here and takes none for true.
// Source: AWS's service model of PinpointSMSVoiceV2 and its reference of the same name.

import { AwsV4Signer } from 'aws4fetch'
import { err } from '../../lib/result.ts'
import { formatInstant } from '../../lib/time.ts'
import { AWS_CODES } from './aws-codes.ts'
import { clamp, endpoint } from './endpoint.ts'
import { idAt, isRecord, type JsonRecord, listAt, parseRecord, textAt } from './json-fields.ts'
import type {
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsProvider,
} from './provider.ts'
import { isSuccess, refusal, UNREADABLE } from './refusal.ts'

export type AwsSettings = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  /** A number, a sender name, a pool, or the ARN of one. */
  readonly originationIdentity: string
  readonly baseUrl: string
  /** Epoch milliseconds; a signature holds for five minutes. */
  readonly now: () => number
}

const LONGEST_VALIDITY_SECONDS = 72 * 60 * 60

export function awsBaseUrl(region: string): string {
  return `https://sms-voice.${region}.amazonaws.com`
}

export function aws(settings: AwsSettings): SmsProvider {
  // The signing key of a day takes four HMACs; kept, it takes none.
  const signingKeys = new Map<string, ArrayBuffer>()
  return {
    name: 'aws',
    defaultSender: settings.originationIdentity,
    hasReceipts: false,
    buildRequest: (message) => buildRequest(message, settings, signingKeys),
    readResponse,
    readReceipts: async () => err({ reason: 'unsigned' }),
    readInbound: async () => err({ reason: 'unsigned' }),
  }
}

/** Signs and no more: the library would also fetch, and then try ten times. */
async function buildRequest(
  message: OutboundMessage,
  settings: AwsSettings,
  signingKeys: Map<string, ArrayBuffer>,
): Promise<ProviderRequest> {
  const url = endpoint(settings.baseUrl, '/')
  const body = JSON.stringify({
    DestinationPhoneNumber: message.to,
    OriginationIdentity: message.from,
    MessageBody: message.text,
    MessageType: 'TRANSACTIONAL',
    // Seconds; their own default is the longest, three days.
    TimeToLive: clamp(message.validitySeconds, 5, LONGEST_VALIDITY_SECONDS),
    // Comes back in the account's events, for whoever reads those.
    Context: { ref: message.ref },
  })
  const signer = new AwsV4Signer({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
    },
    body,
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
    service: 'sms-voice',
    region: settings.region,
    datetime: formatInstant(settings.now()).replace(/[:-]|\.\d{3}/g, ''),
    cache: signingKeys,
  })
  const { headers } = await signer.sign()
  return { method: 'POST', url, headers: Object.fromEntries(headers), body }
}

function readResponse(response: ProviderResponse): SendOutcome {
  const body = parseRecord(response.body) ?? {}
  if (isSuccess(response)) {
    const id = idAt(body, 'MessageId')
    return id === undefined ? UNREADABLE : { class: 'accepted', providerMessageId: id }
  }
  const exception = exceptionName(response, body)
  const reason = textAt(body, 'Reason')?.match(/^[A-Z_]{1,64}$/)?.[0]
  const code = [reason, exception].find((name) => AWS_CODES.has(name ?? '')) ?? reason ?? exception
  const failure = refusal(response, code, AWS_CODES)
  return failure.class === 'message_rejected' && isAboutRecipient(exception, body)
    ? { class: 'recipient_permanent', code: failure.code }
    : failure
}

/**
 * `ThrottlingException` of `com.amazonaws.…#ThrottlingException`, or of a header that goes on with a
 * colon and a URL (Smithy's AWS JSON 1.0 protocol, "operation error serialization").
 */
function exceptionName(response: ProviderResponse, body: JsonRecord): string | undefined {
  const type = textAt(body, '__type') ?? response.headers['x-amzn-errortype'] ?? ''
  return /^(?:[\w.]{1,200}#)?([A-Za-z]{1,64})(?::|$)/.exec(type)?.[1]
}

/** The number, and nothing else of the request, failed their validation. */
function isAboutRecipient(exception: string | undefined, body: JsonRecord): boolean {
  const fields = listAt(body, 'Fields') ?? []
  return (
    exception === 'ValidationException' &&
    fields.length > 0 &&
    fields.every((field) => isRecord(field) && field.Name === 'DestinationPhoneNumber')
  )
}
