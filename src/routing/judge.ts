// Whether what isolates noted of a provider convicts it. Pure, and the same for one isolate and for 250: it looks at
// calls, wherever they were made. An isolate speaks only of what happened since somebody complained, so that an
// hour of good answers does not hide an outage, and those without complaints are heard before anybody is convicted.

import { SECOND_MS } from '../lib/time.ts'

/** What one isolate saw since its last note. */
export type FaultNote = {
  readonly scope: string
  readonly notedAt: number
  readonly noteId: string
  readonly faults: number
  readonly successes: number
  /** Of the last fault; empty in a note of successes alone. */
  readonly code: string
}

/** Older notes say nothing of now. */
export const NOTES_MS = 30 * SECOND_MS
const FAULTS_LEAST = 3
const CONVICTING_SHARE = 1 / 3
/** Those who know better have so long to say so: a reading of the board, and one answer. */
export const TRIAL_MS = 1_500
/** From this share of faults on, good answers are worth a row. */
const DOUBTED_SHARE = CONVICTING_SHARE / 2

export type Conviction = { readonly faults: number; readonly calls: number; readonly code: string }

/** All of `notes` are of one scope. */
export function judge(notes: readonly FaultNote[], now: number): Conviction | null {
  const { faults, calls } = sum(notes, now)
  const heard = sum(notes, now, now - TRIAL_MS)
  if (heard.faults < FAULTS_LEAST || faults < calls * CONVICTING_SHARE) return null
  const code = notes.findLast((note) => note.code !== '')?.code ?? ''
  return { faults, calls, code }
}

/** Whether somebody complained and not enough others have spoken for it. */
export function isDoubted(notes: readonly FaultNote[], now: number): boolean {
  const { faults, calls } = sum(notes, now)
  return faults > 0 && faults >= calls * DOUBTED_SHARE
}

function sum(notes: readonly FaultNote[], now: number, until = now) {
  const counted = notes.filter(({ notedAt }) => notedAt > now - NOTES_MS && notedAt <= until)
  const faults = counted.reduce((total, note) => total + note.faults, 0)
  const successes = counted.reduce((total, note) => total + note.successes, 0)
  return { faults, calls: faults + successes }
}
