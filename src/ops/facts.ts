// What is known of the deployment at an instant, as plain data: what judge.ts decides by and what the pages show. Read by
// read-facts.ts; nothing here reads or decides.

import type { RecentDeadLetter } from '../dead-letter/recent.ts'
import type { ShownCallback } from '../exchange/outbox-facts.ts'
import type { PartlyConfirmed } from '../lock/partly-confirmed.ts'
import type { WaitingAlert } from '../login/waiting.ts'
import type { BreakerRow, WeightRow } from '../routing/board-facts.ts'
import type { SampleCell } from '../routing/route-samples.ts'
import type { AwaySlot } from './slots/slots-away.ts'

/** `null` where the runtime does not tell. */
export type QueueFacts = {
  readonly name: string
  readonly backlog: number | null
  readonly oldestAt: number | null
}

export type DatabaseFacts = {
  readonly name: string
  /** False where it refused or was silent: what only it knows is unknown, not well. */
  readonly isAnswering: boolean
  readonly bytes: number | null
  readonly bytesMax: number
  /** At the growth of the days that are known; null where it does not grow, or nothing is known. */
  readonly daysLeft: number | null
  /** Of its own accounts; null where nothing of it was ever seen. */
  readonly walk: WalkFacts | null
  /** When a page of what it forgets was done last; null where none was, or it does not answer. */
  readonly retentionAt: number | null
}

/** How the walk over accounts, which forgets, comes round. */
export type WalkFacts = {
  /** Where it stood; null at its beginning. */
  readonly cursor: string | null
  /** When this round was seen to begin. */
  readonly startedAt: number
}

export type Facts = {
  /** Names, in order of preference. */
  readonly providers: readonly string[]
  readonly breakers: readonly BreakerRow[]
  readonly weights: readonly WeightRow[]
  /** Calls and receipts of the last quarter of an hour. */
  readonly evidence: readonly SampleCell[]
  readonly unconfirmedLocks: readonly ShownCallback[]
  /** Their callbacks were answered; not all of what they ask for is done. None that is in `unconfirmedLocks`. */
  readonly partlyConfirmed: readonly PartlyConfirmed[]
  readonly oldCallbacks: readonly ShownCallback[]
  readonly givenUp: readonly ShownCallback[]
  readonly waiting: readonly WaitingAlert[]
  readonly deadLetters: readonly RecentDeadLetter[]
  readonly queues: readonly QueueFacts[]
  readonly databases: readonly DatabaseFacts[]
  /** In no database that answers, though it be for a moment: somebody moves it, or died at it. */
  readonly awaySlots: readonly AwaySlot[]
  /** When the minute's work ended last; null where it never did. */
  readonly cronAt: number | null
}
