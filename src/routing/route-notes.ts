// What sending a text leaves to be stored with its outcome: breakers that tripped or closed, faults to be told to the other
// isolates, samples when a lump of them has gathered, and what a receipt will refer to where the provider sends nothing of
// ours back. Nothing at all for nearly every healthy text.

import type { Built } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { randomId } from '../lib/ids.ts'
import type { Ports } from '../lib/ports.ts'
import { takeFaultNotes } from './breaker-board.ts'
import { closeStatements, insertFaultStatement, openStatements } from './breakers.ts'
import type { FaultNote } from './judge.ts'
import { insertReceiptIdStatement, type ReceiptIdNote } from './receipt-ids.ts'
import type { RouteChange } from './route-change.ts'
import { type SampleCell, takeSamples } from './route-samples.ts'
import type { RoutingContext } from './routing-context.ts'
import { routeSamples } from './tables.ts'

export type SamplesNote = {
  readonly kind: 'samples'
  /** Written twice, it is stored once. */
  readonly sampleId: string
  readonly flushedAt: number
  readonly cells: readonly SampleCell[]
}

export type RouteNote =
  | RouteChange
  | ({ readonly kind: 'fault' } & FaultNote)
  | SamplesNote
  | ReceiptIdNote

/** One note, or none where there is nothing to store. */
export function samplesNotes(
  random: Ports['randomBytes'],
  cells: readonly SampleCell[],
  now: number,
): readonly SamplesNote[] {
  if (cells.length === 0) return []
  return [{ kind: 'samples', sampleId: randomId(random, 'smp'), flushedAt: now, cells }]
}

/** All that is to be told now, whichever call it is of. Whoever takes it has to store it. */
export function takeRouteNotes(context: RoutingContext): readonly RouteNote[] {
  const { breakers, routing, randomBytes } = context
  const now = context.now()
  const faults = takeFaultNotes(breakers, () => randomId(randomBytes, 'flt'), now)
  return [
    ...routing.receiptIds.splice(0),
    ...breakers.changes.splice(0),
    ...faults.map((note) => ({ kind: 'fault' as const, ...note })),
    ...samplesNotes(randomBytes, takeSamples(routing.samples, now), now),
  ]
}

export function routeStatements(
  db: Db,
  notes: readonly RouteNote[],
  now: number,
): readonly Built[] {
  return notes.flatMap((note) => noteStatements(db, note, now))
}

function noteStatements(db: Db, note: RouteNote, now: number): readonly Built[] {
  switch (note.kind) {
    case 'open':
      return openStatements(db, note)
    case 'close':
      return closeStatements(db, note, now)
    case 'fault':
      return [insertFaultStatement(db, note)]
    case 'receipt_id':
      return [insertReceiptIdStatement(db, note)]
    case 'samples':
      return [insertSamplesStatement(db, note)]
  }
}

export function insertSamplesStatement(db: Db, note: SamplesNote) {
  const { sampleId, flushedAt, cells } = note
  return db.insert(routeSamples).values({ flushedAt, sampleId, cells }).onConflictDoNothing()
}
