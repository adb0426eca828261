// Infobip SMS API v3, text messages only, as the vendor's API clients and its status code pages say.
// Stricter than the vendor: unknown fields are refused, and a validity period must name its unit
// (left out, it would be minutes).

import { randomUUID } from 'node:crypto'
import {
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
import { JOURNAL_CAPACITY } from '../journal.ts'
import { isRecord, parseJson } from '../json.ts'
import { countSegments } from '../segments.ts'
import { type InfobipDraft, readInfobipRequest } from './infobip-request.ts'

export type InfobipAccount = { readonly apiKey: string }

type Status = {
  readonly groupId: number
  readonly groupName: string
  readonly id: number
  readonly name: string
  readonly description: string
  readonly action?: string
}

const status = (
  groupId: number,
  groupName: string,
  id: number,
  name: string,
  description: string,
): Status => ({ groupId, groupName, id, name, description })
const rejected = (id: number, name: string, description: string, action: string): Status => ({
  ...status(5, 'REJECTED', id, name, description),
  action,
})

const PENDING = status(1, 'PENDING', 26, 'PENDING_ACCEPTED', 'Message sent to next instance')
const NO_ROUTE = rejected(
  19,
  'REJECTED_ROUTE_NOT_AVAILABLE',
  'Route not available',
  'Contact account manager',
)
const DUPLICATE = rejected(
  23,
  'REJECTED_DUPLICATE_MESSAGE_ID',
  'Duplicate message ID',
  'Use a unique message ID',
)
/** Stand-ins for the refusals the vendor numbers; the numbers are Twilio's test ones. */
const MAGIC_TO: Readonly<Record<string, Status>> = {
  '15005550001': rejected(
    52,
    'REJECTED_DESTINATION',
    'Invalid destination address.',
    'Check the to parameter',
  ),
  '15005550002': NO_ROUTE,
  '15005550003': rejected(6, 'REJECTED_NETWORK', 'Network is forbidden', 'Contact account manager'),
  '15005550004': rejected(
    14,
    'REJECTED_DESTINATION_BLOCKLISTED',
    'Destination is blocklisted',
    'Remove the destination from the blocklist',
  ),
}

export function createInfobipProtocol(account: InfobipAccount): CarrierProtocol {
  // Insertion order is age: the oldest id is forgotten first.
  const usedIds = new Set<string>()
  return {
    name: 'infobip',
    judge: (request, at) => judge(account, usedIds, request, at),
    remember: (message) => {
      usedIds.add(message.providerMessageId)
      if (usedIds.size <= JOURNAL_CAPACITY) return
      for (const oldest of usedIds) {
        usedIds.delete(oldest)
        return
      }
    },
    faultAnswer,
    receipt,
  }
}

type Violation = { readonly property: string; readonly violation: string }

function problem(
  httpStatus: number,
  description: string,
  action: string,
  violations: readonly Violation[] = [],
): WireAnswer {
  const errorCode = `E${httpStatus}`
  return jsonAnswer(httpStatus, { errorCode, description, action, violations, resources: [] })
}

function judge(
  account: InfobipAccount,
  usedIds: ReadonlySet<string>,
  request: WireRequest,
  at: number,
): Verdict {
  const refuse = (answer: WireAnswer, refusal: string, seen: Seen = NOTHING_SEEN) => ({
    answer,
    messages: [],
    refusal,
    seen,
  })
  if (request.target !== '/sms/3/messages') {
    return refuse(problem(404, 'Resource not found.', 'Check the path.'), 'no such path')
  }
  if (request.method !== 'POST') {
    return refuse(problem(405, 'Method not allowed.', 'Use POST.'), 'not POST')
  }
  if (request.headers.authorization !== `App ${account.apiKey}`) {
    const text = 'The request lacks valid authentication credentials for the requested resource.'
    return refuse(problem(401, text, 'Check the API key.'), 'wrong credentials')
  }
  if (mediaType(request) !== 'application/json') {
    return refuse(problem(415, 'Media type not supported.', 'Send application/json.'), 'not JSON')
  }
  const { drafts, violations, countWanted } = readInfobipRequest(parseJson(request.body))
  const seen = seenIn(drafts[0])
  if (violations.length > 0) {
    const action = 'Check the request against the API reference.'
    return refuse(
      problem(400, 'Request cannot be processed.', action, violations),
      violations.map(({ property, violation }) => `${property}: ${violation}`).join('; '),
      seen,
    )
  }

  const bulkId = randomUUID()
  const taken = new Set<string>()
  const messages: OutgoingMessage[] = []
  const refusals: string[] = []
  const rows = drafts.map((draft) => {
    const messageId = draft.messageId ?? randomUUID()
    const duplicate = usedIds.has(messageId) || taken.has(messageId)
    const verdict = duplicate ? DUPLICATE : (MAGIC_TO[draft.to] ?? PENDING)
    taken.add(messageId)
    if (verdict === PENDING) messages.push(outgoing(draft, messageId, bulkId, at))
    else refusals.push(`${verdict.id} ${verdict.name}`)
    return row(messageId, draft, verdict, countWanted)
  })
  return {
    // Accepted and refused messages stand side by side in one 200.
    answer: jsonAnswer(200, { bulkId, messages: rows }),
    messages,
    refusal: refusals.length === 0 ? null : refusals.join('; '),
    seen,
  }
}

function row(messageId: string, draft: InfobipDraft, verdict: Status, countWanted: boolean) {
  const details = countWanted
    ? { details: { messageCount: countSegments(draft.text).segments } }
    : {}
  return { messageId, status: verdict, destination: draft.to, ...details }
}

function outgoing(
  draft: InfobipDraft,
  messageId: string,
  bulkId: string,
  at: number,
): OutgoingMessage {
  const callbackData = draft.callbackData === null ? {} : { callbackData: draft.callbackData }
  return {
    providerMessageId: messageId,
    from: draft.sender,
    to: `+${draft.to}`,
    text: draft.text,
    ref: draft.messageId,
    receiptUrl: draft.receiptUrl,
    wantsIntermediateReceipts: draft.wantsIntermediateReceipts,
    validitySeconds: draft.validitySeconds,
    acceptedAt: at,
    extra: { bulkId, ...callbackData },
  }
}

function seenIn(draft: InfobipDraft | undefined): Seen {
  if (draft === undefined) return NOTHING_SEEN
  return {
    from: draft.sender,
    to: `+${draft.to}`,
    text: draft.text,
    ref: draft.messageId,
    receiptUrl: draft.receiptUrl,
    validitySeconds: draft.validitySeconds,
  }
}

function faultAnswer(fault: CarrierFault, verdict: Verdict): WireAnswer {
  if (fault === 'server-error') {
    return problem(500, 'Something went wrong. Please contact support.', 'Retry later.')
  }
  if (fault === 'throttled') {
    const answer = problem(429, 'Too many requests.', 'Slow down and retry.')
    return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } }
  }
  const parsed = parseJson(verdict.answer.body)
  const rows = isRecord(parsed) && Array.isArray(parsed.messages) ? parsed.messages : []
  return jsonAnswer(200, {
    bulkId: randomUUID(),
    messages: rows.map((entry: unknown) =>
      isRecord(entry) ? { ...entry, status: NO_ROUTE } : entry,
    ),
  })
}

const STATUS_OF_STEP: Readonly<Record<ReceiptStep, Status>> = {
  // Group DELIVERED, and yet only the operator has it: the handset may never.
  sent: status(3, 'DELIVERED', 2, 'DELIVERED_TO_OPERATOR', 'Message delivered to operator'),
  delivered: status(3, 'DELIVERED', 5, 'DELIVERED_TO_HANDSET', 'Message delivered to handset'),
  undelivered: status(
    2,
    'UNDELIVERABLE',
    4,
    'UNDELIVERABLE_REJECTED_OPERATOR',
    'Message rejected by the operator',
  ),
}
const NO_ERROR = {
  groupId: 0,
  groupName: 'OK',
  id: 0,
  name: 'NO_ERROR',
  description: 'No Error',
  permanent: false,
}
const PROVIDER_ERROR = {
  groupId: 3,
  groupName: 'OPERATOR_ERRORS',
  id: 500,
  name: 'EC_PROVIDER_GENERAL_ERROR',
  description: 'Provider General Error',
  permanent: false,
}

/**
 * Per-message receipts carry no signature: whoever knows the URL can post one. A forged one
 * therefore goes to the same URL with one character of its last path segment changed.
 */
function receipt(message: OutgoingMessage, step: ReceiptStep, at: number, forged: boolean) {
  if (message.receiptUrl === null) return null
  if (step === 'sent' && !message.wantsIntermediateReceipts) return null
  const time = (instant: number) => new Date(instant).toISOString().replace('Z', '+0000')
  const result = {
    bulkId: message.extra.bulkId,
    messageId: message.providerMessageId,
    to: message.to.slice(1),
    sender: message.from,
    sentAt: time(message.acceptedAt),
    doneAt: time(at),
    messageCount: countSegments(message.text).segments,
    mccMnc: '31000',
    ...(message.extra.callbackData === undefined
      ? {}
      : { callbackData: message.extra.callbackData }),
    price: { pricePerMessage: 0.0055, currency: 'EUR' },
    status: STATUS_OF_STEP[step],
    error: step === 'undelivered' ? PROVIDER_ERROR : NO_ERROR,
    platform: {},
  }
  return {
    url: forged ? tamper(message.receiptUrl) : message.receiptUrl,
    headers: { 'content-type': 'application/json', 'user-agent': 'Infobip' },
    body: JSON.stringify({ results: [result] }),
  }
}

/** The middle of the segment: its last character may carry spare bits that nobody checks. */
function tamper(url: string): string {
  const target = new URL(url)
  const cut = target.pathname.lastIndexOf('/') + 1
  const segment = target.pathname.slice(cut)
  const middle = Math.floor(segment.length / 2)
  const other = segment[middle] === 'A' ? 'B' : 'A'
  target.pathname =
    target.pathname.slice(0, cut) + segment.slice(0, middle) + other + segment.slice(middle + 1)
  return target.toString()
}
