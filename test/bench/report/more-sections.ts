// The sections of docs/measured.md that are about cost, strangers and sudden death. Pure.

import type { Comparison, TimeTo202 } from '../against-bare.ts'
import type { CostFigures } from '../cost.ts'
import type { RefusalFigures } from '../refusals.ts'
import type { Result } from '../results.ts'
import { drawBarChart } from './chart.ts'
import { dots } from './lines.ts'
import type { Section } from './sections.ts'
import { type Column, markdownTable } from './table.ts'

const doorName = ({ door }: { readonly door: string }) =>
  door === 'front' ? 'wrangler dev' : 'direct'

const comparisonColumns: readonly Column<Comparison>[] = [
  { head: 'route', cell: ({ what }) => `\`${what}\`` },
  { head: 'the bare Worker', cell: ({ bare }) => bare },
  { head: 'door', cell: doorName },
  { head: 'ours/s', cell: ({ ourPerSecond }) => ourPerSecond },
  { head: 'bare/s', cell: ({ barePerSecond }) => barePerSecond },
  { head: 'ours ÷ bare', cell: ({ ratio }) => ratio },
  { head: 'by CPU', cell: ({ cpuRatio }) => cpuRatio },
  { head: 'failures', cell: ({ failures }) => failures },
  { head: 'load', cell: ({ loadAverage }) => loadAverage },
]

const timeColumns: readonly Column<TimeTo202>[] = [
  { head: 'who', cell: ({ what }) => what },
  { head: 'door', cell: doorName },
  { head: 'rate', cell: ({ perSecond }) => `${perSecond}/s` },
  { head: 'time to 202', cell: ({ answeredMs }) => dots(answeredMs) },
  { head: 'failures', cell: ({ failures }) => failures },
  { head: 'load', cell: ({ loadAverage }) => loadAverage },
]

export function bareSection({ figures }: Result<'bare'>): Section {
  return {
    text: `## Against a bare Worker

Requests per second of our route over those of a bare one in the same isolate, turn by turn, 16 connections, median of the
rounds; *by CPU*: the same from CPU time, which others on the machine disturb less. The events are of accounts without a
number; the bare Worker writes the same row into the same table and sends one queue message. What the difference consists
of: [decision 048](decisions/048-what-a-request-costs.md).

${markdownTable(
  figures.flatMap(({ comparisons }) => comparisons),
  comparisonColumns,
)}

Time to 202 at a fixed rate, milliseconds, p50 · p95 · p99 · max:

${markdownTable(
  figures.flatMap(({ timesTo202 }) => timesTo202),
  timeColumns,
)}`,
    charts: {},
  }
}

const refusalColumns: readonly Column<RefusalFigures>[] = [
  { head: 'request', cell: ({ method, path }) => `\`${method} ${path}\`` },
  { head: 'what', cell: ({ what }) => what },
  { head: 'body, bytes', cell: ({ bodyBytes }) => bodyBytes },
  { head: 'answer', cell: ({ statuses }) => statuses },
  { head: 'CPU, ms', cell: ({ cpuMs }) => cpuMs },
  { head: '× bare, same body', cell: ({ timesBareCpu }) => timesBareCpu },
  { head: '× bare, nothing asked', cell: ({ timesEmptyCpu }) => timesEmptyCpu },
  { head: 'time × bare', cell: ({ timesBareTime }) => timesBareTime },
  { head: 'load', cell: ({ loadAverage }) => loadAverage },
]

const DEAREST = 12

export function refusalsSection({ figures }: Result<'refusals'>): Section {
  const dearest = [...figures].sort((a, b) => (b.cpuMs ?? 0) - (a.cpuMs ?? 0)).slice(0, DEAREST)
  const chart = drawBarChart({
    title: `The ${dearest.length} dearest requests of a stranger`,
    unit: 'ms of CPU',
    series: ['CPU'],
    groups: dearest.map(({ path, what, bodyBytes, cpuMs }) => ({
      label:
        `${path.slice(0, 20)} ${bodyBytes > 1_024 ? `${Math.round(bodyBytes / 1_024)} KiB` : what}`.slice(
          0,
          34,
        ),
      values: [cpuMs],
    })),
  })
  return {
    text: `## What a stranger can make us pay

Every path for which nobody has to prove anything, with proofs that are well formed and wrong. CPU of the whole runtime, D1
included, one request after the other, through the direct door; beside it a bare Worker that reads a body as long and refuses.

![The dearest requests of a stranger](charts/refusals.svg)

${markdownTable(figures, refusalColumns)}`,
    charts: { 'refusals.svg': chart },
  }
}

const costColumns: readonly Column<CostFigures>[] = [
  { head: 'what', cell: ({ what }) => what },
  { head: 'D1 rows written', cell: ({ rowsWritten }) => rowsWritten },
  { head: 'rows read', cell: ({ rowsRead }) => rowsRead },
  { head: 'queue messages', cell: ({ queueMessages }) => queueMessages },
]

export function costSection({ figures }: Result<'cost'>): Section {
  return {
    text: `## Cost

Counts of D1 and of the queues, the same on every machine.

${markdownTable(figures, costColumns)}`,
    charts: {},
  }
}

export function killsSection({ figures }: Result<'kills'>): Section {
  const rows: readonly (readonly [string, string])[] = [
    ['kill -9 of the local runtime', String(figures.kills)],
    ['logins posted', String(figures.logins)],
    ['answered 202', String(figures.accepted)],
    ['… whose row is missing', String(figures.rowsMissing)],
    ['… events deferred to the queue, which dies too', String(figures.deferred)],
    ['… never told after the drain', neverTold(figures)],
    ['… told twice', String(figures.toldTwice)],
    ['seconds until all were told', String(figures.drainSeconds)],
  ]
  return {
    text: `## Killed

At random moments under 40 logins a second, started again on the same database each time. Local queues live in memory, so
their messages die as well, and the minute's work (run by the bench after each start) has to find the rows.

${markdownTable(rows, [
  { head: 'what', cell: ([what]) => what },
  { head: 'count', cell: ([, count]) => count },
])}`,
    charts: {},
  }
}

function neverTold({ neverTold: count, neverToldStates }: Result<'kills'>['figures']): string {
  const states = Object.entries(neverToldStates).map(([state, times]) => `${state} ${times}`)
  return states.length === 0 ? String(count) : `${count} (${states.join(', ')})`
}
