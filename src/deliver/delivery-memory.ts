// What an isolate remembers of its deliveries between invocations: first rounds under way, and outcomes that wait to be
// written. Plain data only: no invocation may wait for what another one does. Losing it costs time, which leases bound, and no alert.

import type { OutcomeToWrite } from './outcome.ts'

export type DeliveryMemory = {
  /** Claim of each first round under way → when its lease ends; what died with its invocation leaves then. */
  readonly rounds: Map<string, number>
  /** Left by rounds that have ended; see outcome-writer.ts. */
  readonly outcomes: OutcomeToWrite[]
  /** Until then an invocation attends to `outcomes`. Longer ago: nobody does. */
  attendedUntil: number
}

export function createDeliveryMemory(): DeliveryMemory {
  return {
    rounds: new Map(),
    outcomes: [],
    attendedUntil: 0,
  }
}

/** Of six connections a round needs one at a time; more rounds than this are better spread over isolates. */
const ROUNDS_MAX = 64

/** Whether there is room for one more first round; `claim` then has it until `leaseUntil` at most. */
export function enterRound(
  { rounds }: Pick<DeliveryMemory, 'rounds'>,
  { claim, leaseUntil }: { readonly claim: string; readonly leaseUntil: number },
  now: number,
): boolean {
  for (const [other, endsAt] of rounds) if (endsAt <= now) rounds.delete(other)
  if (rounds.size >= ROUNDS_MAX) return false
  rounds.set(claim, leaseUntil)
  return true
}

export function leaveRound({ rounds }: Pick<DeliveryMemory, 'rounds'>, claim: string): void {
  rounds.delete(claim)
}
