// Usual receipts that an isolate is about to store, of requests that are under way at the same time. Plain data: no request
// waits for what another one does, each looks for itself whether its receipt has been stored.

import type { AdvancedAlert } from '../login/advance-attempt.ts'
import type { UsualReceipt } from './usual-receipt.ts'

export type WaitingReceipt = {
  readonly usual: UsualReceipt
  /** `left`: who wrote it failed, or what came of it is not known. */
  fate: 'waiting' | 'taken' | 'advanced' | 'not_so' | 'left'
  /** Whose receipt it was, once it has advanced. */
  alert: AdvancedAlert | null
}

export type ReceiptMemory = {
  /** Those nobody writes yet, the oldest first. */
  readonly waiting: WaitingReceipt[]
}

export function createReceiptMemory(): ReceiptMemory {
  return { waiting: [] }
}
