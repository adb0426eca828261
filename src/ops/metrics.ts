// The metrics as OpenMetrics text (OpenMetrics 1.0, "Text format"). Gauges alone: what is counted here is of this hour and
// the one before, and may be read by any isolate.

import { BUCKET_ENDS_MS, type Histogram } from '../watch/histogram.ts'
import { MEASURES, type MeasureCell, sumBy } from '../watch/measure-cells.ts'
import type { Overview } from './overview.ts'

export const METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Labels = Readonly<Record<string, string>>
type Sample = { readonly suffix?: string; readonly labels?: Labels; readonly value: number }
type Family = {
  readonly name: string
  readonly type: 'gauge' | 'gaugehistogram'
  readonly help: string
  readonly samples: readonly Sample[]
}

const HEALTH_VALUE = { well: 0, degraded: 1, down: 2 } as const

export function metricsText(overview: Overview): string {
  return `${familiesOf(overview).flatMap(linesOf).join('\n')}\n# EOF\n`
}

function familiesOf({ status, sick, facts, recent, readAt, codes }: Overview): readonly Family[] {
  const perRoute = [...sumBy(recent, ({ country, provider }) => `${country} ${provider}`)]
  const perCountry = [...sumBy(recent, ({ country }) => country)]
  return [
    gauge('lockline_health', '0 well, 1 degraded, 2 down', [{ value: HEALTH_VALUE[status] }]),
    gauge(
      'lockline_incident_open',
      '1 for each incident that is open',
      sick.map(({ kind, scope }) => ({ labels: { kind, scope }, value: 1 })),
    ),
    gauge(
      'lockline_alert_calls',
      'Calls, receipts and segments of alerts in this hour and the one before',
      perRoute.flatMap(([name, { counts }]) => {
        const [country = '', provider = ''] = name.split(' ')
        return MEASURES.flatMap((measure): Sample[] => {
          const value = counts[measure]
          return value === undefined ? [] : [{ labels: { country, provider, measure }, value }]
        })
      }),
    ),
    timesFamily(
      'lockline_accepted_seconds',
      'From the webhook until a provider took it',
      perCountry,
      'accepted',
    ),
    timesFamily(
      'lockline_delivered_seconds',
      'From the webhook until its receipt',
      perCountry,
      'delivered',
    ),
    gauge(
      'lockline_locks_unconfirmed',
      'Locks older than a minute of which the exchange has not confirmed every action',
      [{ value: facts.unconfirmedLocks.length + facts.partlyConfirmed.length }],
    ),
    gauge('lockline_alerts_waiting', 'Alerts older than a minute that no provider has taken', [
      { value: facts.waiting.length },
    ]),
    gauge('lockline_dead_letters_hour', 'Messages that died in the last hour', [
      { value: facts.deadLetters.length },
    ]),
    gauge('lockline_code_segments_day', 'Segments of code SMS in a day', [
      { value: codes.segments },
    ]),
    gauge(
      'lockline_queue_backlog',
      'Messages that wait, where the runtime tells',
      facts.queues.flatMap(({ name, backlog }): Sample[] =>
        backlog === null ? [] : [{ labels: { queue: name }, value: backlog }],
      ),
    ),
    gauge(
      'lockline_database_bytes',
      'Size of the database',
      facts.databases.flatMap(({ name, bytes }): Sample[] =>
        bytes === null ? [] : [{ labels: { database: name }, value: bytes }],
      ),
    ),
    gauge(
      'lockline_cron_age_seconds',
      'Since the minute’s work ran last',
      facts.cronAt === null ? [] : [{ value: (readAt - facts.cronAt) / 1_000 }],
    ),
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

function timesFamily(
  name: string,
  help: string,
  rows: readonly (readonly [string, Pick<MeasureCell, 'times'>])[],
  time: 'accepted' | 'delivered',
): Family {
  const samples = rows.flatMap(([country, { times }]) => bucketSamples(country, times[time] ?? []))
  return { name, type: 'gaugehistogram', help, samples }
}

function bucketSamples(country: string, histogram: Histogram): readonly Sample[] {
  if (histogram.length === 0) return []
  let sum = 0
  const buckets = [...BUCKET_ENDS_MS, Number.POSITIVE_INFINITY].map((endMs, index): Sample => {
    sum += histogram[index] ?? 0
    const le = Number.isFinite(endMs) ? String(endMs / 1_000) : '+Inf'
    return { suffix: '_bucket', labels: { country, le }, value: sum }
  })
  return [...buckets, { suffix: '_gcount', labels: { country }, value: sum }]
}

function linesOf({ name, type, help, samples }: Family): readonly string[] {
  return [
    `# TYPE ${name} ${type}`,
    `# HELP ${name} ${help}`,
    ...samples.map(
      ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}`,
    ),
  ]
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
