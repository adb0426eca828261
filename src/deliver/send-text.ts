// One text on its way over a route: failover, hedge, what is noted of providers, one log line per attempt. Knows neither
// alerts nor notices; the number, the text and what is in it stay out of the log.

import type { Phone } from '../account/phone.ts'
import { logInfo } from '../lib/log.ts'
import { traceIdOf } from '../lib/trace.ts'
import { makeAlertTag } from '../login/alert-tag.ts'
import { receiptPath } from '../paths.ts'
import { type CallResult, failOver, type Round } from '../routing/failover.ts'
import { hedgeMsFor, mayHedge, noteCall, noteStart } from '../routing/note-call.ts'
import type { RouteStep } from '../routing/route.ts'
import { type RouteNote, takeRouteNotes } from '../routing/route-notes.ts'
import { callProvider } from '../sms/call-provider.ts'
import { makeReceiptRef } from '../sms/receipt-ref.ts'
import type { DeliverContext } from './deliver-context.ts'
import type { SmsText } from './registered.ts'

/** A provider that still holds the text after this long shall drop it. */
const VALIDITY_SECONDS = 120

export type TextToSend = {
  readonly to: Phone
  /** What its receipts refer to; sequence 0 for a notice, which no login stands behind. */
  readonly accountId: string
  readonly seq: number
  /** Of a notice. */
  readonly noticeId?: string
  /** Of the alert or the notice. */
  readonly id: string
  /** When we came to owe it; the log tells the age at each attempt. */
  readonly receivedAt: number
  readonly firstAttempt: number
  /** The exchange's, of an alert. */
  readonly trace?: string | null
  /** The same facts may have to be said differently by another sender. */
  readonly textFor: (step: RouteStep) => SmsText
}

export type SentText = {
  readonly round: Round
  /** To be stored with what the round changes. */
  readonly notes: readonly RouteNote[]
  /**
   * Settles once every overtaken call has answered or met its deadline: what became of those attempts. What it says of
   * their providers is noted by then, for whoever takes notes next. Never rejects.
   */
  readonly later: Promise<readonly CallResult[]>
}

/** Asks the providers of `route` in order. */
export async function sendText(
  context: DeliverContext,
  route: readonly RouteStep[],
  text: TextToSend,
): Promise<SentText> {
  const { after, now } = context
  const { country } = text.to
  const startedAt = new Map<number, number>()
  const { round, later } = await failOver(route, text.firstAttempt, {
    after,
    now,
    hedgeMs: ({ provider }) => hedgeMsFor(context, provider.name, country),
    onSilence: ({ provider }, number, next) => {
      const call = { provider: provider.name, country, startedAt: startedAt.get(number) ?? now() }
      return mayHedge(context, call, next)
    },
    call: async (step, number) => {
      const at = now()
      startedAt.set(number, at)
      noteStart(context, { provider: step.provider.name, startedAt: at })
      const result = await callOnce(context, text, step, number)
      noteCall(context, { ...result, startedAt: at })
      logAttempt(text, result)
      return result
    },
    overtaken: (step, number) => overtakenCall(text, step, number, startedAt.get(number), now()),
  })
  return { round, notes: takeRouteNotes(context), later }
}

function overtakenCall(
  text: TextToSend,
  step: RouteStep,
  number: number,
  startedAt = 0,
  now: number,
): CallResult {
  return {
    provider: step.provider,
    number,
    outcome: { class: 'ambiguous', code: 'overtaken' },
    country: text.to.country,
    segments: text.textFor(step).segments,
    startedAt,
    durationMs: now - startedAt,
  }
}

async function callOnce(
  context: DeliverContext,
  text: TextToSend,
  step: RouteStep,
  number: number,
): Promise<CallResult> {
  const { config, now } = context
  const { provider, sender } = step
  const { accountId, seq, noticeId } = text
  const { text: words, segments, template = sender.template } = text.textFor(step)
  const { country } = text.to
  const called = { country, startedAt: now(), provider: provider.name }
  const call = { accountId, seq, attempt: number, ...called }
  const reference =
    noticeId === undefined ? { ...call, alertTag: makeAlertTag(text.id) } : { ...call, noticeId }
  const ref = await makeReceiptRef(context.randomBytes, config.dataKeys, reference)
  const message = {
    to: text.to.e164,
    text: words,
    from: sender.from,
    ...(template ? { template } : {}),
    ref,
    receiptUrl: config.publicOrigin + receiptPath(provider.name, ref),
    attempt: number,
    validitySeconds: VALIDITY_SECONDS,
  }
  const startedAt = now()
  const { outcome, durationMs } = await callProvider(
    context,
    provider,
    message,
    config.attemptTimeoutMs,
  )
  if (provider.reportsById && outcome.class === 'accepted') {
    const { providerMessageId } = outcome
    const note = { provider: provider.name, providerMessageId, ref, notedAt: now() }
    context.routing.receiptIds.push({ kind: 'receipt_id', ...note })
  }
  return { provider, number, outcome, country, segments, startedAt, durationMs }
}

function logAttempt(text: TextToSend, call: CallResult): void {
  const { outcome } = call
  logInfo('delivery.attempted', {
    id: text.id,
    trace_id: traceIdOf(text.trace ?? null) ?? undefined,
    provider: call.provider.name,
    attempt: call.number,
    outcome: outcome.class,
    code: outcome.class === 'accepted' ? undefined : outcome.code,
    country: text.to.country,
    duration_ms: call.durationMs,
    age_ms: call.startedAt + call.durationMs - text.receivedAt,
  })
}
