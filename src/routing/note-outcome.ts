// Feeds an outcome to the breakers: the isolate's board at once, the shared row with the next batch
// that is written anyway. A healthy call costs no write.

import type { Db } from '../lib/db.ts'
import { logError } from '../lib/log.ts'
import type { SendFailure, SendOutcome } from '../sms/provider.ts'
import { breakerGate, breakerScope, breakerSignal, isTripped, openDurationMs } from './breaker.ts'
import type { BreakerBoard } from './breaker-board.ts'
import { type BreakerTrip, closeBreakerStatement, openBreakerStatement } from './breakers.ts'

export type BreakerNote =
  | ({ readonly kind: 'open' } & BreakerTrip)
  | { readonly kind: 'close'; readonly scope: string }

/** The breakers a call of `provider` towards `country` depends on. */
export function breakerScopes(provider: string, country: string): readonly string[] {
  return [breakerScope(provider, null), breakerScope(provider, country)]
}

/** One finished call, as far as breakers care. */
export type NotedCall = {
  readonly provider: string
  readonly country: string
  readonly startedAt: number
  readonly outcome: SendOutcome
}

/** What the outcome of one call changes; the board is changed in place, the notes are to be stored. */
export function noteOutcome(
  board: BreakerBoard,
  call: NotedCall,
  now: number,
): readonly BreakerNote[] {
  const { provider, country, outcome } = call
  switch (breakerSignal(outcome)) {
    case 'neutral':
      return []
    case 'success':
      return breakerScopes(provider, country).flatMap((scope) => noteSuccess(board, scope, now))
    case 'fault':
      return outcome.class === 'accepted' ? [] : noteFault(board, call, outcome, now)
  }
}

function noteSuccess(board: BreakerBoard, scope: string, now: number): readonly BreakerNote[] {
  board.faults.delete(scope)
  board.succeededAt.set(scope, now)
  return closeScope(board, scope, now)
}

/** Closes a tripped scope after a good answer; one to a call made before it opened says nothing about now. */
export function closeScope(
  board: BreakerBoard,
  scope: string,
  now: number,
): readonly BreakerNote[] {
  const row = board.open.get(scope)
  if (!row || breakerGate(row, now) === 'open') return []
  board.open.delete(scope)
  return [{ kind: 'close', scope }]
}

/** Opens a scope, longer each time its probe fails. */
export function openScope(
  board: BreakerBoard,
  scope: string,
  failure: SendFailure,
  now: number,
): readonly BreakerNote[] {
  const row = board.open.get(scope)
  const trips = breakerGate(row, now) === 'half_open' ? (row?.trips ?? 0) + 1 : 1
  const openUntil = now + openDurationMs(trips, failure)
  board.open.set(scope, { scope, openUntil, trips })
  logError('breaker.opened', { scope, code: failure.code, trips, open_ms: openUntil - now })
  return [{ kind: 'open', scope, code: failure.code, trips, openUntil }]
}

function noteFault(
  board: BreakerBoard,
  call: NotedCall,
  failure: SendFailure,
  now: number,
): readonly BreakerNote[] {
  const scope = breakerScope(call.provider, failure.scope === 'country' ? call.country : null)
  const faults = (board.faults.get(scope) ?? 0) + 1
  board.faults.set(scope, faults)
  const gate = breakerGate(board.open.get(scope), now)
  const wasSilent = (board.succeededAt.get(scope) ?? 0) < call.startedAt
  // A failed probe reopens at once; a closed one waits for its count; an open one needs nothing.
  if (gate === 'open' || (gate === 'closed' && !isTripped(faults, failure, wasSilent))) return []

  board.faults.delete(scope)
  return openScope(board, scope, failure, now)
}

export function breakerStatements(db: Db, notes: readonly BreakerNote[], now: number) {
  return notes.map((note) =>
    note.kind === 'open'
      ? openBreakerStatement(db, note, now)
      : closeBreakerStatement(db, note.scope),
  )
}
