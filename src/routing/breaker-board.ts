// The isolate's view of all breakers: its own count of faults, and the shared rows as last read. The
// only mutable state between invocations; losing it costs three slow messages, nothing else.

import { breakerGate, type OpenBreaker } from './breaker.ts'

export type BreakerBoard = {
  /** Faults in a row, per scope, as this isolate saw them. */
  readonly faults: Map<string, number>
  /** Slow answers in a row, per scope, as this isolate saw them. */
  readonly slowCalls: Map<string, number>
  /** When each scope last answered this isolate with success. */
  readonly succeededAt: Map<string, number>
  /** Tripped breakers, per scope. */
  readonly open: Map<string, OpenBreaker>
  /** Scopes whose one probe this isolate holds and has not used. */
  readonly probes: Set<string>
}

export function createBreakerBoard(): BreakerBoard {
  return {
    faults: new Map(),
    slowCalls: new Map(),
    succeededAt: new Map(),
    open: new Map(),
    probes: new Set(),
  }
}

/**
 * Takes over what the claim's batch read: the rows, and the probes it won. A trip of our own that is not
 * stored yet stays.
 */
export function refreshBoard(
  board: BreakerBoard,
  rows: readonly OpenBreaker[],
  wonProbes: readonly string[],
  now: number,
): void {
  for (const [scope, breaker] of board.open) {
    if (breaker.openUntil <= now) board.open.delete(scope)
  }
  for (const row of rows) board.open.set(row.scope, row)
  board.probes.clear()
  for (const scope of wonProbes) board.probes.add(scope)
}

/** Whether a call may be made now in all of `scopes`; uses up the probe of a half-open one. */
export function passGate(board: BreakerBoard, scopes: readonly string[], now: number): boolean {
  const halfOpen: string[] = []
  for (const scope of scopes) {
    const gate = breakerGate(board.open.get(scope), now)
    if (gate === 'open') return false
    if (gate === 'half_open') halfOpen.push(scope)
  }
  if (!halfOpen.every((scope) => board.probes.has(scope))) return false
  for (const scope of halfOpen) board.probes.delete(scope)
  return true
}
