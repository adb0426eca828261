// What the minute's work leaves for those who ask later: what it learnt, and where the walk of forgetting stood. JSON in
// the heartbeat's row; another version may have written it, so it is parsed.

import * as v from 'valibot'
import { parseJson } from '../lib/json.ts'
import type { SampleCell, SampleCounts } from '../routing/route-samples.ts'
import type { WalkFacts } from './facts.ts'

const CellSchema = v.object({
  provider: v.string(),
  country: v.string(),
  minuteAt: v.number(),
  counts: v.record(
    v.picklist(['ok', 'slow', 'fault', 'delivered', 'late', 'failed', 'missing']),
    v.number(),
  ),
})

const SnapshotSchema = v.object({
  evidence: v.array(CellSchema),
  walks: v.record(v.string(), v.object({ cursor: v.nullable(v.string()), startedAt: v.number() })),
})

export type Snapshot = {
  /** One cell for each provider and country, of the last quarter of an hour. */
  readonly evidence: readonly SampleCell[]
  /** By the names of databases. */
  readonly walks: Readonly<Record<string, WalkFacts>>
}

export function writeSnapshot({ evidence, walks }: Snapshot): string {
  return JSON.stringify({ evidence: sumMinutes(evidence), walks })
}

/** Null where there is none, or none that is understood. */
export function readSnapshot(text: string | undefined): Snapshot | null {
  const parsed = v.safeParse(SnapshotSchema, parseJson(text ?? ''))
  return parsed.success ? parsed.output : null
}

/** A country may have been asked for in each of fifteen minutes; the newest of them stands for all. */
function sumMinutes(cells: readonly SampleCell[]): readonly SampleCell[] {
  const sums = new Map<string, SampleCell>()
  for (const cell of cells) {
    const name = `${cell.provider}/${cell.country}`
    const known = sums.get(name)
    sums.set(name, known ? mergeCells(known, cell) : cell)
  }
  return [...sums.values()]
}

function mergeCells(left: SampleCell, right: SampleCell): SampleCell {
  const minuteAt = Math.max(left.minuteAt, right.minuteAt)
  return { ...left, minuteAt, counts: addCounts(left.counts, right.counts) }
}

export function addCounts(left: SampleCounts, right: SampleCounts): SampleCounts {
  const sum = (kind: keyof SampleCounts) => (left[kind] ?? 0) + (right[kind] ?? 0)
  return {
    ok: sum('ok'),
    slow: sum('slow'),
    fault: sum('fault'),
    delivered: sum('delivered'),
    late: sum('late'),
    failed: sum('failed'),
    missing: sum('missing'),
  }
}

/** Where the walk stands now, and when its round began: one whose cursor is at or before the former one has begun anew. */
export function nextWalk(before: WalkFacts | null, cursor: string | null, now: number): WalkFacts {
  const isOn =
    before !== null && cursor !== null && (before.cursor === null || cursor >= before.cursor)
  return { cursor, startedAt: isOn ? before.startedAt : now }
}
