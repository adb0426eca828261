// The isolate's view of providers: who is convicted, as last read from the shared rows, whom it distrusts by itself for
// some seconds, and what it has to tell the others. The only mutable state between invocations; losing it costs a few
// slow messages, nothing else.

import { SECOND_MS } from '../lib/time.ts'
import { breakerGate, type OpenBreaker } from './breaker.ts'
import { type FaultNote, isDoubted, NOTES_MS } from './judge.ts'
import type { RouteChange } from './route-change.ts'

export type BreakerBoard = {
  /** Tripped breakers, per scope. */
  readonly open: Map<string, OpenBreaker>
  /** Those this isolate has closed: scope → when they had been opened. An older reading may still show them. */
  readonly closed: Map<string, number>
  /** Until when this isolate asks a scope after those it trusts. */
  readonly demotedUntil: Map<string, number>
  /** Faults in a row, per scope, as this isolate saw them. */
  readonly faultsInARow: Map<string, number>
  /** Start of the youngest call that was a success. */
  readonly succeededAt: Map<string, number>
  /** What this isolate has seen of a scope, and not told yet, since somebody complained. */
  readonly tallies: Map<string, Tally>
  /** What all isolates told of late, as last read. */
  readonly notes: Map<string, readonly FaultNote[]>
  /** Scopes whose one probe this isolate holds and has not used. */
  readonly probes: Set<string>
  /** Breakers that tripped or closed here, to be stored with what is written next. */
  readonly changes: RouteChange[]
  /** When the shared rows were last asked for, whatever came of it. */
  readAt: number
}

type Tally = {
  faults: number
  successes: number
  code: string
  /** Since when the successes are counted. */
  sinceAt: number
  toldAt: number
}

/** Good answers from before a complaint shall not outweigh what came after it. */
const SUCCESSES_COUNT_MS = 5 * SECOND_MS
/** An outage makes every call a fault, but not every call a row. */
const TELL_EVERY_MS = SECOND_MS
/** A trip of our own is stored by then; if it is not among the rows, somebody has closed it. */
const STORED_WITHIN_MS = 2 * SECOND_MS

export function createBreakerBoard(): BreakerBoard {
  return {
    open: new Map(),
    closed: new Map(),
    demotedUntil: new Map(),
    faultsInARow: new Map(),
    succeededAt: new Map(),
    tallies: new Map(),
    notes: new Map(),
    probes: new Set(),
    changes: [],
    readAt: Number.NEGATIVE_INFINITY,
  }
}

/**
 * Takes over the shared rows and the probes it won. A trip of our own that is not stored yet stays. Returns the
 * breakers that are gone though their time was not over: somebody else closed them.
 */
export function refreshBoard(
  board: BreakerBoard,
  rows: readonly OpenBreaker[],
  wonProbes: readonly string[],
  now: number,
): readonly OpenBreaker[] {
  const stored = new Set(rows.map(({ scope }) => scope))
  const gone = [...board.open.values()].filter(
    ({ scope, openedAt }) => !stored.has(scope) && now - openedAt >= STORED_WITHIN_MS,
  )
  for (const { scope } of gone) {
    board.open.delete(scope)
    board.demotedUntil.delete(scope)
    board.faultsInARow.delete(scope)
  }
  for (const row of rows) {
    if (board.closed.get(row.scope) === row.openedAt) continue
    board.open.set(row.scope, row)
    // What led to it shall not be told once it is closed.
    if (breakerGate(row, now) === 'open') board.tallies.delete(row.scope)
  }
  board.probes.clear()
  for (const scope of wonProbes) board.probes.add(scope)
  return gone.filter((breaker) => breakerGate(breaker, now) !== 'closed')
}

/** Takes over what all isolates told of late. */
export function refreshNotes(board: BreakerBoard, notes: readonly FaultNote[], now: number): void {
  board.notes.clear()
  for (const note of notes) {
    board.notes.set(note.scope, [...(board.notes.get(note.scope) ?? []), note])
  }
  for (const [scope, tally] of board.tallies) {
    const isOld = tally.faults === 0 && tally.toldAt < now - NOTES_MS
    if (isOld && !board.notes.has(scope)) board.tallies.delete(scope)
  }
}

export function tallyFault(board: BreakerBoard, scope: string, code: string, now: number): void {
  const tally = board.tallies.get(scope) ?? newTally(now)
  tally.faults += 1
  tally.code = code
  board.tallies.set(scope, tally)
}

/** Good answers count only while somebody complains: in good times nothing is counted and nothing told. */
export function tallySuccess(board: BreakerBoard, scope: string, now: number): void {
  const known = board.tallies.get(scope)
  if (!known && !board.notes.has(scope)) return
  const tally = known ?? newTally(now)
  if (tally.faults === 0 && now - tally.sinceAt >= SUCCESSES_COUNT_MS) {
    tally.successes = 0
    tally.sinceAt = now
  }
  tally.successes += 1
  board.tallies.set(scope, tally)
}

function newTally(now: number): Tally {
  return { faults: 0, successes: 0, code: '', sinceAt: now, toldAt: Number.NEGATIVE_INFINITY }
}

/** What is to be told to the other isolates now; each scope once a second at most. */
export function takeFaultNotes(
  board: BreakerBoard,
  newId: () => string,
  now: number,
): readonly FaultNote[] {
  return [...board.tallies].flatMap(([scope, tally]): FaultNote[] => {
    if (now - tally.toldAt < TELL_EVERY_MS) return []
    const isWitness = tally.successes > 0 && isDoubted(board.notes.get(scope) ?? [], now)
    if (tally.faults === 0 && !isWitness) return []
    const { faults, successes, code } = tally
    board.tallies.set(scope, { ...newTally(now), toldAt: now })
    // Who is convicted already needs no more evidence.
    if (breakerGate(board.open.get(scope), now) !== 'closed') return []
    return [{ scope, notedAt: now, noteId: newId(), faults, successes, code }]
  })
}

export function demote(board: BreakerBoard, scope: string, until: number): void {
  board.demotedUntil.set(scope, Math.max(until, board.demotedUntil.get(scope) ?? 0))
}

/** 0: trusted; 1: demoted; 2: convicted; 3: both. The higher, the later it is asked. */
export type Distrust = 0 | 1 | 2 | 3

/** The most that is held against any of `scopes`. */
export function distrust(board: BreakerBoard, scopes: readonly string[], now: number): Distrust {
  const isDemoted = scopes.some((scope) => (board.demotedUntil.get(scope) ?? 0) > now)
  if (!scopes.some((scope) => breakerGate(board.open.get(scope), now) !== 'closed')) {
    return isDemoted ? 1 : 0
  }
  return isDemoted ? 3 : 2
}

/** Whether this text shall try a convicted provider first; uses the probes of all its `scopes` up. */
export function takeProbe(board: BreakerBoard, scopes: readonly string[], now: number): boolean {
  const gates = scopes.map((scope) => breakerGate(board.open.get(scope), now))
  const due = scopes.filter((_, index) => gates[index] === 'half_open')
  if (due.length === 0 || gates.includes('open')) return false
  if (!due.every((scope) => board.probes.has(scope))) return false
  for (const scope of due) board.probes.delete(scope)
  return true
}
