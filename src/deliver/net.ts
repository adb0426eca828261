// The NET queue: one message per alert, sent beside its first round, delayed until its lease has run out; it comes
// back as long as something is awaited of the alert. So an alert whose isolate died is taken up at once, not at the
// next minute, and a missing receipt is noticed when it is due.

import type { NetJob, Queued } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { onShards } from '../lib/on-shards.ts'
import { retryLater } from '../lib/settle-message.ts'
import { findLoginsByAlerts } from '../login/logins.ts'
import { flushSamples } from '../routing/route-learning.ts'
import type { DeliverContext } from './deliver-context.ts'
import { secondsUntil } from './nudge.ts'
import { OVERDUE_MS, type Revisit, type Revisited, revisitAlerts } from './revisit.ts'

export async function consumeNet(
  context: DeliverContext,
  jobs: readonly Queued<NetJob>[],
): Promise<void> {
  if (jobs.length === 0) return
  try {
    const parts = await onShards(
      context.shards,
      jobs,
      ({ job }) => job.accountId,
      async (db, some) => {
        const alertIds = new Set(some.map(({ job }) => job.alertId))
        return revisitAlerts(context, db, await findLoginsByAlerts(db, [...alertIds]))
      },
    )
    const now = context.now()
    for (const { items, outcome } of parts) {
      if (outcome.ok) settleAll(items, outcome.value, now)
      else retryAll(items, outcome.error)
    }
    // What was missing is evidence, and another isolate judges it.
    await flushSamples(context)
  } catch (error) {
    retryAll(jobs, error)
  }
}

function settleAll(
  jobs: readonly Queued<NetJob>[],
  revisited: readonly Revisited[],
  now: number,
): void {
  const byAlert = new Map(revisited.map(({ login, revisit }) => [login.alertId, revisit]))
  for (const { message, job } of jobs) {
    const delaySeconds = comesBackAfter(byAlert.get(job.alertId), now)
    // One message per alert is enough: its doubles end here.
    byAlert.delete(job.alertId)
    if (delaySeconds === null) message.ack()
    else message.retry({ delaySeconds })
  }
}

function retryAll(jobs: readonly Queued<NetJob>[], error: unknown): void {
  logError('job.failed', { queue: 'net', kind: 'deliver', ...errorFields(error) })
  for (const { message } of jobs) retryLater(message)
}

/** Null when nothing more is awaited, or the alert is gone. */
function comesBackAfter(revisit: Revisit | undefined, now: number): number | null {
  if (revisit === undefined || revisit.step === 'close') return null
  const untilAt = revisit.step === 'wait' ? revisit.untilAt : now + OVERDUE_MS
  return Math.max(1, secondsUntil(untilAt, now))
}
