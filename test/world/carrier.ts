// A simulated SMS carrier: an HTTP server that speaks one provider's protocol, breaks on demand and
// records every call. It never sends anything beyond this machine.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CarrierMode } from './carrier-modes.ts'
import type {
  AnyCarrierName,
  CarrierName,
  CarrierProtocol,
  OutgoingMessage,
  Seen,
  Verdict,
  WireAnswer,
  WireRequest,
} from './carrier-protocol.ts'
import type { InboundText, InboundWriter } from './inbound-text.ts'
import { createJournal, type Journal } from './journal.ts'
import { readBody, startListener } from './listener.ts'
import type { PhoneMessage } from './phone-network.ts'
import {
  createReceiptSender,
  DEFAULT_RECEIPT_TIMING,
  type ReceiptPost,
  type ReceiptTiming,
} from './receipts.ts'
import { countSegments } from './segments.ts'
import { createWebhookPoster, type PostOutcome } from './webhook-poster.ts'

/** One received request. The fields from `status` on are filled in as the call goes on. */
export type CarrierCall<Name extends AnyCarrierName = CarrierName> = Seen & {
  readonly id: number
  readonly provider: Name
  readonly mode: CarrierMode
  readonly at: number
  readonly request: WireRequest
  /** Why the protocol refused it; null for a well-formed request that the vendor would take. */
  refusal: string | null
  providerMessageIds: readonly string[]
  /** Whether a message reached the phone network because of this call. */
  wentOut: boolean
  /** The HTTP status answered; null while there is none. */
  status: number | null
  answeredAt: number | null
  /** When the caller gave up, or was cut off, without an answer. */
  abandonedAt: number | null
}

/** A request that was no call to the API. */
export type CarrierVisit = { readonly at: number; readonly target: string; readonly status: number }

export type ModeChange = { readonly at: number; readonly mode: CarrierMode }

export type CarrierKnobs = {
  readonly slowMs: number
  /** What every answer takes, in every mode that answers; nothing goes out before it. */
  readonly answerMs: number
  /** What one call meets instead of the mode that is set; null: that mode. */
  readonly exception: (at: number) => CarrierMode | null
  readonly receipts: ReceiptTiming
}

export type CarrierCounters = {
  readonly calls: number
  readonly accepted: number
  readonly refused: number
  readonly unanswered: number
}

export type CarrierOptions = {
  readonly port?: number
  readonly mode?: CarrierMode
  readonly knobs?: Partial<CarrierKnobs>
  readonly callbackOrigin?: string | null
  readonly onMessage?: (message: PhoneMessage) => void
  /** How it tells of a text that came in, and the URL the operator entered for that. */
  readonly inbound?: { readonly write: InboundWriter; readonly url: () => string }
}

export type Carrier<Name extends AnyCarrierName = CarrierName> = {
  readonly name: Name
  readonly origin: string
  readonly calls: Journal<CarrierCall<Name>>
  readonly visits: Journal<CarrierVisit>
  readonly receipts: Journal<ReceiptPost>
  /** How many receipts are still to be posted or answered. */
  readonly pendingReceipts: () => number
  readonly modes: Journal<ModeChange>
  readonly mode: () => CarrierMode
  /** Resolves when the new behaviour holds: for `refuse`, when nothing listens any more. */
  readonly setMode: (mode: CarrierMode, knobs?: Partial<CarrierKnobs>) => Promise<void>
  readonly counters: () => CarrierCounters
  readonly setCallbackOrigin: (origin: string | null) => void
  /** Posts a text of a phone, once, in every mode; null where this carrier takes none. */
  readonly carryText: (text: InboundText) => Promise<PostOutcome | null>
  /** Ends every socket at once and drops receipts not yet sent. */
  readonly close: () => Promise<void>
}

const DEFAULT_SLOW_MS = 1200
const GARBAGE: WireAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Welcome</title><h1>It works!</h1>',
}

export async function startCarrier<Name extends AnyCarrierName = CarrierName>(
  protocol: CarrierProtocol<Name>,
  options: CarrierOptions = {},
): Promise<Carrier<Name>> {
  const calls = createJournal<CarrierCall<Name>>(`${protocol.name} calls`)
  const visits = createJournal<CarrierVisit>(`${protocol.name} visits`)
  const modes = createJournal<ModeChange>(`${protocol.name} modes`, { capacity: 200 })
  const poster = createWebhookPoster(options.callbackOrigin ?? null)
  const sender = createReceiptSender(protocol, poster)
  const count = { calls: 0, accepted: 0, refused: 0, unanswered: 0 }
  const held = new Set<NodeJS.Timeout>()
  let mode = options.mode ?? 'ok'
  let knobs: CarrierKnobs = {
    slowMs: DEFAULT_SLOW_MS,
    answerMs: 0,
    exception: () => null,
    receipts: DEFAULT_RECEIPT_TIMING,
    ...options.knobs,
  }

  const record = (request: WireRequest, verdict: Verdict, during: CarrierMode, at: number) => {
    count.calls += 1
    const call: CarrierCall<Name> = {
      ...verdict.seen,
      id: count.calls,
      provider: protocol.name,
      mode: during,
      at,
      request,
      refusal: verdict.refusal,
      providerMessageIds: [],
      wentOut: false,
      status: null,
      answeredAt: null,
      abandonedAt: null,
    }
    calls.add(call)
    return call
  }

  /** The message leaves: the phone gets it, unless the mode says it fails behind the carrier. */
  const goOut = (call: CarrierCall<Name>, messages: readonly OutgoingMessage[]) => {
    call.providerMessageIds = messages.map((message) => message.providerMessageId)
    for (const message of messages) {
      protocol.remember(message)
      sender.schedule(message, call.mode, knobs.receipts)
      if (call.mode === 'undelivered' || call.mode === 'false-receipts') continue
      call.wentOut = true
      options.onMessage?.({
        provider: protocol.name,
        from: message.from,
        to: message.to,
        text: message.text,
        at: Date.now(),
        providerMessageId: message.providerMessageId,
        ...countSegments(message.text),
      })
    }
  }

  const answer = (call: CarrierCall<Name>, response: ServerResponse, reply: WireAnswer) => {
    // The caller has left meanwhile: what was decided stands, but nobody reads it.
    if (response.destroyed) {
      calls.touch(call)
      return
    }
    call.status = reply.status
    call.answeredAt = Date.now()
    if (call.providerMessageIds.length > 0) count.accepted += 1
    else count.refused += 1
    const length = { 'content-length': Buffer.byteLength(reply.body) }
    response.writeHead(reply.status, { ...reply.headers, ...length }).end(reply.body)
    calls.touch(call)
  }

  const after = (waitMs: number, task: () => void) => {
    const timer = setTimeout(() => {
      held.delete(timer)
      task()
    }, waitMs)
    held.add(timer)
  }

  const serve = (request: WireRequest, incoming: IncomingMessage, response: ServerResponse) => {
    const at = Date.now()
    const elsewhere = protocol.elsewhere?.(request)
    if (elsewhere) {
      visits.add({ at, target: request.target, status: elsewhere.status })
      response.writeHead(elsewhere.status, { ...elsewhere.headers }).end(elsewhere.body)
      return
    }
    const during = knobs.exception(at) ?? mode
    const verdict = protocol.judge(request, at)
    const call = record(request, verdict, during, at)
    response.on('close', () => {
      if (call.answeredAt !== null) return
      call.abandonedAt = Date.now()
      count.unanswered += 1
      calls.touch(call)
    })

    const waitMs = during === 'slow' ? knobs.slowMs : knobs.answerMs
    const accept = () => {
      // Judged again: a slow carrier may have taken the same message id in between.
      const late = waitMs > 0 ? protocol.judge(request, Date.now()) : verdict
      call.refusal = late.refusal
      goOut(call, late.messages)
      if (during !== 'hang-after-accept') answer(call, response, late.answer)
      else calls.touch(call)
    }
    const fault = (kind: 'rejected' | 'server-error' | 'throttled') =>
      answer(call, response, protocol.faultAnswer(kind, verdict, at))

    const respond = () => {
      switch (during) {
        case '500':
          return fault('server-error')
        case '429':
          return fault('throttled')
        case 'garbage':
          return answer(call, response, GARBAGE)
        case 'rejected':
          // A malformed request stays malformed: the rejection is for good ones.
          if (verdict.messages.length > 0) return fault('rejected')
          return answer(call, response, verdict.answer)
        default:
          return accept()
      }
    }
    if (during === 'hang') return
    if (during === 'reset') incoming.socket.resetAndDestroy()
    else if (waitMs === 0) respond()
    else after(waitMs, respond)
  }

  const listener = await startListener(options.port ?? 0, (incoming, response) => {
    readBody(incoming).then(
      (body) => serve(wireRequest(incoming, body), incoming, response),
      // The caller left before its request was whole: there is nothing to judge.
      () => {},
    )
  })

  const setMode = async (next: CarrierMode, changes: Partial<CarrierKnobs> = {}) => {
    mode = next
    knobs = { ...knobs, ...changes }
    modes.add({ at: Date.now(), mode: next })
    if (next === 'refuse') await listener.shut()
    else await listener.open()
  }
  if (mode === 'refuse') await listener.shut()

  return {
    name: protocol.name,
    origin: listener.origin,
    calls,
    visits,
    receipts: sender.posts,
    pendingReceipts: sender.pending,
    modes,
    mode: () => mode,
    setMode,
    counters: () => ({ ...count }),
    setCallbackOrigin: poster.setCallbackOrigin,
    carryText: async (text) => {
      const { inbound } = options
      return inbound ? poster.post(inbound.write(text, inbound.url(), Date.now())) : null
    },
    close: async () => {
      for (const timer of held) clearTimeout(timer)
      held.clear()
      sender.close()
      poster.close()
      await listener.shut()
    },
  }
}

function wireRequest(incoming: IncomingMessage, body: string): WireRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return { method: incoming.method ?? '', target: incoming.url ?? '', headers, body }
}
