// What sending a text leaves to be stored with its outcome: breakers that tripped or closed, and samples
// when a lump of them has gathered. Nothing at all for nearly every healthy text.

import type { Db } from '../lib/db.ts'
import { randomId } from '../lib/ids.ts'
import type { Ports } from '../lib/ports.ts'
import { type BreakerNote, breakerStatements } from './note-outcome.ts'
import type { SampleCell } from './route-samples.ts'
import { routeSamples } from './tables.ts'

export type SamplesNote = {
  readonly kind: 'samples'
  /** Written twice, it is stored once. */
  readonly sampleId: string
  readonly flushedAt: number
  readonly cells: readonly SampleCell[]
}

export type RouteNote = BreakerNote | SamplesNote

/** One note, or none where there is nothing to store. */
export function samplesNotes(
  random: Ports['randomBytes'],
  cells: readonly SampleCell[],
  now: number,
): readonly SamplesNote[] {
  if (cells.length === 0) return []
  return [{ kind: 'samples', sampleId: randomId(random, 'smp'), flushedAt: now, cells }]
}

export function routeStatements(db: Db, notes: readonly RouteNote[], now: number) {
  const breakerNotes = notes.filter((note) => note.kind !== 'samples')
  const samples = notes.filter((note) => note.kind === 'samples')
  return [
    ...breakerStatements(db, breakerNotes, now),
    ...samples.map((note) => insertSamplesStatement(db, note)),
  ]
}

export function insertSamplesStatement(db: Db, note: SamplesNote) {
  const { sampleId, flushedAt, cells } = note
  return db.insert(routeSamples).values({ flushedAt, sampleId, cells }).onConflictDoNothing()
}
