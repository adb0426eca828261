// What an isolate remembers for routing: samples not stored yet, the learnt weights as last read, how long answers take,
// and what receipts will refer to until it is stored. Losing it costs a little evidence and a few receipts, nothing else.

import { breakerScope } from './breaker.ts'
import type { HandOrder } from './hand-orders.ts'
import { createHedgeMemory, type HedgeMemory } from './hedge.ts'
import { type CallsUnderWay, createCallsUnderWay } from './mute-provider.ts'
import type { ReceiptIdNote } from './receipt-ids.ts'
import { createSampleBuffer, type SampleBuffer } from './route-samples.ts'

export type RouteMemory = {
  readonly samples: SampleBuffer
  /** Scope (`twilio`, `twilio/TH`) → percent of its points at rest; who is not in it keeps all. */
  readonly keptPercents: Map<string, number>
  /** Said by hand, as last read. */
  readonly handOrders: HandOrder[]
  readonly hedges: HedgeMemory
  readonly underWay: CallsUnderWay
  readonly receiptIds: ReceiptIdNote[]
}

export function createRouteMemory(): RouteMemory {
  return {
    samples: createSampleBuffer(),
    keptPercents: new Map(),
    handOrders: [],
    hedges: createHedgeMemory(),
    underWay: createCallsUnderWay(),
    receiptIds: [],
  }
}

/** Takes over the rows as they were read. */
export function refreshWeights(
  memory: RouteMemory,
  rows: readonly { readonly scope: string; readonly keptPercent: number }[],
): void {
  memory.keptPercents.clear()
  for (const row of rows) memory.keptPercents.set(row.scope, row.keptPercent)
}

/** The same of what is said by hand. */
export function refreshOrders(memory: RouteMemory, rows: readonly HandOrder[]): void {
  memory.handOrders.splice(0, memory.handOrders.length, ...rows)
}

/** Of its points at rest, in percent: the least that is known of the provider, or of it in `country`. */
export function keptPercent(memory: RouteMemory, provider: string, country: string): number {
  return Math.min(
    memory.keptPercents.get(breakerScope(provider, null)) ?? 100,
    memory.keptPercents.get(breakerScope(provider, country)) ?? 100,
  )
}
