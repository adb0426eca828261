// What a provider's protocol must tell the simulated carrier: is this request well formed, what is
// the answer, how does a receipt look. Pure: no sockets, no timers; `at` is handed in.

import type { BuiltInName } from '../../src/sms/registry.ts'
import type { WebhookRequest } from './webhook-poster.ts'

/** Always there, and shown on the page. */
export const CARRIER_NAMES = ['twilio', 'infobip', 'vonage'] as const
export type CarrierName = (typeof CARRIER_NAMES)[number]

/** Every provider that is one: the sandbox never leaves the Worker. */
export type AnyCarrierName = Exclude<BuiltInName, 'sandbox'>
/** Started only when asked for; not on the page. */
export type ExtraCarrierName = Exclude<AnyCarrierName, CarrierName>

export type WireRequest = {
  readonly method: string
  /** The request target as sent, query included. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type WireAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type OutgoingMessage = {
  readonly providerMessageId: string
  readonly from: string
  /** E.164 with plus, whatever the provider's own spelling is. */
  readonly to: string
  readonly text: string
  /** The caller's own reference, where the provider has one. */
  readonly ref: string | null
  readonly receiptUrl: string | null
  readonly wantsIntermediateReceipts: boolean
  /** The time to live in seconds, translated from the provider's unit. */
  readonly validitySeconds: number | null
  readonly acceptedAt: number
  /** What the protocol wants back when it writes receipts (bulk id, callback data). */
  readonly extra: Readonly<Record<string, string>>
}

export type Seen = {
  readonly from: string | null
  readonly to: string | null
  readonly text: string | null
  readonly ref: string | null
  readonly receiptUrl: string | null
  readonly validitySeconds: number | null
}

export type Verdict = {
  readonly answer: WireAnswer
  /** What goes out to the phone network when this answer stands; empty when refused. */
  readonly messages: readonly OutgoingMessage[]
  /** Why the request, or all of it, was refused. */
  readonly refusal: string | null
  readonly seen: Seen
}

export type ReceiptStep = 'sent' | 'delivered' | 'undelivered'

export type ReceiptRequest = WebhookRequest

/** Whole-request faults that the provider itself answers with. */
export type CarrierFault = 'rejected' | 'server-error' | 'throttled'

export type CarrierProtocol<Name extends AnyCarrierName = CarrierName> = {
  readonly name: Name
  readonly judge: (request: WireRequest, at: number) => Verdict
  /** What another host of the provider answers, in every mode; null for a call to its API. */
  readonly elsewhere?: (request: WireRequest) => WireAnswer | null
  /** Called once for each message that goes out (duplicate detection). */
  readonly remember: (message: OutgoingMessage) => void
  readonly faultAnswer: (fault: CarrierFault, verdict: Verdict, at: number) => WireAnswer
  /** Null when the provider sends nothing at that step. `forged` = right shape, wrong proof. */
  readonly receipt: (
    message: OutgoingMessage,
    step: ReceiptStep,
    at: number,
    forged: boolean,
  ) => ReceiptRequest | null
}

export const NOTHING_SEEN: Seen = {
  from: null,
  to: null,
  text: null,
  ref: null,
  receiptUrl: null,
  validitySeconds: null,
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  }
}

/** The media type without its parameters, in lower case. */
export function mediaType(request: WireRequest): string {
  const [type] = (request.headers['content-type'] ?? '').split(';')
  return (type ?? '').trim().toLowerCase()
}

/** The token of a Bearer header (RFC 6750), or null. */
export function bearerToken(request: WireRequest): string | null {
  return /^Bearer ([\w.~+/-]+=*)$/.exec(request.headers.authorization ?? '')?.[1] ?? null
}

/** User and password of an HTTP Basic header (RFC 7617), or null. */
export function basicCredentials(
  request: WireRequest,
): { readonly user: string; readonly password: string } | null {
  const match = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(request.headers.authorization ?? '')
  if (match?.[1] === undefined) return null
  const decoded = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? null : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}
