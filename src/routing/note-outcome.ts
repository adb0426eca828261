// Feeds an outcome to the board: distrust of our own at once, evidence for all isolates, and a breaker that trips or
// closes. What is to be stored goes with the next batch that is written anyway. A healthy call costs no write.

import { logError, logInfo } from '../lib/log.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { SendFailure, SendOutcome } from '../sms/provider.ts'
import { breakerGate, breakerScope, breakerSignal, OPEN_MAX_MS, openDurationMs } from './breaker.ts'
import { type BreakerBoard, demote, tallyFault, tallySuccess } from './breaker-board.ts'
import type { BreakerTrip } from './route-change.ts'

/** Longer than evidence takes to convict; one that was only a straggler has its place back soon. */
export const DEMOTED_MS = 8 * SECOND_MS
/** A silence costs the next text as much again, a quick refusal next to nothing. */
export const QUICK_FAULTS_TO_DEMOTE = 3

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

/** What the outcome of one call changes on the board. */
export function noteOutcome(board: BreakerBoard, call: NotedCall, now: number): void {
  const { provider, country, outcome, startedAt } = call
  switch (breakerSignal(outcome)) {
    case 'neutral':
      return
    case 'success':
      for (const scope of breakerScopes(provider, country)) noteGood(board, scope, startedAt, now)
      return
    case 'fault': {
      if (outcome.class === 'accepted') return
      const scope = breakerScope(provider, outcome.scope === 'country' ? country : null)
      noteBad(board, scope, startedAt, outcome, now)
    }
  }
}

/** A call that has been silent for as long as we wait: the next text asks another one first. */
export function noteSilence(
  board: BreakerBoard,
  call: Pick<NotedCall, 'provider' | 'startedAt'>,
  now: number,
): void {
  const scope = breakerScope(call.provider, null)
  if (!isStray(board, scope, call.startedAt)) demote(board, scope, now + DEMOTED_MS)
}

/** A call that began later has been answered: only this one went astray. */
function isStray(board: BreakerBoard, scope: string, startedAt: number): boolean {
  return (board.succeededAt.get(scope) ?? 0) >= startedAt
}

/** `closes`: whether it is good enough to close a breaker that is due for its probe. */
export function noteGood(
  board: BreakerBoard,
  scope: string,
  startedAt: number,
  now: number,
  closes = true,
): void {
  board.faultsInARow.delete(scope)
  board.succeededAt.set(scope, Math.max(startedAt, board.succeededAt.get(scope) ?? 0))
  tallySuccess(board, scope, now)
  const row = board.open.get(scope)
  // Good answers before its time say little: it is asked last, by texts nobody else took.
  if (!closes || !row || breakerGate(row, now) !== 'half_open' || startedAt < row.openedAt) return
  board.open.delete(scope)
  board.demotedUntil.delete(scope)
  board.closed.set(scope, row.openedAt)
  logInfo('breaker.closed', { scope, by: 'probe', trips: row.trips })
  board.changes.push({ kind: 'close', scope, openedAt: row.openedAt, by: 'probe' })
}

export function noteBad(
  board: BreakerBoard,
  scope: string,
  startedAt: number,
  failure: SendFailure,
  now: number,
): void {
  const inARow = (board.faultsInARow.get(scope) ?? 0) + 1
  board.faultsInARow.set(scope, inARow)
  tallyFault(board, scope, failure.code, now)
  const isSilence = failure.code === 'timeout' && !isStray(board, scope, startedAt)
  if (isSilence || inARow >= QUICK_FAULTS_TO_DEMOTE) demote(board, scope, now + DEMOTED_MS)
  if (failure.retryAfterMs !== undefined) {
    demote(board, scope, now + Math.min(failure.retryAfterMs, OPEN_MAX_MS))
  }
  const row = board.open.get(scope)
  const gate = breakerGate(row, now)
  if (gate === 'half_open' && row) {
    // From before it was due, or before it was opened: known by then.
    if (startedAt < row.openUntil) return
    openScope(board, scope, failure, row.trips + 1, { by: 'probe', figure: '1 of 1 probe' }, now)
  } else if (gate === 'closed' && failure.class === 'provider_config') {
    // Credentials, funds, senders: one answer is proof.
    openScope(board, scope, failure, 1, { by: 'answer', figure: '1 answer' }, now)
  }
}

function openScope(
  board: BreakerBoard,
  scope: string,
  failure: SendFailure,
  trips: number,
  { by, figure }: { readonly by: 'probe' | 'answer'; readonly figure: string },
  now: number,
): void {
  const openUntil = now + openDurationMs(trips, failure)
  const { code } = failure
  board.open.set(scope, { scope, openedAt: now, openUntil, trips })
  logOpened({ scope, code, trips, openedAt: now, openUntil, by, figure })
  board.changes.push({ kind: 'open', scope, code, trips, openedAt: now, openUntil, by, figure })
}

/** For the operator. */
export function logOpened(trip: Omit<BreakerTrip, 'kind'>): void {
  const { scope, code, trips, openedAt, openUntil, by, figure } = trip
  logError('breaker.opened', { scope, code, trips, open_ms: openUntil - openedAt, by, figure })
}
