// GET /v1/ops/status: the one screen as JSON. Behind an API key, as app.ts mounts it.

import { Hono } from 'hono'
import type { OpsStatusAnswer } from '../api/ops-spec.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { formatInstant } from '../lib/time.ts'
import { paths } from '../paths.ts'
import { INCIDENT_KINDS } from './incident-kinds.ts'
import type { LatencyRow, Percentiles } from './latency.ts'
import type { OpsContext } from './ops-context.ts'
import { type Overview, readOverview } from './overview.ts'

export const opsStatusRoutes = new Hono<RouteEnv<OpsContext>>()

opsStatusRoutes.get(paths.opsStatus, async (c) =>
  c.json(statusView(await readOverview(c.env.context))),
)

export function statusView(overview: Overview): OpsStatusAnswer {
  const { status, sick, facts, latencies, recentSinceAt, placeDataDate } = overview
  const since = sick.flatMap(({ openedAt }) => openedAt ?? [])
  return {
    status,
    since: since.length === 0 ? null : formatInstant(Math.min(...since)),
    incidents: sick.map(({ kind, scope, evidence, openedAt }) => ({
      kind,
      scope,
      severity: INCIDENT_KINDS[kind].severity,
      since: formatInstant(openedAt),
      evidence,
      act: INCIDENT_KINDS[kind].act,
    })),
    measured_since: formatInstant(recentSinceAt),
    alerts: latencies.map(latencyView),
    cron_at: formatInstant(facts.cronAt),
    queues: facts.queues.map(({ name, backlog, oldestAt }) => ({
      name,
      backlog,
      oldest_at: formatInstant(oldestAt),
    })),
    databases: facts.databases.map(({ name, bytes, bytesMax, daysLeft }) => ({
      name,
      bytes,
      bytes_max: bytesMax,
      days_left: daysLeft,
    })),
    place_data_date: placeDataDate,
  }
}

function latencyView(row: LatencyRow): OpsStatusAnswer['alerts'][number] {
  const { country, accepted, delivered, undelivered, keptPercent, quality } = row
  return {
    country,
    accepted: stageView(accepted),
    delivered: stageView(delivered),
    undelivered,
    within_5_s_percent: keptPercent,
    quality,
  }
}

function stageView({ count, p50Ms, p95Ms, p99Ms }: Percentiles) {
  return { count, p50_ms: finite(p50Ms), p95_ms: finite(p95Ms), p99_ms: finite(p99Ms) }
}

function finite(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : Math.round(ms)
}
