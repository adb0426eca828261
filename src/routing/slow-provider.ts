// A provider that answers, but slowly: never refused, only asked after the others for a while. Shares
// the breakers' table and timing under a scope of its own; decides nothing about faults.

import { breakerGate, breakerScope } from './breaker.ts'
import type { BreakerBoard } from './breaker-board.ts'
import { type BreakerNote, closeScope, openScope } from './note-outcome.ts'

/** Slow answers in a row, as one isolate sees them. */
export const SLOW_CALLS_TO_TRIP = 3

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
  readonly durationMs: number
  readonly slowFromMs: number
}

/**
 * What the duration of one accepted call changes; the board in place, the notes are to be stored. Back
 * in its place only by an answer in half the time that counts as slow: what lies between decides
 * nothing, so a provider at the edge does not go to and fro.
 */
export function noteLatency(
  board: BreakerBoard,
  call: AcceptedCall,
  now: number,
): readonly BreakerNote[] {
  const scope = slowScope(call.provider)
  if (call.durationMs >= call.slowFromMs) return noteSlow(board, scope, now)
  board.slowCalls.delete(scope)
  const isQuick = call.durationMs < call.slowFromMs / 2
  return isQuick ? closeScope(board, scope, now) : []
}

function noteSlow(board: BreakerBoard, scope: string, now: number): readonly BreakerNote[] {
  const gate = breakerGate(board.open.get(scope), now)
  if (gate === 'open') return []
  const inARow = (board.slowCalls.get(scope) ?? 0) + 1
  board.slowCalls.set(scope, inARow)
  if (gate === 'closed' && inARow < SLOW_CALLS_TO_TRIP) return []
  board.slowCalls.delete(scope)
  return openScope(board, scope, { class: 'provider_transient', code: 'slow' }, now)
}

/** Those of `providers` that are to be asked after the others. */
export function slowProviders<Name extends string>(
  board: BreakerBoard,
  providers: readonly Name[],
  now: number,
): ReadonlySet<Name> {
  const isSlow = (name: Name) => breakerGate(board.open.get(slowScope(name)), now) !== 'closed'
  return new Set(providers.filter(isSlow))
}

/**
 * The provider that this one text shall try first, to see whether it is quick again, or null. Uses the
 * probe up: of all isolates one text in a period tries.
 */
export function takeSlowProbe<Name extends string>(
  board: BreakerBoard,
  providers: readonly Name[],
  now: number,
): Name | null {
  const due = providers.find((name) => {
    const scope = slowScope(name)
    return breakerGate(board.open.get(scope), now) === 'half_open' && board.probes.has(scope)
  })
  if (due === undefined) return null
  board.probes.delete(slowScope(due))
  return due
}
