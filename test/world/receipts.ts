// When a simulated carrier posts which delivery receipt, and how often: with retries, every answer
// recorded. What a receipt looks like is the protocol's matter.

import type { CarrierMode } from './carrier-modes.ts'
import type {
  AnyCarrierName,
  CarrierProtocol,
  OutgoingMessage,
  ReceiptRequest,
  ReceiptStep,
} from './carrier-protocol.ts'
import { createJournal, type Journal } from './journal.ts'
import type { WebhookPoster } from './webhook-poster.ts'

export type ReceiptTiming = {
  /** From acceptance to "the operator has it". */
  readonly sentMs: number
  /** From acceptance to "the handset has it". */
  readonly deliveredMs: number
  /** What both are put off by in the mode `late-receipt`. */
  readonly lateMs: number
  /** Between two attempts to post the same receipt. */
  readonly retryMs: number
}

export const DEFAULT_RECEIPT_TIMING: ReceiptTiming = {
  sentMs: 300,
  deliveredMs: 900,
  lateMs: 5000,
  retryMs: 250,
}

/** One attempt to post one receipt. */
export type ReceiptPost = {
  readonly provider: AnyCarrierName
  readonly providerMessageId: string
  readonly to: string
  readonly step: ReceiptStep
  readonly forged: boolean
  /** The same receipt once more, although it may have been taken. */
  readonly repeated: boolean
  readonly attempt: number
  readonly url: string
  readonly at: number
  /** The HTTP status of the answer; null when there was none. */
  readonly status: number | null
  readonly error: string | null
}

export type PlannedReceipt = {
  readonly afterMs: number
  readonly step: ReceiptStep
  readonly forged: boolean
  readonly times: number
}

const RETRIES = 2

export function planReceipts(mode: CarrierMode, timing: ReceiptTiming): readonly PlannedReceipt[] {
  const { sentMs, deliveredMs, lateMs } = timing
  const real = (afterMs: number, step: ReceiptStep, times = 1) => ({
    afterMs,
    step,
    forged: false,
    times,
  })
  switch (mode) {
    case 'no-receipt':
      return []
    case 'undelivered':
      return [real(deliveredMs, 'undelivered')]
    case 'late-receipt':
      return [real(lateMs + sentMs, 'sent'), real(lateMs + deliveredMs, 'delivered')]
    case 'duplicate-receipts':
      return [real(sentMs, 'sent', 2), real(deliveredMs, 'delivered', 2)]
    case 'reordered-receipts':
      return [real(sentMs, 'delivered'), real(deliveredMs, 'sent')]
    case 'forged-receipts':
      return [
        { ...real(sentMs, 'undelivered'), forged: true },
        { ...real(sentMs, 'delivered'), forged: true },
        real(deliveredMs, 'sent'),
        real(2 * deliveredMs - sentMs, 'delivered'),
      ]
    default:
      return [real(sentMs, 'sent'), real(deliveredMs, 'delivered')]
  }
}

export type ReceiptSender = {
  readonly posts: Journal<ReceiptPost>
  readonly schedule: (message: OutgoingMessage, mode: CarrierMode, timing: ReceiptTiming) => void
  /** How many receipts are still to be posted or answered. */
  readonly pending: () => number
  readonly close: () => void
}

export function createReceiptSender(
  protocol: CarrierProtocol<AnyCarrierName>,
  poster: WebhookPoster,
): ReceiptSender {
  const posts = createJournal<ReceiptPost>(`${protocol.name} receipts`)
  const timers = new Set<NodeJS.Timeout>()
  let posting = 0
  let closed = false

  const later = (afterMs: number, task: () => void) => {
    if (closed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      task()
    }, afterMs)
    timers.add(timer)
  }

  const post = async (
    receipt: ReceiptRequest,
    retryMs: number,
    facts: Omit<ReceiptPost, 'at' | 'status' | 'error'>,
  ) => {
    const at = Date.now()
    posting += 1
    const outcome = await poster.post(receipt)
    posting -= 1
    if (closed) return
    posts.add({ ...facts, at, ...outcome })
    const taken = outcome.status !== null && outcome.status >= 200 && outcome.status < 300
    // A forger does not come back; the vendor does.
    if (taken || facts.forged || facts.attempt > RETRIES) return
    later(retryMs, () => void post(receipt, retryMs, { ...facts, attempt: facts.attempt + 1 }))
  }

  return {
    posts,
    schedule: (message, mode, timing) => {
      for (const { afterMs, step, forged, times } of planReceipts(mode, timing)) {
        later(afterMs, () => {
          const receipt = protocol.receipt(message, step, Date.now(), forged)
          if (receipt === null) return
          for (let copy = 0; copy < times; copy += 1) {
            void post(receipt, timing.retryMs, {
              provider: protocol.name,
              providerMessageId: message.providerMessageId,
              to: message.to,
              step,
              forged,
              repeated: copy > 0,
              attempt: 1,
              url: receipt.url,
            })
          }
        })
      }
    },
    pending: () => timers.size + posting,
    close: () => {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
