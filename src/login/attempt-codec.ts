// How a list of attempts is stored: each as a JSON array of fixed positions. With names and full instants three
// attempts alone would make a login's row spill to an overflow page. Former deployments stored objects: they are
// read as well, and become arrays when their row is next written.

import { customType } from 'drizzle-orm/sqlite-core'
import { keysOf } from '../lib/table.ts'
import type { Attempt } from './attempt.ts'

/**
 * Where each field stands. Rows are read by this for as long as they are kept: a new field goes to the end, and no
 * field moves. What rarely has a value stands last, since absent fields are cut from the end.
 */
export const ATTEMPT_POSITION: Readonly<Record<keyof Attempt, number>> = {
  number: 0,
  provider: 1,
  state: 2,
  startedAt: 3,
  durationMs: 4,
  segments: 5,
  country: 6,
  providerMessageId: 7,
  sentAt: 8,
  deliveredAt: 9,
  failedAt: 10,
  class: 11,
  code: 12,
}

const FIELDS = keysOf(ATTEMPT_POSITION)

/** Stored as milliseconds since the attempt's `startedAt`; negative where a receipt's clock was behind. */
const SINCE_START: ReadonlySet<keyof Attempt> = new Set(['sentAt', 'deliveredAt', 'failedAt'])

/** Null for what is absent between others. */
type Packed = readonly (string | number | null)[]

export function encodeAttempts(attempts: readonly Attempt[]): string {
  return JSON.stringify(attempts.map(pack))
}

/** Of both forms. Throws for a text that we did not write. */
export function decodeAttempts(text: string): readonly Attempt[] {
  const stored = JSON.parse(text) as readonly (Attempt | Packed)[]
  return stored.map((attempt) => (isPacked(attempt) ? unpack(attempt) : attempt))
}

/** The texts that these attempts, as they were read, may stand in their row as. */
export function storedForms(attempts: readonly Attempt[]): string[] {
  return [encodeAttempts(attempts), JSON.stringify(attempts)]
}

/** A column of attempts: whoever reads or writes the row sees the list. */
export const attemptList = customType<{ data: readonly Attempt[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: encodeAttempts,
  fromDriver: decodeAttempts,
})

function isPacked(attempt: Attempt | Packed): attempt is Packed {
  return Array.isArray(attempt)
}

function pack(attempt: Attempt): Packed {
  const values = FIELDS.map((field) => {
    const value = attempt[field] ?? null
    return isSinceStart(field, value) ? value - attempt.startedAt : value
  })
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1)
}

function unpack(packed: Packed): Attempt {
  const startedAt = Number(packed[ATTEMPT_POSITION.startedAt])
  const fields = FIELDS.flatMap((field, position) => {
    const value = packed[position] ?? null
    if (value === null) return []
    return [[field, isSinceStart(field, value) ? startedAt + value : value]]
  })
  return Object.fromEntries(fields) as Attempt
}

function isSinceStart(field: keyof Attempt, value: string | number | null): value is number {
  return typeof value === 'number' && SINCE_START.has(field)
}
