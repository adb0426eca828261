// One text on its way over a route: breaker, failover, one log line per attempt. Knows neither alerts
// nor notices; the number, the text and what is in it stay out of the log.

import type { Phone } from '../account/phone.ts'
import { logInfo } from '../lib/log.ts'
import { receiptPath } from '../paths.ts'
import { passGate } from '../routing/breaker-board.ts'
import { type CallResult, failOver, type Round } from '../routing/failover.ts'
import { breakerScopes, noteOutcome } from '../routing/note-outcome.ts'
import type { RouteStep } from '../routing/route.ts'
import { keptPercent } from '../routing/route-memory.ts'
import { type RouteNote, samplesNotes } from '../routing/route-notes.ts'
import { callSampleKind, noteSample, takeSamples } from '../routing/route-samples.ts'
import { noteLatency, slowFromMs } from '../routing/slow-provider.ts'
import { callProvider } from '../sms/call-provider.ts'
import { makeReceiptRef } from '../sms/receipt-ref.ts'
import type { DeliverContext } from './deliver-context.ts'

/** A provider that still holds the text after this long shall drop it. */
const VALIDITY_SECONDS = 120

export type TextToSend = {
  readonly to: Phone
  /** What its receipts refer to; sequence 0 for a notice, which no login stands behind. */
  readonly accountId: string
  readonly seq: number
  /** Of a notice. */
  readonly noticeId?: string
  /** Of the alert or the notice, for the log. */
  readonly id: string
  /** When we came to owe it; the log tells the age at each attempt. */
  readonly receivedAt: number
  readonly firstAttempt: number
  /** The same facts may have to be said differently by another sender. */
  readonly textFor: (step: RouteStep) => { readonly text: string; readonly segments: number }
}

export type SentText = { readonly round: Round; readonly notes: readonly RouteNote[] }

/** Tries the providers of `route` in order; the notes are to be stored with what the round changes. */
export async function sendText(
  context: DeliverContext,
  route: readonly RouteStep[],
  text: TextToSend,
): Promise<SentText> {
  const { now, breakers, routing } = context
  const { country } = text.to
  const notes: RouteNote[] = []
  const round = await failOver(
    route,
    text.firstAttempt,
    (provider) => passGate(breakers, breakerScopes(provider.name, country), now()),
    async (step, number) => {
      const result = await callOnce(context, text, step, number)
      notes.push(...noteCall(context, result))
      logAttempt(text, result)
      return result
    },
  )
  notes.push(...samplesNotes(context.randomBytes, takeSamples(routing.samples, now()), now()))
  return { round, notes }
}

/** What one call says of its provider: faults and slowness at once, the rest as a sample. */
function noteCall(context: DeliverContext, call: CallResult): readonly RouteNote[] {
  const { config, breakers, routing } = context
  const now = context.now()
  const { outcome, durationMs, country } = call
  const provider = call.provider.name
  const slowMs = slowFromMs(config.attemptTimeoutMs)
  const kind = callSampleKind(outcome, durationMs, slowMs)
  if (kind !== null) {
    const sample = { provider, country, calledAt: call.startedAt, kind }
    noteSample(routing.samples, sample, keptPercent(routing, provider, country) < 100)
  }
  const latency = { provider, durationMs, slowFromMs: slowMs }
  return [
    ...noteOutcome(breakers, { ...call, provider }, now),
    ...(outcome.class === 'accepted' ? noteLatency(breakers, latency, now) : []),
  ]
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
  const { text: words, segments } = text.textFor(step)
  const { country } = text.to
  const call = { accountId, seq, attempt: number, country, startedAt: now() }
  const reference = noticeId === undefined ? call : { ...call, noticeId }
  const ref = await makeReceiptRef(context.randomBytes, config.dataKeys, reference)
  const message = {
    to: text.to.e164,
    text: words,
    from: sender.from,
    ...(sender.template ? { template: sender.template } : {}),
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
  return { provider, number, outcome, country, segments, startedAt, durationMs }
}

function logAttempt(text: TextToSend, call: CallResult): void {
  const { outcome } = call
  logInfo('delivery.attempted', {
    id: text.id,
    provider: call.provider.name,
    attempt: call.number,
    outcome: outcome.class,
    code: outcome.class === 'accepted' ? undefined : outcome.code,
    country: text.to.country,
    duration_ms: call.durationMs,
    age_ms: call.startedAt + call.durationMs - text.receivedAt,
  })
}
