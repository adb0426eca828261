// All that the one screen, the probe's JSON and the metrics tell, read once: facts, what is open, what isolates counted in
// the last day, what was changed by itself.

import { readCodeHoursStatement } from '../guard/code-hours.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { DAY_MS, HOUR_MS } from '../lib/time.ts'
import { placeTableDate } from '../place/data.ts'
import { type RouteChangeRow, readChangesStatement } from '../routing/board-facts.ts'
import { receiptSource } from '../routing/receipt-source.ts'
import type { MeasureCell } from '../watch/measure-cells.ts'
import { readHoursStatement } from '../watch/measures.ts'
import { listActs, type RecordedAct } from './acts/record.ts'
import type { Facts } from './facts.ts'
import { readOpenStatement } from './incidents.ts'
import { type Health, judgeHealth, worstOf } from './judge.ts'
import { type SealReport, sealedPerKeyOfAll } from './key-report.ts'
import { type LatencyRow, latencyRows } from './latency.ts'
import type { OpsContext } from './ops-context.ts'
import { readFacts, SHARD_DEADLINE_MS } from './read-facts.ts'
import { type RunningHolds, readRunningHolds } from './running-holds.ts'
import { mergeSick, type Sickness } from './sickness.ts'

export const CHANGES_SHOWN = 20

export type Overview = {
  readonly readAt: number
  readonly status: Health['status']
  readonly sick: readonly Sickness[]
  readonly facts: Facts
  /** Of this hour and the one before. */
  readonly recent: readonly MeasureCell[]
  /** Since when `recent` counts. */
  readonly recentSinceAt: number
  /** Of a day, this hour included, newest first. */
  readonly hours: readonly { readonly hourAt: number; readonly cells: readonly MeasureCell[] }[]
  readonly latencies: readonly LatencyRow[]
  readonly changes: readonly RouteChangeRow[]
  /** What each key of DATA_SECRETS still holds, in all databases; null while one of them does not say. */
  readonly keys: SealReport | null
  /** Null while one of the databases does not say. */
  readonly holds: RunningHolds | null
  /** What operators did, newest first. */
  readonly acts: readonly RecordedAct[]
  readonly codes: { readonly sent: number; readonly segments: number }
  readonly placeDataDate: string
}

export async function readOverview(context: OpsContext): Promise<Overview> {
  const { db } = context
  const now = context.now()
  const [facts, acts, keys, holds, [open, hours, changes, codeHours]] = await Promise.all([
    readFacts(context),
    listActs(db, CHANGES_SHOWN),
    readKeys(context, now),
    readRunningHolds(context, now),
    db.batch([
      readOpenStatement(db),
      readHoursStatement(db, now - DAY_MS),
      readChangesStatement(db, CHANGES_SHOWN),
      readCodeHoursStatement(db, now - DAY_MS),
    ]),
  ])
  const recentSinceAt = Math.floor((now - HOUR_MS) / HOUR_MS) * HOUR_MS
  const recent = hours.filter(({ hourAt }) => hourAt >= recentSinceAt).flatMap(({ cells }) => cells)
  const sick = mergeSick(open, judgeHealth(facts, now).findings)
  return {
    readAt: now,
    status: worstOf(sick.map(({ kind }) => kind)),
    sick,
    facts,
    recent,
    recentSinceAt,
    hours,
    latencies: latencyRows(recent, receiptSource),
    changes,
    acts,
    keys,
    holds,
    codes: codeHours.reduce(
      (sum, hour) => ({ sent: sum.sent + hour.sent, segments: sum.segments + hour.segments }),
      { sent: 0, segments: 0 },
    ),
    placeDataDate: placeTableDate,
  }
}

/** What one database does not say, all of them together cannot: a key is never called free for want of an answer. */
async function readKeys(context: OpsContext, now: number): Promise<SealReport | null> {
  const { after, shards, config } = context
  const read = sealedPerKeyOfAll(shards.all, config.dataKeys, now)
  try {
    return await within(after, SHARD_DEADLINE_MS, read)
  } catch (error) {
    logError('job.failed', { queue: 'none', kind: 'keys', ...errorFields(error) })
    return null
  }
}
