// What became of calls and receipts, counted in the isolate's memory per provider, country and minute of
// the call, and handed out in lumps: a healthy alert must not cost a row of its own.

import { isOver, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import { OUTCOME_CLASSES } from '../sms/outcome-classes.ts'
import type { Receipt, SendOutcome } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import { breakerSignal } from './breaker.ts'

/**
 * kind | of | meaning
 * --- | --- | ---
 * `ok`, `slow` | call | accepted; accepted late, see slow-provider.ts
 * `fault` | call | the provider's fault
 * `delivered`, `late` | receipt | it arrived; it arrived, or ran out, too late to warn anybody
 * `failed` | receipt | it did not arrive, and not because of the recipient
 * `missing` | receipt | none at all came in the time that is waited
 */
export type SampleKind = 'ok' | 'slow' | 'fault' | 'delivered' | 'late' | 'failed' | 'missing'

export type SampleCounts = Readonly<Partial<Record<SampleKind, number>>>

export type SampleCell = {
  readonly provider: string
  readonly country: string
  /** Start of the minute in which the calls were made, epoch milliseconds. */
  readonly minuteAt: number
  readonly counts: SampleCounts
}

export type Sample = {
  readonly provider: string
  readonly country: string
  readonly calledAt: number
  readonly kind: SampleKind
}

export type SampleBuffer = {
  readonly cells: Map<string, SampleCell>
  count: number
  isUrgent: boolean
  /** When the first call of those in it was made. */
  firstAt: number
  takenAt: number
}

/** Older calls say nothing of now; neither kept nor judged. */
export const EVIDENCE_MS = 15 * MINUTE_MS
/** A warning that comes later than this is no warning. */
export const LATE_MS = 60 * SECOND_MS

const SAMPLES_PER_ROW = 32
/** With little traffic good news would else be too old before there is a lump, and only bad be seen. */
const SAMPLES_PER_OLD_ROW = 8
const OLD_MS = 5 * MINUTE_MS
/** An outage makes every call urgent, but not every call a row. */
const PAUSE_MS = 20 * SECOND_MS
/** A few hundred bytes a dozen; far more than pairs of provider and country that are in use at once. */
const CELLS_MAX = 500

export function createSampleBuffer(): SampleBuffer {
  return { cells: new Map(), count: 0, isUrgent: false, firstAt: 0, takenAt: 0 }
}

/** Counts one; `isWatched` says that even good news of this provider is waited for. */
export function noteSample(buffer: SampleBuffer, sample: Sample, isWatched = false): void {
  const { provider, country, kind } = sample
  const minuteAt = Math.floor(sample.calledAt / MINUTE_MS) * MINUTE_MS
  const key = `${provider}/${country}/${minuteAt}`
  const cell = buffer.cells.get(key)
  if (!cell && buffer.cells.size >= CELLS_MAX) return
  const counts = { ...cell?.counts, [kind]: (cell?.counts[kind] ?? 0) + 1 }
  buffer.cells.set(key, { provider, country, minuteAt, counts })
  if (buffer.count === 0) buffer.firstAt = sample.calledAt
  buffer.count += 1
  if (isWatched || (kind !== 'ok' && kind !== 'delivered')) buffer.isUrgent = true
}

/** The cells that are to be stored now, or none; the buffer is empty afterwards. */
export function takeSamples(buffer: SampleBuffer, now: number): readonly SampleCell[] {
  const enough = now - buffer.firstAt < OLD_MS ? SAMPLES_PER_ROW : SAMPLES_PER_OLD_ROW
  const isDue = buffer.isUrgent || buffer.count >= enough
  return isDue && isOver(PAUSE_MS, buffer.takenAt, now) ? takeAllSamples(buffer, now) : []
}

export function takeAllSamples(buffer: SampleBuffer, now: number): readonly SampleCell[] {
  const cells = [...buffer.cells.values()].filter(({ minuteAt }) => minuteAt >= now - EVIDENCE_MS)
  buffer.cells.clear()
  Object.assign(buffer, { count: 0, isUrgent: false, takenAt: now })
  return cells
}

/** What a call says of its provider; null where it was the recipient's or the text's fault. */
export function callSampleKind(
  outcome: SendOutcome,
  durationMs: number,
  slowFromMs: number,
): 'ok' | 'slow' | 'fault' | null {
  switch (breakerSignal(outcome)) {
    case 'success':
      return durationMs < slowFromMs ? 'ok' : 'slow'
    case 'fault':
      return 'fault'
    case 'neutral':
      return null
  }
}

/** What a receipt says of its provider, or null: it is about the recipient, or from before references told. */
export function receiptSample(
  provider: string,
  ref: ReceiptRef,
  receipt: Receipt,
  now: number,
): Sample | null {
  const { country, startedAt } = ref
  if (country === undefined || startedAt === undefined) return null
  // Our own clock, not the carrier's: theirs is a claim.
  const kind = receiptKind(receipt.event, now - startedAt)
  return kind === null ? null : { provider, country, calledAt: startedAt, kind }
}

function receiptKind(event: Receipt['event'], latencyMs: number): SampleKind | null {
  if (event.state === 'sent') return null
  if (event.state === 'delivered') return latencyMs > LATE_MS ? 'late' : 'delivered'
  if (OUTCOME_CLASSES[event.class].atFault === 'recipient') return null
  return event.class === 'expired' ? 'late' : 'failed'
}
