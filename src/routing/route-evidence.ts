// What samples say of a provider: sums, shares, a verdict. Pure, and without memory: whether anything
// follows from a verdict is decide-weights.ts's.

import type { SampleCell, SampleCounts, SampleKind } from './route-samples.ts'

export type BadReason = 'faults' | 'slow_calls' | 'receipts'

export type Verdict = { readonly reason: BadReason; readonly badPercent: number }

/** How much has to be there before it counts: of calls or receipts in all, and bad ones among them. */
export type Least = { readonly samples: number; readonly bad: number }

/** Bad from here on; the share is GOV.UK Notify's for slow deliveries. */
export const BAD_PERCENT = 15
/** Clean below this: between the two nothing is done, so that nothing goes to and fro. */
const CLEAN_PERCENT = 5

const CALLS: readonly SampleKind[] = ['ok', 'slow', 'fault']
const RECEIPTS: readonly SampleKind[] = ['delivered', 'late', 'failed', 'missing']

const MEASURES: readonly {
  readonly reason: BadReason
  readonly bad: readonly SampleKind[]
  readonly all: readonly SampleKind[]
}[] = [
  { reason: 'faults', bad: ['fault'], all: CALLS },
  { reason: 'slow_calls', bad: ['slow'], all: CALLS },
  { reason: 'receipts', bad: ['late', 'failed', 'missing'], all: RECEIPTS },
]

export function sumCounts(cells: readonly SampleCell[]): SampleCounts {
  const total: Partial<Record<SampleKind, number>> = {}
  for (const { counts } of cells) {
    for (const kind of [...CALLS, ...RECEIPTS]) {
      const count = counts[kind]
      if (count !== undefined) total[kind] = (total[kind] ?? 0) + count
    }
  }
  return total
}

/** The worst measure that has enough samples, with its share, be it bad or not; null without any. */
export function worstMeasure(counts: SampleCounts, least: Least): Verdict | null {
  const verdicts = MEASURES.flatMap(({ reason, bad, all }): Verdict[] => {
    const total = add(counts, all)
    const badCount = add(counts, bad)
    if (total === 0 || total < least.samples) return []
    const isChance = badCount < least.bad
    return [{ reason, badPercent: isChance ? 0 : (badCount * 100) / total }]
  })
  return verdicts.reduce<Verdict | null>(
    (worst, verdict) => (worst && worst.badPercent >= verdict.badPercent ? worst : verdict),
    null,
  )
}

/** The last minute that held anything bad, if all in all it is more than now and then; else null. */
export function lastBadMinuteAt(cells: readonly SampleCell[]): number | null {
  const worst = worstMeasure(sumCounts(cells), { samples: 1, bad: 1 })
  if (!worst || worst.badPercent < CLEAN_PERCENT) return null
  const bad = MEASURES.flatMap((measure) => measure.bad)
  const minutes = cells.filter(({ counts }) => add(counts, bad) > 0).map((cell) => cell.minuteAt)
  return minutes.length === 0 ? null : Math.max(...minutes)
}

function add(counts: SampleCounts, kinds: readonly SampleKind[]): number {
  return kinds.reduce((total, kind) => total + (counts[kind] ?? 0), 0)
}
