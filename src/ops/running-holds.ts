// The holds that run just now, of all databases together. Read with the page and by nobody each minute.

import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { StoredReason } from '../lock/hold-reason.ts'
import { countRunningHoldsStatement, HOLDS_COUNTED_MAX } from '../lock/running-holds.ts'
import type { OpsContext } from './ops-context.ts'
import { SHARD_DEADLINE_MS } from './read-facts.ts'

export type RunningHolds = {
  readonly byReason: Readonly<Record<StoredReason, number>>
  /** There may be more. */
  readonly isCutShort: boolean
}

/** Null where a database does not answer: a part is not told as the whole. */
export async function readRunningHolds(
  { after, shards }: Pick<OpsContext, 'after' | 'shards'>,
  now: number,
): Promise<RunningHolds | null> {
  const read = Promise.all(shards.all.map(async ({ db }) => countRunningHoldsStatement(db, now)))
  try {
    return addUp(await within(after, SHARD_DEADLINE_MS, read))
  } catch (error) {
    logError('job.failed', { queue: 'none', kind: 'holds', ...errorFields(error) })
    return null
  }
}

type Counts = readonly { readonly reason: StoredReason; readonly count: number }[]

/** Pure. One list for each database. */
export function addUp(all: readonly Counts[]): RunningHolds {
  const byReason = { cooling_off: 0, activity: 0, planned: 0 }
  for (const { reason, count } of all.flat()) byReason[reason] += count
  const isCutShort = all.some(
    (counts) => counts.reduce((sum, { count }) => sum + count, 0) >= HOLDS_COUNTED_MAX,
  )
  return { byReason, isCutShort }
}
