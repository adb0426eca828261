// The jobs of the ALERTS queue, what is to be done now: claims all alerts of a batch at once, then delivers all of it
// side by side. At most six messages come in a batch and each makes one provider call at a time, so no more than six
// calls are in flight: the platform's limit.

import type { AlertJob, Queued } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { onShards, type Part } from '../lib/on-shards.ts'
import { retryLater, settleMessage } from '../lib/settle-message.ts'
import { type LoginToClaim, newClaim } from '../login/claim-login.ts'
import { readBoard } from '../routing/read-board.ts'
import { claimAlerts, leaseEnd } from './claim.ts'
import { deliverAlert } from './deliver-alert.ts'
import type { DeliverContext } from './deliver-context.ts'
import { deliverNotice } from './deliver-notice.ts'
import { pushAlert } from './push-alert.ts'
import { type DeferredJob, storeDeferred } from './store-deferred.ts'
import { storeQueuedOutcome } from './store-queued-outcome.ts'

type Work = { readonly message: Message<unknown>; readonly alert: LoginToClaim }

const QUEUE = 'alerts'

export async function consumeAlerts(
  context: DeliverContext,
  jobs: readonly Queued<AlertJob>[],
): Promise<void> {
  const board = readBoard(context)
  const work: Work[] = []
  const deferred: Promise<void>[] = []
  const others: Promise<void>[] = []
  for (const { message, job } of jobs) {
    if (job.kind === 'deliver') work.push({ message, alert: job })
    else if (job.kind === 'login' || job.kind === 'activity' || job.kind === 'session_end') {
      deferred.push(store(context, message, job, work))
    } else others.push(runOther(context, message, job))
  }
  // An alert waits for logins that must be stored first, and for nothing else in its batch.
  await Promise.all(deferred)
  await Promise.all([deliverAll(context, work), ...others])
  await board
}

async function store(
  context: DeliverContext,
  message: Message<unknown>,
  job: DeferredJob,
  work: Work[],
): Promise<void> {
  try {
    const alert = await storeDeferred(context, job)
    if (alert) work.push({ message, alert })
    else message.ack()
  } catch (error) {
    logError('job.failed', { queue: QUEUE, kind: job.kind, ...errorFields(error) })
    retryLater(message)
  }
}

async function runOther(
  context: DeliverContext,
  message: Message<unknown>,
  job: Extract<AlertJob, { kind: 'push' | 'notice' | 'outcome' }>,
): Promise<void> {
  await settleMessage(message, { queue: QUEUE, kind: job.kind }, async () => {
    if (job.kind === 'notice') return deliverNotice(context, job)
    await (job.kind === 'push' ? pushAlert(context, job) : storeQueuedOutcome(context, job))
    return null
  })
}

/** Those that could not be claimed now: their database fails, or their slot is on its way. */
function noteFailed(parts: readonly Part<LoginToClaim, unknown>[]): readonly LoginToClaim[] {
  return parts.flatMap(({ items, outcome }) => {
    if (outcome.ok) return []
    logError('job.failed', { queue: QUEUE, kind: 'claim', ...errorFields(outcome.error) })
    return items
  })
}

async function deliverAll(context: DeliverContext, work: readonly Work[]): Promise<void> {
  if (work.length === 0) return
  try {
    const now = context.now()
    const leaseUntil = leaseEnd(context.config, now)
    const terms = { claim: newClaim(context.randomBytes), leaseUntil }
    const alerts = [...new Map(work.map(({ alert }) => [alert.alertId, alert])).values()]
    const parts = await onShards(
      context.shards,
      alerts,
      ({ accountId }) => accountId,
      (db, some) => claimAlerts(db, some, terms, now),
    )
    const claims = new Map(parts.flatMap(({ outcome }) => (outcome.ok ? [...outcome.value] : [])))
    const away = new Set(noteFailed(parts).map(({ alertId }) => alertId))
    await Promise.all(
      work.map(async ({ message, alert }) => {
        if (away.has(alert.alertId)) return retryLater(message)
        const claim = claims.get(alert.alertId)
        claims.delete(alert.alertId)
        if (claim) {
          await settleMessage(message, { queue: QUEUE, kind: 'deliver' }, async () => {
            await deliverAlert(context, claim)
            return null
          })
          return
        }
        // Another one has it, or it is done.
        message.ack()
      }),
    )
  } catch (error) {
    logError('job.failed', { queue: QUEUE, kind: 'claim', ...errorFields(error) })
    for (const { message } of work) retryLater(message)
  }
}
