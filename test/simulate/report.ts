// What a run prints: for a failing seed how to see it again, what was violated, the lines about it and the last
// ones; for all seeds together one line, and what never happened.

import type { Verdict } from './invariants/judge.ts'
import type { Options } from './options.ts'
import type { SeedResult } from './run-seed.ts'
import { neverReached, SOMETIMES, type Sometime } from './sometimes.ts'

const SHOWN_VERDICTS = 8
const ABOUT_LINES = 30
const LAST_LINES = 15

export function describeFailure(
  result: SeedResult,
  { hours, isMoving }: Pick<Options, 'hours' | 'isMoving'>,
): string {
  const { seed, verdicts, lines } = result
  const shown = verdicts.slice(0, SHOWN_VERDICTS)
  const [first] = shown
  const about = first ? linesAbout(lines, first) : []
  return [
    `seed ${seed}: ${verdicts.length} violations`,
    ...shown.map(({ name, what, why }) => `  ${name}: ${what}\n    (${why})`),
    ...(about.length > 0 ? [`  of the log, what names ${first?.subject}:`, ...about] : []),
    '  the end of the log:',
    ...lines.slice(-LAST_LINES),
    `  again: npm run simulate -- --seed ${seed} --hours ${hours}${isMoving ? ' --moves' : ''} --verbose`,
  ].join('\n')
}

/** The last lines before it became wrong that name its subject. */
function linesAbout(lines: readonly string[], { subject }: Verdict): readonly string[] {
  return lines.filter((line) => line.includes(subject)).slice(-ABOUT_LINES)
}

export type Totals = {
  readonly runs: number
  readonly failed: number
  readonly events: number
  readonly seconds: number
  readonly counts: ReadonlyMap<Sometime, number>
}

export function describeTotals({ runs, failed, events, seconds, counts }: Totals): string {
  const never = neverReached(counts)
  return [
    ...never.map((what) => `never: ${SOMETIMES[what]} (${what})`),
    `${runs} seeds, ${failed} failed, ${events} events, ${seconds.toFixed(1)} s; ` +
      `${Object.keys(SOMETIMES).length - never.length} of ${Object.keys(SOMETIMES).length} rare branches reached`,
  ].join('\n')
}

export function addCounts(
  sum: Map<Sometime, number>,
  counts: ReadonlyMap<Sometime, number>,
): Map<Sometime, number> {
  for (const [what, count] of counts) sum.set(what, (sum.get(what) ?? 0) + count)
  return sum
}
