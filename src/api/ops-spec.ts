// GET /v1/ops/status, declared: the operator's one screen as JSON, for probes.

import * as v from 'valibot'
import {
  instant,
  instantOrNull,
  listOf,
  named,
  oneWordOf,
  text,
  whole,
  wholeOrNull,
} from '../lib/answer-spec.ts'
import { jsonAnswer } from '../lib/body-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'

export const HEALTH_WORDS = {
  well: 'nothing is known to be sick',
  degraded: 'alerts go out, and something is sick',
  down: 'alerts do not go out',
} as const

const StageSchema = (what: string) =>
  v.pipe(
    v.object({
      count: whole('How many were timed.'),
      p50_ms: wholeOrNull('Half took no longer; null without any, or beyond 300 s.'),
      p95_ms: wholeOrNull('95 percent took no longer.'),
      p99_ms: wholeOrNull('99 percent took no longer.'),
    }),
    v.description(what),
  )

const OpsStatusSchema = named(
  'OpsStatus',
  v.object({
    status: oneWordOf('The worst of what is sick.', HEALTH_WORDS),
    since: instantOrNull('Since when it is not well.'),
    incidents: listOf(
      'What is sick, the worst first.',
      v.object({
        kind: text('See docs/operations.md, *Incidents*.'),
        scope: text('Which provider, country, queue …; `*` for all.'),
        severity: oneWordOf('How bad it is.', {
          degraded: HEALTH_WORDS.degraded,
          down: HEALTH_WORDS.down,
        }),
        since: instantOrNull('When it was opened; null where the minute’s work has not noted it.'),
        evidence: text('In words, with figures.'),
        act: text('What is to be done.'),
      }),
    ),
    measured_since: instant('Since when alerts are counted below: the hour before this one.'),
    alerts: listOf(
      'How long alerts took, all (`*`) and by country, those with most alerts first.',
      v.object({
        country: text('ISO 3166-1 alpha-2, `??` where it is not known, `*` for all.'),
        accepted: StageSchema('From the webhook until a provider had taken it.'),
        delivered: StageSchema('From the webhook until the receipt that it arrived.'),
        undelivered: whole('Given up though the recipient could be reached.'),
        within_5_s_percent: v.pipe(
          v.nullable(v.number()),
          v.description('Of accepted and undelivered; null without any.'),
        ),
        quality: text('What the figures are worth.'),
      }),
    ),
    cron_at: instantOrNull('When the minute’s work ran last.'),
    queues: listOf(
      'Messages that wait, delayed ones included where the platform counts them.',
      v.object({
        name: text('Its name.'),
        backlog: wholeOrNull('Null where the runtime does not tell.'),
        oldest_at: instantOrNull('Of the oldest message.'),
      }),
    ),
    databases: listOf(
      'By binding.',
      v.object({
        name: text('Its binding.'),
        bytes: wholeOrNull('Null where it is not known.'),
        bytes_max: whole('All it can hold.'),
        days_left: wholeOrNull('At the growth of the last days; null where it does not grow.'),
      }),
    ),
    place_data_date: text('Day of the data that addresses are placed with.'),
  }),
)
export type OpsStatusAnswer = v.InferOutput<typeof OpsStatusSchema>

const QUIET = { count: 0, p50_ms: null, p95_ms: null, p99_ms: null }
const WELL: OpsStatusAnswer = {
  status: 'well',
  since: null,
  incidents: [],
  measured_since: '2026-11-23T13:00:00.000Z',
  alerts: [
    {
      country: '*',
      accepted: { count: 1200, p50_ms: 320, p95_ms: 810, p99_ms: 1700 },
      delivered: QUIET,
      undelivered: 0,
      within_5_s_percent: 100,
      quality: 'good',
    },
  ],
  cron_at: '2026-11-23T14:03:00.000Z',
  queues: [{ name: 'alerts', backlog: 0, oldest_at: null }],
  databases: [{ name: 'DB', bytes: 81_920, bytes_max: 10_000_000_000, days_left: null }],
  place_data_date: '2026-06-17',
}

export const opsSpecs: RouteSpecs = {
  [paths.opsStatus]: {
    get: {
      operationId: 'getOpsStatus',
      tag: 'Service',
      summary: 'Ask what is sick',
      description:
        'For probes of whoever runs this deployment: what the operator’s page shows. The answer is 200 whatever is sick.',
      access: 'api_key',
      answers: { 200: jsonAnswer('As it is now.', OpsStatusSchema, { well: { value: WELL } }) },
      problems: [],
    },
  },
}
