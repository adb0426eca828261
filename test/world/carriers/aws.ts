// AWS End User Messaging SMS, API version 2022-03-31, SendTextMessage only, as the vendor's service
// model and reference say. Stricter than the vendor: an unknown field is refused, a number without a
// plus is, and a sender must be named. Events go to one SNS topic, by its one HTTPS subscription.

import { randomUUID } from 'node:crypto'
import {
  type CarrierFault,
  type CarrierProtocol,
  mediaType,
  NOTHING_SEEN,
  type OutgoingMessage,
  type ReceiptStep,
  type Seen,
  type Verdict,
  type WireAnswer,
  type WireRequest,
} from '../carrier-protocol.ts'
import { isRecord, parseJson, textField } from '../json.ts'
import { countSegments } from '../segments.ts'
import { type AwsAccount, signatureFault } from './aws-signature.ts'
import { forgersKey, SNS_KEY, signSns, snsAnswer, snsNotification, snsRequest } from './aws-sns.ts'

/** A configuration set of the account, its event destination, and who is subscribed to that. */
export type AwsEvents = {
  readonly configurationSet: string
  readonly topicArn: string
  /** The HTTPS subscription's endpoint: always this one, whatever the message. */
  readonly endpoint: () => string
}

type Field = { readonly Name: string; readonly Message: string }
type Rule = {
  readonly type: 'string' | 'number' | 'boolean' | 'map'
  readonly max?: number
  readonly pattern?: RegExp
}

const TARGET = 'PinpointSMSVoiceV2.SendTextMessage'
const MEDIA_TYPE = 'application/x-amz-json-1.0'
const NAME = /^[A-Za-z0-9_:/-]+$/
const RULES: Readonly<Record<string, Rule>> = {
  DestinationPhoneNumber: { type: 'string', max: 20, pattern: /^\+[1-9]\d{1,18}$/ },
  OriginationIdentity: { type: 'string', max: 256, pattern: /^[A-Za-z0-9_:/+-]+$/ },
  MessageBody: { type: 'string', max: 1600, pattern: /^(?!\s*$)[\s\S]+$/ },
  MessageType: { type: 'string', pattern: /^(TRANSACTIONAL|PROMOTIONAL)$/ },
  Keyword: { type: 'string', max: 30, pattern: /^[ \S]+$/ },
  ConfigurationSetName: { type: 'string', max: 256, pattern: NAME },
  ProtectConfigurationId: { type: 'string', max: 256, pattern: NAME },
  MaxPrice: { type: 'string', max: 8, pattern: /^\d{0,2}\.\d{1,5}$/ },
  TimeToLive: { type: 'number' },
  Context: { type: 'map', max: 5, pattern: /^[^\s=]{1,100}=\S{1,800}$/ },
  DestinationCountryParameters: {
    type: 'map',
    max: 10,
    pattern: /^IN_(TEMPLATE|ENTITY)_ID=\S{1,64}$/,
  },
  DryRun: { type: 'boolean' },
  MessageFeedbackEnabled: { type: 'boolean' },
}
const REQUIRED = ['DestinationPhoneNumber', 'OriginationIdentity', 'MessageBody']
const TIME_TO_LIVE_SECONDS = { min: 5, max: 259_200 }

/** Stand-ins for the refusals the vendor names; the numbers are Twilio's test ones. */
const MAGIC_TO: Readonly<Record<string, string>> = {
  '+15005550002': 'NO_ORIGINATION_IDENTITIES_FOUND',
  '+15005550003': 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
  '+15005550004': 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
}

export function createAwsProtocol(
  account: AwsAccount,
  events: AwsEvents | null = null,
): CarrierProtocol<'aws'> {
  return {
    name: 'aws',
    judge: (request, at) => judge(account, events, request, at),
    elsewhere: snsAnswer,
    // The operation has no idempotency token: the same request twice is two messages.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) =>
      events === null ? null : receipt(events, message, step, at, forged),
  }
}

function answerWith(status: number, value: unknown): WireAnswer {
  return {
    status,
    headers: { 'content-type': MEDIA_TYPE, 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(value),
  }
}

/** The framework's own refusals write `message` small; they come before the service sees a call. */
const frameworkProblem = (type: string, message: string) =>
  answerWith(400, { __type: `com.amazon.coral.service#${type}`, message })

/** Every modelled exception is a 400 in this protocol; the type tells them apart. */
const problem = (type: string, fields: Readonly<Record<string, unknown>>, status = 400) =>
  answerWith(status, { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, ...fields })

function invalid(fields: readonly Field[], reason: string): WireAnswer {
  const Message = fields.map((field) => field.Message).join('; ')
  return problem('ValidationException', { Message, Reason: reason, Fields: fields })
}

function judge(
  account: AwsAccount,
  events: AwsEvents | null,
  request: WireRequest,
  at: number,
): Verdict {
  const refuse = (answer: WireAnswer, refusal: string, seen: Seen = NOTHING_SEEN) => ({
    answer,
    messages: [],
    refusal,
    seen,
  })
  if (request.target !== '/' || request.method !== 'POST' || mediaType(request) !== MEDIA_TYPE) {
    const body = '<UnknownOperationException/>\n'
    return refuse({ status: 404, headers: { 'content-type': 'text/xml' }, body }, 'no such call')
  }
  if (request.headers['x-amz-target'] !== TARGET) {
    return refuse(frameworkProblem('UnknownOperationException', ''), 'unknown X-Amz-Target')
  }
  const fault = signatureFault(account, request, at)
  if (fault !== null) {
    return refuse(frameworkProblem(fault.type, fault.message), `${fault.type}: ${fault.message}`)
  }
  const body = parseJson(request.body)
  if (!isRecord(body)) {
    return refuse(frameworkProblem('SerializationException', ''), 'the body is no JSON object')
  }
  const seen = seenIn(body)
  const mistyped = Object.keys(body).filter((name) => !hasType(body[name], RULES[name]))
  if (mistyped.length > 0) {
    const message = `Wrong type: ${mistyped.join(', ')}`
    return refuse(frameworkProblem('SerializationException', message), message, seen)
  }
  const missing = REQUIRED.filter((name) => !(name in body))
  if (missing.length > 0) {
    const fields = missing.map((name) => ({ Name: name, Message: `${name} is missing` }))
    return refuse(invalid(fields, 'MISSING_PARAMETER'), `missing: ${missing.join(', ')}`, seen)
  }
  const fields = faultsOf(body)
  if (fields.length > 0) {
    const refusal = fields.map(({ Message }) => Message).join('; ')
    return refuse(invalid(fields, 'FIELD_VALIDATION_FAILED'), refusal, seen)
  }
  if (seen.to === '+15005550001') {
    const field = { Name: 'DestinationPhoneNumber', Message: 'The phone number is not valid' }
    return refuse(invalid([field], 'INVALID_PARAMETER'), field.Message, seen)
  }
  const reason = MAGIC_TO[seen.to ?? '']
  if (reason !== undefined) {
    const answer = problem('ConflictException', { Message: 'Conflict', Reason: reason })
    return refuse(answer, reason, seen)
  }

  const configurationSet = textField(body, 'ConfigurationSetName')
  if (configurationSet !== null && configurationSet !== events?.configurationSet) {
    const fields = { ResourceType: 'configuration-set', ResourceId: configurationSet }
    const answer = problem('ResourceNotFoundException', { Message: 'Not found', ...fields })
    return refuse(answer, `unknown configuration set ${configurationSet}`, seen)
  }

  const message: OutgoingMessage = {
    providerMessageId: randomUUID(),
    from: seen.from ?? '',
    to: seen.to ?? '',
    text: seen.text ?? '',
    ref: seen.ref,
    // Without a configuration set, an event has no destination.
    receiptUrl: configurationSet === null || events === null ? null : events.endpoint(),
    wantsIntermediateReceipts: true,
    validitySeconds: seen.validitySeconds,
    acceptedAt: at,
    extra: {
      context: JSON.stringify(body.Context ?? {}),
      type: textField(body, 'MessageType') ?? 'TRANSACTIONAL',
      origin: `http://${request.headers.host}`,
    },
  }
  const answer = answerWith(200, { MessageId: message.providerMessageId })
  // A dry run is answered like a message, and nothing leaves.
  return { answer, messages: body.DryRun === true ? [] : [message], refusal: null, seen }
}

function seenIn(body: Readonly<Record<string, unknown>>): Seen {
  return {
    from: textField(body, 'OriginationIdentity'),
    to: textField(body, 'DestinationPhoneNumber'),
    text: textField(body, 'MessageBody'),
    ref: isRecord(body.Context) ? textField(body.Context, 'ref') : null,
    receiptUrl: null,
    validitySeconds: typeof body.TimeToLive === 'number' ? body.TimeToLive : null,
  }
}

/** Unknown fields have every type: they are refused by name. */
function hasType(value: unknown, rule: Rule | undefined): boolean {
  if (rule === undefined) return true
  if (rule.type !== 'map') return typeof value === rule.type
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
}

function faultsOf(body: Readonly<Record<string, unknown>>): Field[] {
  return Object.entries(body).flatMap(([name, value]) => {
    const why = faultOf(RULES[name], value)
    return why === null ? [] : [{ Name: name, Message: `${name} ${why}` }]
  })
}

function faultOf(rule: Rule | undefined, value: unknown): string | null {
  if (rule === undefined) return 'is unknown'
  const { max = Number.POSITIVE_INFINITY, pattern = /^/ } = rule
  if (typeof value === 'string') {
    if ([...value].length > max) return `has more than ${max} characters`
    return pattern.test(value) ? null : `does not match ${pattern.source}`
  }
  if (typeof value === 'number') {
    const good = value >= TIME_TO_LIVE_SECONDS.min && value <= TIME_TO_LIVE_SECONDS.max
    return good && Number.isInteger(value) ? null : 'must be from 5 to 259200 whole seconds'
  }
  if (!isRecord(value)) return null
  const pairs = Object.entries(value).map(([key, text]) => `${key}=${text}`)
  if (pairs.length > max) return `has more than ${max} entries`
  return pairs.every((pair) => pattern.test(pair)) ? null : 'has an entry out of shape'
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'server-error') {
    const Message = 'An internal error occurred.'
    return problem('InternalServerException', { Message, RequestId: randomUUID() }, 500)
  }
  if (fault === 'throttled') return problem('ThrottlingException', { Message: 'Rate exceeded' })
  return problem('ServiceQuotaExceededException', {
    Message: 'The monthly spend limit is reached.',
    Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
  })
}

/** Event types by what happened; the vendor calls each of them final. */
const EVENT_OF_STEP = {
  sent: ['SUCCESSFUL', 'Message has been accepted by phone carrier'],
  delivered: ['DELIVERED', 'Message has been accepted by phone'],
  undelivered: ['UNREACHABLE', 'Phone is currently unreachable/unavailable'],
} as const

function receipt(
  events: AwsEvents,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  const { receiptUrl, extra } = message
  if (receiptUrl === null) return null
  const [messageStatus, messageStatusDescription] = EVENT_OF_STEP[step]
  const { encoding, segments } = countSegments(message.text)
  const event = {
    eventType: `TEXT_${messageStatus}`,
    eventVersion: '1.0',
    eventTimestamp: at,
    isFinal: true,
    originationPhoneNumber: message.from,
    destinationPhoneNumber: message.to,
    isInternationalSend: false,
    messageId: message.providerMessageId,
    messageRequestTimestamp: message.acceptedAt,
    messageEncoding: encoding === 'UCS-2' ? 'Unicode' : 'GSM',
    messageType: extra.type,
    messageStatus,
    messageStatusDescription,
    context: parseJson(extra.context ?? '{}'),
    totalMessageParts: segments,
    totalMessagePrice: 0.00581,
    totalCarrierFee: 0.003,
  }
  const topic = { topicArn: events.topicArn, snsOrigin: extra.origin ?? '' }
  const fields = snsNotification(topic, JSON.stringify(event), at)
  return snsRequest(receiptUrl, signSns(fields, forged ? forgersKey() : SNS_KEY))
}
