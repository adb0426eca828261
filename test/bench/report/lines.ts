// One line a row, for whoever watches the bench run.

import type { Percentiles } from '../figures.ts'
import type { DelayFigures } from '../measure-delays.ts'
import type { RefusalFigures } from '../refusals.ts'

export function delayLine(figures: DelayFigures): string {
  const { target, scenario, logins, refused, lost, twice, laterThan3s, laterThan5s } = figures
  const who = target === 'Lockline' ? `${target} (${scenario.door})` : target
  return [
    who.padEnd(17),
    `door ${dots(figures.doorMs)}`,
    `accepted ${dots(figures.acceptedMs)}`,
    `202 ${dots(figures.answeredMs)} ms`,
    `of ${logins}: ${refused} refused, ${lost} lost, ${twice} twice, ${laterThan3s} > 3 s, ${laterThan5s} > 5 s`,
    `load ${figures.loadAverage}`,
  ].join('  ')
}

export function refusalLine(row: RefusalFigures): string {
  const { method, path, what, bodyBytes, statuses, cpuMs, timesBareCpu, loadAverage } = row
  const cost = `${cpuMs ?? '?'} ms CPU, ${timesBareCpu ?? '?'} × bare`
  return `${method} ${path} (${what}, ${bodyBytes} B) → ${statuses}: ${cost}  load ${loadAverage}`
}

/** p50 · p95 · p99 · max. */
export function dots({ p50, p95, p99, max }: Percentiles): string {
  return [p50, p95, p99, max].join(' · ')
}
