// The minute's sweep, a page for each message: every page sends the next, so that one invocation's work has a bound
// however much waits, and the sweep itself has none.

import { sweepNotices } from '../deliver/deliver-notice.ts'
import { sweepAlerts } from '../deliver/sweep.ts'
import { sweepCallbacks } from '../exchange/sweep.ts'
import type { Queued, SweepJob } from '../jobs.ts'
import { logError, logInfo } from '../lib/log.ts'
import { settleMessage } from '../lib/settle-message.ts'
import { isKeyOf } from '../lib/table.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { beatStatement } from '../watch/heartbeats.ts'
import { INCIDENT_KINDS } from './incident-kinds.ts'
import type { OpsContext } from './ops-context.ts'
import { deleteExpired } from './retention.ts'
import { isSealWalkDue, walkSealedPage } from './seal-walk.ts'
import { isAnySlotless, moveSlotlessAccounts } from './slot-walk.ts'
import { postStoredIncident } from './tell-incident.ts'
import { storeIncident } from './watch-over.ts'

/** One that has not come to its end by then is left to those that began later: no more than these run at once. */
export const SWEEP_MAX_MS = 10 * MINUTE_MS

/** That forgetting goes on is noted no more often than this: it costs a row. */
const BEAT_EVERY_MS = 5 * MINUTE_MS

/** Each part begins with its oldest row. */
export async function startSweep(context: Pick<OpsContext, 'now' | 'sweep'>): Promise<void> {
  const startedAt = context.now()
  await context.sweep.sendBatch([
    { body: { kind: 'alerts', startedAt, after: null } },
    { body: { kind: 'notices', startedAt, after: null } },
    { body: { kind: 'callbacks', startedAt, after: null } },
    { body: { kind: 'retention', startedAt } },
  ])
}

export async function consumeSweeps(
  context: OpsContext,
  jobs: readonly Queued<SweepJob>[],
): Promise<void> {
  for (const { message, job } of jobs) {
    await settleMessage(message, { queue: 'sweep', kind: job.kind }, async () => {
      if (job.kind === 'incident') {
        return postStoredIncident(context, job.incidentId, message.attempts)
      }
      if (job.kind === 'unstored_incident') {
        const { incidentKind, ...incident } = job
        if (isKeyOf(INCIDENT_KINDS, incidentKind)) {
          await storeIncident(context, { ...incident, kind: incidentKind })
        }
        return null
      }
      const ageMs = context.now() - job.startedAt
      if (ageMs > SWEEP_MAX_MS) logError('sweep.left', { part: job.kind, age_ms: ageMs })
      else await sweepPage(context, job)
      return null
    })
  }
}

type PageJob = Extract<SweepJob, { readonly startedAt: number }>

async function sweepPage(context: OpsContext, job: PageJob): Promise<void> {
  const { count, next } = await sweepPart(context, job)
  logInfo('sweep.done', { part: job.kind, count, is_last: next === null })
  if (next) await context.sweep.send(next)
}

type Swept = { readonly count: number; readonly next: PageJob | null }

async function sweepPart(context: OpsContext, job: PageJob): Promise<Swept> {
  switch (job.kind) {
    case 'alerts': {
      const { count, last } = await sweepAlerts(context, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'notices': {
      const { count, last } = await sweepNotices(context, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'callbacks': {
      const { count, last } = await sweepCallbacks(context, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'retention': {
      const count = await deleteExpired(context.db, context.now(), context.config.kept)
      await beatStatement(context.db, 'retention', context.now(), { everyMs: BEAT_EVERY_MS })
      return { count, next: await nextWalk(context, job.startedAt) }
    }
    case 'slots': {
      const count = await moveSlotlessAccounts(context.db)
      // By then the next minute has begun another.
      const isOver = count === 0 || context.now() - job.startedAt >= MINUTE_MS
      return { count, next: isOver ? null : job }
    }
    case 'keys': {
      const count = await walkSealedPage(context)
      const isOver = count === null || context.now() - job.startedAt >= MINUTE_MS
      return { count: count ?? 0, next: isOver ? null : job }
    }
  }
}

/** What walks go on after retention, one at a time: accounts without a slot first. */
async function nextWalk(context: OpsContext, startedAt: number): Promise<PageJob | null> {
  if (await isAnySlotless(context.db)) return { kind: 'slots', startedAt }
  return (await isSealWalkDue(context)) ? { kind: 'keys', startedAt } : null
}
