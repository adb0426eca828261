// AWS End User Messaging SMS (v2, SendTextMessage): JSON 1.0 under Signature Version 4. It takes no
// receipt URL: its events, and the texts of a two-way number, come by SNS topics set up in the account.
// Without a topic in the settings none is taken for true.
// Source: AWS's service model of PinpointSMSVoiceV2 and its reference of the same name.

import { AwsV4Signer } from 'aws4fetch'
import { ok, type Result } from '../../lib/result.ts'
import { formatInstant } from '../../lib/time.ts'
import { clamp, endpoint } from '../endpoint.ts'
import { idAt, isRecord, type JsonRecord, listAt, parseRecord, textAt } from '../json-fields.ts'
import type {
  CallbackRefusal,
  MessageTemplate,
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsAdapter,
} from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'
import { AWS_CODES } from './codes.ts'
import { readAwsEvent } from './events.ts'
import { readAwsInbound } from './inbound.ts'
import { createSnsReader, type SnsNotification, type SnsReading } from './sns.ts'
import type { SnsPorts } from './sns-fetch.ts'
import { parseTopicArn } from './sns-host.ts'

export type AwsSettings = SnsPorts & {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  /** A number, a sender name, a pool, or the ARN of one. */
  readonly originationIdentity: string
  /** Name or ARN of the set whose event destination is one of the topics. */
  readonly configurationSet: string | undefined
  /** Whose messages we take for true; what is no ARN of a topic is left out. */
  readonly topicArns: readonly string[]
  /** An origin in place of AWS's own, for SNS's certificates as well. */
  readonly baseUrl: string | undefined
  /** Epoch milliseconds; a signature holds for five minutes. */
  readonly now: () => number
}

const LONGEST_VALIDITY_SECONDS = 72 * 60 * 60

export function aws(settings: AwsSettings): SmsAdapter {
  // The signing key of a day takes four HMACs; kept, it takes none.
  const signingKeys = new Map<string, ArrayBuffer>()
  const topics = settings.topicArns.map(parseTopicArn).filter((topic) => topic !== null)
  const localOrigin = settings.baseUrl && new URL(endpoint(settings.baseUrl, '/')).origin
  const readSns = createSnsReader({
    topics,
    localOrigin,
    fetch: settings.fetch,
    after: settings.after,
  })
  return {
    defaultSender: settings.originationIdentity,
    // A topic may be there for replies only, and then a receipt would be waited for in vain.
    hasReceipts: topics.length > 0 && settings.configurationSet !== undefined,
    buildRequest: (message) => buildRequest(message, settings, signingKeys),
    readResponse,
    readReceipts: async (callback, now) => readOf(await readSns(callback, now), readAwsEvent),
    readInbound: async (callback, now) => readOf(await readSns(callback, now), readAwsInbound),
  }
}

/** What `read` makes of what was published, if anything was. */
function readOf<T>(
  sns: SnsReading,
  read: (notification: SnsNotification) => Result<readonly T[], CallbackRefusal>,
): Result<readonly T[], CallbackRefusal> {
  if (!sns.ok) return sns
  return sns.value === null ? ok([]) : read(sns.value)
}

/** Signs and no more: the library would also fetch, and then try ten times. */
async function buildRequest(
  message: OutboundMessage,
  settings: AwsSettings,
  signingKeys: Map<string, ArrayBuffer>,
): Promise<ProviderRequest> {
  const { region, configurationSet } = settings
  const url = endpoint(settings.baseUrl ?? `https://sms-voice.${region}.amazonaws.com`, '/')
  const body = JSON.stringify({
    DestinationPhoneNumber: message.to,
    OriginationIdentity: message.from,
    MessageBody: message.text,
    MessageType: 'TRANSACTIONAL',
    // Seconds; their own default is the longest, three days.
    TimeToLive: clamp(message.validitySeconds, 5, LONGEST_VALIDITY_SECONDS),
    // Comes back in the events; they take up to 800 characters without a space.
    Context: { ref: message.ref },
    // Without one, no event is published.
    ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    ...(message.template && { DestinationCountryParameters: countryParameters(message.template) }),
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
    region,
    datetime: formatInstant(settings.now()).replace(/[:-]|\.\d{3}/g, ''),
    cache: signingKeys,
  })
  const { headers } = await signer.sign()
  return { method: 'POST', url, headers: Object.fromEntries(headers), body }
}

/** India's registry alone is asked for; other countries take the text as it is. */
function countryParameters({ templateId, entityId }: MessageTemplate): Record<string, string> {
  return {
    IN_TEMPLATE_ID: templateId,
    ...(entityId === undefined ? {} : { IN_ENTITY_ID: entityId }),
  }
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
  if (failure.class === 'unclear' && isAboutRecipient(exception, body)) {
    return { ...failure, class: 'recipient_permanent' }
  }
  return exception === 'ResourceNotFoundException' && isAboutSender(body)
    ? { ...failure, scope: 'country' }
    : failure
}

/** The resource that is missing is one of those a text comes from; senders are set per country. */
function isAboutSender(body: JsonRecord): boolean {
  return ['phone-number', 'sender-id', 'pool'].includes(textAt(body, 'ResourceType') ?? '')
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
