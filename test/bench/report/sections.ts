// The sections of docs/measured.md, one for each part: what was done, the table, the chart. Pure.

import type { DelayFigures } from '../measure-delays.ts'
import type { Result } from '../results.ts'
import { FAULT_LABELS, type Scenario } from '../scenario.ts'
import { type BarChart, drawBarChart } from './chart.ts'
import { dots } from './lines.ts'
import { type Column, markdownTable } from './table.ts'

export type Section = {
  readonly text: string
  /** By file name below docs/charts/. */
  readonly charts: Readonly<Record<string, string>>
}

const PROMISES = [
  { value: 1_000, label: '1 s' },
  { value: 3_000, label: '3 s' },
]

const delayColumns: readonly Column<DelayFigures>[] = [
  { head: 'to a door', cell: ({ doorMs }) => dots(doorMs) },
  { head: 'accepted', cell: ({ acceptedMs }) => dots(acceptedMs) },
  { head: '202', cell: ({ answeredMs }) => dots(answeredMs) },
  { head: 'refused · lost · twice', cell: (row) => `${row.refused} · ${row.lost} · ${row.twice}` },
  { head: '> 3 s · > 5 s', cell: (row) => `${row.laterThan3s} · ${row.laterThan5s}` },
  { head: 'logins', cell: ({ logins }) => logins },
  { head: 'CPU per login, ms', cell: ({ cpuMsPerLogin }) => cpuMsPerLogin },
  { head: 'load', cell: ({ loadAverage }) => loadAverage },
]

const EXPLAINED = `Milliseconds, p50 · p95 · p99 · max, from the moment the webhook was meant to leave: to the first provider's
door, to a provider's acceptance, to the 202. *Twice*: two providers accepted the same alert. *> 3 s* counts those never told
too. *CPU* is all of the target's processes, from the first login to the last copy. *load*: the machine's load average; above the number of cores others were working as well.`

export function faultsSection(result: Result<'faults'>): Section {
  const near = result.figures.filter(
    ({ scenario }) => scenario.door === 'front' && scenario.answerMs === 20,
  )
  const chart = delayChart(
    'Webhook to acceptance by what the first of two providers does',
    near
      .filter(({ scenario }) => scenario.providers === 2 && scenario.perSecond === 100)
      .map((row) => ({ label: FAULT_LABELS[row.scenario.fault], row })),
  )
  const columns: readonly Column<DelayFigures>[] = [
    { head: 'first provider', cell: ({ scenario }) => FAULT_LABELS[scenario.fault] },
    { head: 'runs', cell: ({ scenario }) => circumstances(scenario) },
    ...delayColumns,
  ]
  return {
    text: `## Webhook to provider, by fault

One isolate, D1 and queue beside it. ${EXPLAINED}

![Webhook to acceptance by fault](charts/faults.svg)

${markdownTable(result.figures, columns)}`,
    charts: { 'faults.svg': chart },
  }
}

export function distanceSection(result: Result<'distance'>): Section {
  const chart = delayChart(
    'Webhook to acceptance by distance, 20 logins a second',
    result.figures
      .filter(({ scenario }) => scenario.providers === 2)
      .map((row) => ({ label: distance(row.scenario), row })),
  )
  const columns: readonly Column<DelayFigures>[] = [
    { head: 'isolates', cell: ({ scenario }) => scenario.isolates },
    { head: 'D1 · queue, ms', cell: ({ scenario }) => `${scenario.d1Ms} · ${scenario.queueMs}` },
    { head: 'providers', cell: ({ scenario }) => providers(scenario) },
    ...delayColumns,
  ]
  return {
    text: `## Far from everything

Forty isolates are forty Workers of one local runtime (one process) over one database. Each has queues of its own, whose
messages another one gets: a local queue brings one batch at a time, forty come closer to a deployment's consumers. Every
call to D1 takes the round trip named, every queue message becomes visible so much later. In *1 isolate* the one local queue
adds its own jam. ${EXPLAINED}

![Webhook to acceptance by distance](charts/distance.svg)

${markdownTable(result.figures, columns)}`,
    charts: { 'distance.svg': chart },
  }
}

function delayChart(
  title: string,
  rows: readonly { readonly label: string; readonly row: DelayFigures }[],
): string {
  return drawBarChart({
    title,
    unit: 'ms',
    series: ['p50', 'p95', 'max'],
    marks: PROMISES,
    groups: rows.map(({ label, row }) => {
      const { p50, p95, max } = row.acceptedMs
      return { label, values: [p50, p95, max] }
    }),
  })
}

export function peersSection(result: Result<'peers'>): Section {
  const rounds = groupByThree(result.figures)
  const chart: BarChart = {
    title: 'Lockline and the usual stack, p95 to acceptance',
    unit: 'ms',
    series: ['Lockline, direct door', 'Lockline, wrangler dev', 'usual stack'],
    marks: PROMISES,
    groups: rounds.map((round) => ({
      label: `${FAULT_LABELS[round.front.scenario.fault]}, ${round.front.scenario.perSecond}/s`,
      values: [round.direct, round.front, round.peer].map(({ acceptedMs }) => acceptedMs.p95),
    })),
  }
  const times = (our: number, peer: number) => Number((peer / Math.max(1, our)).toPrecision(2))
  const columns: readonly Column<Round>[] = [
    { head: 'first provider', cell: ({ front }) => FAULT_LABELS[front.scenario.fault] },
    { head: 'rate', cell: ({ front }) => `${front.scenario.perSecond}/s` },
    { head: 'Lockline, direct', cell: ({ direct }) => dots(direct.acceptedMs) },
    { head: 'Lockline, wrangler dev', cell: ({ front }) => dots(front.acceptedMs) },
    { head: 'usual stack', cell: ({ peer }) => dots(peer.acceptedMs) },
    {
      head: 'usual ÷ direct, p50 · p95',
      cell: ({ direct, peer }) =>
        `${times(direct.acceptedMs.p50, peer.acceptedMs.p50)} · ${times(direct.acceptedMs.p95, peer.acceptedMs.p95)}`,
    },
    {
      head: '202, p50 · p95: direct, usual',
      cell: ({ direct, peer }) =>
        `${direct.answeredMs.p50} · ${direct.answeredMs.p95}, ${peer.answeredMs.p50} · ${peer.answeredMs.p95}`,
    },
    {
      head: 'lost, twice: direct · dev · usual',
      cell: (round) =>
        [round.direct, round.front, round.peer]
          .map(({ lost, twice }) => `${lost}, ${twice}`)
          .join(' · '),
    },
    {
      head: 'CPU per login, ms: direct · dev · usual',
      cell: (round) =>
        [round.direct, round.front, round.peer].map((row) => row.cpuMsPerLogin ?? '–').join(' · '),
    },
    {
      head: 'load',
      cell: (round) =>
        [round.direct, round.front, round.peer].map((row) => row.loadAverage).join(' · '),
    },
  ]
  return {
    text: `## Beside the usual stack

What a team would build in a week: node:http, \`standardwebhooks\`, BullMQ on a Redis with \`appendfsync always\` (a 202 means
stored here too), one worker process with fifty jobs at once, \`notifme-sdk\` falling back after 3 s. Same carriers, same load,
same machine, turn by turn. It takes no delivery receipts, keeps no history, seals nothing and has no lock. Milliseconds to
acceptance, p50 · p95 · p99 · max; above 1 in *usual ÷ direct* Lockline is the faster.

![p95 to acceptance beside the usual stack](charts/peers.svg)

${markdownTable(rounds, columns)}`,
    charts: { 'peers.svg': drawBarChart(chart) },
  }
}

type Round = {
  readonly front: DelayFigures
  readonly direct: DelayFigures
  readonly peer: DelayFigures
}

/** As bench.ts measures them: our two doors, then the peer. */
function groupByThree(figures: readonly DelayFigures[]): readonly Round[] {
  const rounds: Round[] = []
  for (let at = 0; at + 2 < figures.length; at += 3) {
    const [front, direct, peer] = figures.slice(at, at + 3)
    if (front && direct && peer) rounds.push({ front, direct, peer })
  }
  return rounds
}

function circumstances({ providers, answerMs, door, perSecond }: Scenario): string {
  const where = door === 'front' ? 'wrangler dev' : 'direct'
  return `${perSecond}/s, ${providers} × ${answerMs} ms, ${where}`
}

function providers({ fault, providers: count }: Scenario): string {
  const first = fault === 'none' || fault === 'stray' ? '' : 'first '
  return `${count}, ${first}${FAULT_LABELS[fault]}`
}

function distance({ isolates, d1Ms, queueMs, fault }: Scenario): string {
  return `${isolates} × D1 ${d1Ms}, queue ${queueMs}: ${fault === 'none' ? 'ok' : fault}`
}
