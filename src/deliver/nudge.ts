// Makes a queue bring an alert: ALERTS for what is to be done now, or when a retry is due; NET for a look at it after its
// lease. The row is the truth: a nudge that is lost costs time (NET finds what ALERTS lost, the sweep what NET lost),
// never the alert.

import type { AlertJob, NetJob } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { DeliverContext } from './deliver-context.ts'

export type AlertKey = { readonly accountId: string; readonly alertId: string }

export function deliverJob({ accountId, alertId }: AlertKey): NetJob {
  return { kind: 'deliver', accountId, alertId }
}

/** Queues take whole seconds; none where the instant has passed. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / SECOND_MS))
}

/** Work for a consumer, now or when a retry is due. Never throws; false when the queue refused. */
export function nudgeAlerts(
  { alerts }: Pick<DeliverContext, 'alerts'>,
  job: AlertJob,
  delaySeconds = 0,
): Promise<boolean> {
  return send(alerts, job, delaySeconds)
}

/** One message per alert: it comes back until nothing more is awaited of the alert. Never throws. */
export function nudgeNet(
  { net }: Pick<DeliverContext, 'net'>,
  key: AlertKey,
  delaySeconds: number,
): Promise<boolean> {
  return send(net, deliverJob(key), delaySeconds)
}

async function send<Job extends AlertJob>(
  queue: Queue<Job>,
  job: Job,
  delaySeconds: number,
): Promise<boolean> {
  try {
    await queue.send(job, { delaySeconds })
    return true
  } catch (error) {
    logError('request.failed', { kind: job.kind, ...errorFields(error) })
    return false
  }
}
