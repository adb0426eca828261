// The minute's sweep, a page of one database for each message: every page sends the next, so that one invocation's work
// has a bound however much waits, and the sweep itself has none.

import { sql } from 'drizzle-orm'
import { sweepNotices } from '../deliver/deliver-notice.ts'
import { sweepAlerts } from '../deliver/sweep.ts'
import { sweepCallbacks } from '../exchange/sweep.ts'
import type { Queued, SweepJob } from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import { within } from '../lib/deadline.ts'
import { logError, logInfo } from '../lib/log.ts'
import { settleMessage } from '../lib/settle-message.ts'
import { IS_ON_ITS_WAY } from '../lib/slot-guard.ts'
import { sendAll } from '../lib/sweep-page.ts'
import { isKeyOf } from '../lib/table.ts'
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts'
import { sweepLifts } from '../lock/lift/make-due-lifts.ts'
import { beatStatement } from '../watch/heartbeats.ts'
import { INCIDENT_KINDS } from './incident-kinds.ts'
import type { OpsContext } from './ops-context.ts'
import { deleteExpired } from './retention.ts'
import { isSealWalkDue, walkSealedPage } from './seal-walk.ts'
import { isAnySlotless, moveSlotlessAccounts } from './slot-walk.ts'
import { clearNextSlot } from './slots/clear-slot.ts'
import { slots } from './tables.ts'
import { postStoredIncident } from './tell-incident.ts'
import { storeIncident } from './watch-over.ts'

/** One that has not come to its end by then is left to those that began later: no more than these run at once. */
export const SWEEP_MAX_MS = 10 * MINUTE_MS

/** Far more than a page takes. */
const PAGE_DEADLINE_MS = 20 * SECOND_MS

/** That forgetting goes on is noted no more often than this: it costs a row. */
const BEAT_EVERY_MS = 5 * MINUTE_MS

/** Each part of each database begins with its oldest row. */
export async function startSweep(
  context: Pick<OpsContext, 'now' | 'sweep' | 'shards'>,
): Promise<void> {
  const startedAt = context.now()
  const messages = context.shards.all.flatMap(({ name }): MessageSendRequest<SweepJob>[] => {
    const fields = { startedAt, shard: name }
    return [
      { body: { kind: 'alerts', ...fields, after: null } },
      { body: { kind: 'notices', ...fields, after: null } },
      { body: { kind: 'callbacks', ...fields, after: null } },
      { body: { kind: 'lifts', ...fields, after: null } },
      { body: { kind: 'retention', ...fields } },
      // Where there is one database no slot has ever gone anywhere.
      ...(context.shards.all.length > 1
        ? [{ body: { kind: 'leftovers', after: -1, ...fields } } as const]
        : []),
    ]
  })
  await sendAll(context.sweep, messages)
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
      // A database that hangs holds up its own pages, and nothing that comes after them.
      else await within(context.after, PAGE_DEADLINE_MS, sweepPage(context, job))
      return null
    })
  }
}

type PageJob = Extract<SweepJob, { readonly startedAt: number }>

async function sweepPage(context: OpsContext, job: PageJob): Promise<void> {
  const { count, next } = await sweepPart(context, job)
  logInfo('sweep.done', { part: job.kind, count, is_last: next === null, shard: job.shard })
  if (next) await context.sweep.send(next)
}

type Swept = { readonly count: number; readonly next: PageJob | null }

async function sweepPart(context: OpsContext, job: PageJob): Promise<Swept> {
  const shard = context.shards.all.find(({ name }) => name === job.shard)
  // No more bound: what was in it is elsewhere.
  if (!shard) return { count: 0, next: null }
  const { db } = shard
  switch (job.kind) {
    case 'alerts': {
      const { count, last } = await sweepAlerts(context, db, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'notices': {
      const { count, last } = await sweepNotices(context, db, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'callbacks': {
      const { count, last } = await sweepCallbacks(context, db, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'lifts': {
      const { count, last } = await sweepLifts(context, db, job.after)
      return { count, next: last && { ...job, after: last } }
    }
    case 'retention': {
      const count = await deleteExpired(db, context.now(), context.config.kept)
      // In the same database: each has a walk of its own, and one that stands still is seen by its own beat.
      await beatStatement(db, 'retention', context.now(), { everyMs: BEAT_EVERY_MS })
      return { count, next: await nextWalk(context, db, job) }
    }
    case 'slots': {
      const count = await moveSlotlessAccounts(db)
      // By then the next minute has begun another.
      const isOver = count === 0 || context.now() - job.startedAt >= MINUTE_MS
      return { count, next: isOver ? null : job }
    }
    case 'leftovers': {
      const { rows, after } = await clearNextSlot(context.shards, shard, job.after, context.now())
      const isOver = after === null || context.now() - job.startedAt >= MINUTE_MS
      return { count: rows, next: isOver ? null : { ...job, after } }
    }
    case 'keys': {
      const count = (await isAnyOnItsWay(db)) ? null : await walkSealedPage({ ...context, db })
      const isOver = count === null || context.now() - job.startedAt >= MINUTE_MS
      return { count: count ?? 0, next: isOver ? null : job }
    }
  }
}

/** What walks go on after retention, one at a time: accounts without a slot first. */
async function nextWalk(context: OpsContext, db: Db, job: PageJob): Promise<PageJob | null> {
  const { startedAt, shard } = job
  if (await isAnySlotless(db)) return { kind: 'slots', startedAt, shard }
  // What is sealed anew in a slot that is being copied would be left behind.
  if (await isAnyOnItsWay(db)) return null
  return (await isSealWalkDue({ ...context, db })) ? { kind: 'keys', startedAt, shard } : null
}

async function isAnyOnItsWay(db: Db): Promise<boolean> {
  const found = await db.select().from(slots).where(sql.raw(IS_ON_ITS_WAY)).limit(1)
  return found.length > 0
}
