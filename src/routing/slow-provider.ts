// A provider that answers, but slowly: never refused, only asked after the others for a while. Has evidence, breakers'
// table and timing in common with faults, under a scope of its own; decides nothing about faults.

import { breakerGate, breakerScope } from './breaker.ts'
import type { BreakerBoard } from './breaker-board.ts'
import { noteBad, noteGood } from './note-outcome.ts'

const SLOW_SHARE_OF_DEADLINE = 0.4
/** Under a short deadline the deadline itself is the judge: half a second is nothing to an SMS. */
const SLOW_LEAST_MS = 500

/** From how long on an accepted call is slow, given the deadline of one call; both in milliseconds. */
export function slowFromMs(attemptTimeoutMs: number): number {
  return Math.max(attemptTimeoutMs * SLOW_SHARE_OF_DEADLINE, SLOW_LEAST_MS)
}

/** `twilio/slow`: countries are upper case, so no breaker has this scope. */
export function slowScope(provider: string): string {
  return breakerScope(provider, 'slow')
}

export type AcceptedCall = {
  readonly provider: string
  readonly startedAt: number
  readonly durationMs: number
  readonly slowFromMs: number
}

/**
 * What the duration of one accepted call changes. Back in its place only by an answer in half the time that counts as
 * slow: what lies between decides nothing, so a provider at the edge does not go to and fro.
 */
export function noteLatency(board: BreakerBoard, call: AcceptedCall, now: number): void {
  const { provider, startedAt, durationMs } = call
  const scope = slowScope(provider)
  if (durationMs >= call.slowFromMs) {
    noteBad(board, scope, startedAt, { class: 'provider_transient', code: 'slow' }, now)
  } else {
    noteGood(board, scope, startedAt, now, durationMs < call.slowFromMs / 2)
  }
}

/** Those of `providers` that are to be asked after the others. */
export function slowProviders<Name extends string>(
  board: BreakerBoard,
  providers: readonly Name[],
  now: number,
): ReadonlySet<Name> {
  const isSlow = (name: Name) =>
    breakerGate(board.open.get(slowScope(name)), now) !== 'closed' ||
    (board.demotedUntil.get(slowScope(name)) ?? 0) > now
  return new Set(providers.filter(isSlow))
}
