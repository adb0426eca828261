// All that the one screen, the probe's JSON and the metrics tell, read once: facts, what is open, what isolates counted in
// the last day, what was changed by itself.

import { readCodeHoursStatement } from '../guard/code-hours.ts'
import { DAY_MS, HOUR_MS } from '../lib/time.ts'
import { placeTableDate } from '../place/data.ts'
import { type RouteChangeRow, readChangesStatement } from '../routing/board-facts.ts'
import { receiptSource } from '../routing/receipt-source.ts'
import type { MeasureCell } from '../watch/measure-cells.ts'
import { readHoursStatement } from '../watch/measures.ts'
import { listActs, type RecordedAct } from './acts/record.ts'
import type { Incident } from './decide-incidents.ts'
import type { Facts } from './facts.ts'
import { readOpenStatement } from './incidents.ts'
import { type Finding, type Health, judgeHealth, worstOf } from './judge.ts'
import { type LatencyRow, latencyRows } from './latency.ts'
import type { OpsContext } from './ops-context.ts'
import { readFacts } from './read-facts.ts'

export const CHANGES_SHOWN = 20

/** What is sick, and since when where it was noted. */
export type Sickness = Finding & {
  /** Null where the minute's work has not noted it yet. */
  readonly openedAt: number | null
  readonly incidentId: string | null
}

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
  /** What operators did, newest first. */
  readonly acts: readonly RecordedAct[]
  readonly codes: { readonly sent: number; readonly segments: number }
  readonly placeDataDate: string
}

export async function readOverview(context: OpsContext): Promise<Overview> {
  const { db } = context
  const now = context.now()
  const [facts, acts, [open, hours, changes, codeHours]] = await Promise.all([
    readFacts(context),
    listActs(db, CHANGES_SHOWN),
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
    codes: codeHours.reduce(
      (sum, hour) => ({ sent: sum.sent + hour.sent, segments: sum.segments + hour.segments }),
      { sent: 0, segments: 0 },
    ),
    placeDataDate: placeTableDate,
  }
}

/**
 * Pure: what is open, with the evidence of now where there is any, and what is found that nobody has noted yet; the
 * incident stays until the minute's work closes it.
 */
export function mergeSick(
  open: readonly Incident[],
  findings: readonly Finding[],
): readonly Sickness[] {
  const known = open.map((incident): Sickness => {
    const { kind, scope, evidence, openedAt, incidentId } = incident
    const found = findings.find((finding) => isSame(finding, incident))
    return { kind, scope, evidence: found?.evidence ?? evidence, openedAt, incidentId }
  })
  const unnoted = findings
    .filter((finding) => !open.some((incident) => isSame(finding, incident)))
    .map((finding) => ({ ...finding, openedAt: null, incidentId: null }))
  const all = [...known, ...unnoted]
  return all.toSorted((a, b) => severityRank(a) - severityRank(b))
}

function isSame(a: Pick<Finding, 'kind' | 'scope'>, b: Pick<Finding, 'kind' | 'scope'>): boolean {
  return a.kind === b.kind && a.scope === b.scope
}

function severityRank({ kind }: Pick<Finding, 'kind'>): number {
  return worstOf([kind]) === 'down' ? 0 : 1
}
