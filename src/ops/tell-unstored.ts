// Tells of what cannot be noted, because the database that would note it does not answer: posted at once, under an id that
// is the same for an hour, and left to the queue to be noted once it can be, so that the minute's work closes it.

import { within } from '../lib/deadline.ts'
import { HOME } from '../lib/slot-guard.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import type { OpsContext } from './ops-context.ts'
import { incidentIdInHour, postIncident } from './tell-incident.ts'

const PROBE_DEADLINE_MS = 2 * SECOND_MS
const AGAIN_MS = 15 * MINUTE_MS

/** `DB` refused the minute's work or was silent; of the others, those that do not answer either. */
export async function tellUnavailable(context: OpsContext): Promise<void> {
  const others = context.shards.all.filter(({ name }) => name !== HOME)
  await Promise.all([
    tellOne(context, HOME),
    ...others.map(async ({ name, database }) => {
      if (!(await isAnswering(context, database))) await tellOne(context, name)
    }),
  ])
}

async function isAnswering(
  { after }: Pick<OpsContext, 'after'>,
  database: D1Database,
): Promise<boolean> {
  try {
    await within(after, PROBE_DEADLINE_MS, database.prepare('SELECT 1').all())
    return true
  } catch {
    return false
  }
}

async function tellOne(context: OpsContext, scope: string): Promise<void> {
  const now = context.now()
  const kind = 'database_unavailable'
  const incidentId = await incidentIdInHour(kind, scope, now)
  const evidence = 'It refused the minute’s work, or did not answer it in time.'
  const incident = { incidentId, kind, scope, openedAt: now, evidence } as const
  const isTold = await postIncident(
    context,
    { ...incident, closedAt: null },
    newsInHour(context.watch.cronAt, now),
  )
  await context.sweep.send({ ...incident, kind: 'unstored_incident', incidentKind: kind, isTold })
}

/**
 * What tells an hour's first outage from its next, and is the same all through one: when the minute's work was last known to
 * have ended. Isolates share nothing, so those that know an older instant, or none, say it under another: whoever knows
 * nothing, once in a quarter of an hour. Better said twice than a second outage taken for the first.
 */
export function newsInHour(knownAt: number | null, now: number): number {
  const startOf = (ms: number) => Math.floor(now / ms) * ms
  return knownAt === null ? startOf(AGAIN_MS) : Math.max(knownAt, startOf(HOUR_MS))
}
