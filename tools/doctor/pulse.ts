// What the deployment has noted of itself: when the minute's work came last, and which incidents are open. Read from D1 past
// the Worker, so that a Worker that answers nothing is looked at as well.

import type { Cloudflare } from '../cloudflare/api.ts'
import { queryDatabase } from '../cloudflare/databases.ts'
import { fail, type Line, ok, warn } from './line.ts'

const STILL_MS = 3 * 60_000

/** @param databaseId of the control data, binding `DB` */
export async function pulseLines(
  cloudflare: Cloudflare,
  databaseId: string,
  now: number,
): Promise<readonly Line[]> {
  const tables = await queryDatabase(
    cloudflare,
    databaseId,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('heartbeats', 'incidents')",
  )
  if (tables.length < 2) {
    return [
      warn('no heartbeat is stored by what is deployed', 'Deploy this version, then look again.'),
    ]
  }
  const [beat] = await queryDatabase(
    cloudflare,
    databaseId,
    "SELECT beat_at FROM heartbeats WHERE name = 'cron'",
  )
  const incidents = await queryDatabase(
    cloudflare,
    databaseId,
    'SELECT kind, scope, opened_at FROM incidents WHERE closed_at IS NULL ORDER BY opened_at LIMIT 50',
  )
  return [cronLine(beat?.beat_at, now), ...incidentLines(incidents, now)]
}

/** Pure. */
export function cronLine(beatAt: unknown, now: number): Line {
  const act = 'docs/runbook.md, cron_still. After a first deployment it begins within 15 minutes.'
  if (typeof beatAt !== 'number') return warn('cron has not run yet', act)
  const text = `cron ran ${ago(now - beatAt)} ago`
  return now - beatAt > STILL_MS ? fail(text, act) : ok(text)
}

function incidentLines(
  rows: readonly Readonly<Record<string, unknown>>[],
  now: number,
): readonly Line[] {
  if (rows.length === 0) return [ok('no incident is open')]
  return rows.map(({ kind, scope, opened_at }) => {
    const since = typeof opened_at === 'number' ? `, for ${ago(now - opened_at)}` : ''
    return warn(`incident ${kind} (${scope})${since}`, `docs/runbook.md, ${kind}.`)
  })
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}
