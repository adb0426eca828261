// Twilio Programmable Messaging, API 2010-04-01, as its OpenAPI description and error pages say.
// Stricter than the vendor in one point: an unknown field is refused, so that a misspelt one shows.

import { createHmac, randomBytes } from 'node:crypto'
import {
  basicCredentials,
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
import { isHttpUrl } from '../json.ts'
import { countSegments } from '../segments.ts'

export type TwilioAccount = { readonly accountSid: string; readonly authToken: string }

const FIELDS = new Set(
  `To From FallbackFrom MessagingServiceSid Body MediaUrl ContentSid ContentVariables StatusCallback
  ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention
  AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType SendAt
  SendAsMms RiskCheck Tags`.split(/\s+/),
)

/** The vendor's test numbers: what sending to or from them answers (test credentials page). */
const MAGIC_TO: Readonly<Record<string, readonly [number, string]>> = {
  '+15005550001': [21211, "Invalid 'To' Phone Number: +1500555XXXX"],
  '+15005550002': [
    21612,
    "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
  ],
  '+15005550003': [
    21408,
    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
  ],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
}
const MAGIC_FROM: Readonly<Record<string, readonly [number, string]>> = {
  '+15005550001': [21212, "The 'From' number is not a valid phone number or sender"],
  '+15005550007': [21606, "The 'From' phone number is not SMS-capable for your account"],
  '+15005550008': [21611, "This 'From' number has exceeded the maximum number of queued messages"],
}

const E164 = /^\+[1-9]\d{6,14}$/
const SHORT_CODE = /^\d{3,8}$/
const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/

export function createTwilioProtocol(account: TwilioAccount): CarrierProtocol {
  return {
    name: 'twilio',
    judge: (request, at) => judge(account, request, at),
    // The API has no idempotency key: the same request twice is two messages.
    remember: () => {},
    faultAnswer,
    receipt: (message, step, at, forged) => receipt(account, message, step, at, forged),
  }
}

function problem(status: number, code: number, message: string): WireAnswer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return jsonAnswer(status, { code, message, more_info, status })
}

function judge(account: TwilioAccount, request: WireRequest, at: number): Verdict {
  const refuse = (status: number, code: number, message: string, seen: Seen = NOTHING_SEEN) => ({
    answer: problem(status, code, message),
    messages: [],
    refusal: `${code} ${message}`,
    seen,
  })
  const path = /^\/2010-04-01\/Accounts\/(AC[0-9a-fA-F]{32})\/Messages\.json$/.exec(request.target)
  if (path === null) {
    return refuse(404, 20404, `The requested resource ${request.target} was not found`)
  }
  if (request.method !== 'POST') return refuse(405, 20004, 'Method not allowed')
  const login = basicCredentials(request)
  if (login?.user !== account.accountSid || login.password !== account.authToken) {
    return refuse(401, 20003, 'Authenticate')
  }
  if (path[1] !== account.accountSid) {
    return refuse(404, 20404, `The requested resource ${request.target} was not found`)
  }
  if (mediaType(request) !== 'application/x-www-form-urlencoded') {
    return refuse(415, 20415, 'Unsupported Media Type')
  }

  const form = new URLSearchParams(request.body)
  const field = (name: string) => form.get(name) ?? ''
  const seen = seenIn(form)
  const complain = (code: number, message: string) => refuse(400, code, message, seen)

  for (const name of new Set(form.keys())) {
    if (!FIELDS.has(name)) return complain(20001, `Unknown parameter: ${name}`)
    const repeatable = name === 'MediaUrl' || name === 'PersistentAction'
    if (!repeatable && form.getAll(name).length > 1) {
      return complain(20001, `Parameter given twice: ${name}`)
    }
  }
  const [to, from, service, text] = [
    field('To'),
    field('From'),
    field('MessagingServiceSid'),
    field('Body'),
  ]
  if (to === '') return complain(21604, "A 'To' phone number is required.")
  if (!E164.test(to)) return complain(21211, `Invalid 'To' Phone Number: ${to}`)
  if (from === '' && service === '') {
    return complain(21603, "A 'From' phone number is required.")
  }
  if (service !== '' && !/^MG[0-9a-fA-F]{32}$/.test(service)) {
    return complain(21701, 'The Messaging Service does not exist')
  }
  if (from !== '' && ![E164, SHORT_CODE, SENDER_NAME].some((shape) => shape.test(from))) {
    return complain(21212, `The 'From' number ${from} is not a valid phone number or sender`)
  }
  if (text === '' && !form.has('MediaUrl') && !form.has('ContentSid')) {
    return complain(21602, 'Message body is required.')
  }
  if ([...text].length > 1600) {
    return complain(21617, 'The concatenated message body exceeds the 1600 character limit')
  }
  const callback = field('StatusCallback')
  if (form.has('StatusCallback') && !isCallbackUrl(callback)) {
    return complain(21609, `The StatusCallback URL ${callback} is not a valid URL.`)
  }
  if (form.has('ValidityPeriod') && !isWholeNumber(field('ValidityPeriod'), 1, 36_000)) {
    return complain(21624, 'Invalid ValidityPeriod value')
  }
  if (form.has('Attempt') && !isWholeNumber(field('Attempt'), 1, 1_000)) {
    return complain(20001, 'Invalid Attempt value')
  }
  for (const name of ['SmartEncoded', 'ProvideFeedback', 'ShortenUrls', 'ForceDelivery']) {
    if (form.has(name) && !/^(true|false)$/i.test(field(name))) {
      return complain(20001, `Invalid ${name} value`)
    }
  }
  if (form.has('RiskCheck') && !/^(enable|disable)$/.test(field('RiskCheck'))) {
    return complain(20001, 'Invalid RiskCheck value')
  }
  const magic = MAGIC_FROM[from] ?? MAGIC_TO[to]
  if (magic !== undefined) return complain(magic[0], magic[1])

  const message: OutgoingMessage = {
    providerMessageId: `SM${randomBytes(16).toString('hex')}`,
    from: from === '' ? service : from,
    to,
    text,
    ref: null,
    receiptUrl: callback === '' ? null : callback,
    wantsIntermediateReceipts: true,
    validitySeconds: seen.validitySeconds,
    acceptedAt: at,
    extra: service === '' ? {} : { MessagingServiceSid: service },
  }
  return { answer: created(account, message, at), messages: [message], refusal: null, seen }
}

function seenIn(form: URLSearchParams): Seen {
  const seconds = form.get('ValidityPeriod')
  return {
    from: form.get('From') ?? form.get('MessagingServiceSid'),
    to: form.get('To'),
    text: form.get('Body'),
    ref: null,
    receiptUrl: form.get('StatusCallback'),
    validitySeconds: seconds === null ? null : Number(seconds),
  }
}

/** "URL must contain a valid hostname and underscores are not allowed." */
function isCallbackUrl(text: string): boolean {
  return isHttpUrl(text) && !new URL(text).hostname.includes('_')
}

function isWholeNumber(text: string, from: number, to: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to
}

function created(account: TwilioAccount, message: OutgoingMessage, at: number): WireAnswer {
  const uri = `/2010-04-01/Accounts/${account.accountSid}/Messages/${message.providerMessageId}`
  const service = message.extra.MessagingServiceSid
  const date = new Date(at).toUTCString().replace('GMT', '+0000')
  return jsonAnswer(201, {
    account_sid: account.accountSid,
    api_version: '2010-04-01',
    body: message.text,
    date_created: date,
    date_sent: null,
    date_updated: date,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    // A service has chosen neither sender nor split yet when it answers.
    from: service === undefined ? message.from : null,
    messaging_service_sid: service ?? null,
    num_media: '0',
    num_segments: service === undefined ? String(countSegments(message.text).segments) : '0',
    price: null,
    price_unit: null,
    sid: message.providerMessageId,
    status: service === undefined ? 'queued' : 'accepted',
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  })
}

function faultAnswer(fault: CarrierFault): WireAnswer {
  if (fault === 'server-error') return problem(500, 20500, 'Internal Server Error')
  if (fault === 'rejected') {
    const text = "Message cannot be sent with the current combination of 'To' and/or 'From'"
    return problem(400, 21612, text)
  }
  const answer = problem(429, 20429, 'Too Many Requests')
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } }
}

function receipt(
  account: TwilioAccount,
  message: OutgoingMessage,
  step: ReceiptStep,
  at: number,
  forged: boolean,
) {
  if (message.receiptUrl === null) return null
  const fields: [string, string][] = [
    ['SmsSid', message.providerMessageId],
    ['SmsStatus', step],
    ['MessageStatus', step],
    ['To', message.to],
    ['MessageSid', message.providerMessageId],
    ['AccountSid', account.accountSid],
    ['From', message.from],
    ['ApiVersion', '2010-04-01'],
    ...Object.entries(message.extra),
  ]
  if (step === 'delivered') fields.push(['RawDlrDoneDate', doneDate(at)])
  // 30001, queue overflow: the provider's own and passing trouble, not the number's.
  if (step === 'undelivered') fields.push(['ErrorCode', '30001'])
  const [url = ''] = message.receiptUrl.split('#')
  const token = forged ? randomBytes(16).toString('hex') : account.authToken
  return {
    // What follows a # overrides connection settings; it is neither sent nor signed.
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
      'x-twilio-signature': signTwilioForm(token, url, fields),
    },
    body: new URLSearchParams(fields).toString(),
  }
}

/**
 * Base64 HMAC-SHA1 over the URL and every form field, name and value, sorted by name; values of a
 * repeated name count once each and are sorted (twilio.com/docs/usage/security).
 */
export function signTwilioForm(
  authToken: string,
  url: string,
  fields: readonly (readonly [string, string])[],
): string {
  const names = [...new Set(fields.map(([name]) => name))].sort()
  const tail = names.map((name) => {
    const values = fields.filter(([other]) => other === name).map(([, value]) => value)
    return [...new Set(values)]
      .sort()
      .map((value) => name + value)
      .join('')
  })
  return createHmac('sha1', authToken)
    .update(url + tail.join(''), 'utf8')
    .digest('base64')
}

/** yyMMddHHmm, as operators write it. */
function doneDate(at: number): string {
  return new Date(at).toISOString().replace(/\D/g, '').slice(2, 12)
}
