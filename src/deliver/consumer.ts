// The ALERTS queue: claims the whole batch at once, then delivers all of it side by side. At most six
// messages come in a batch and each makes one provider call at a time, so no more than six calls are
// in flight: the platform's limit.

import type { Context } from '../context.ts'
import { parseAlertJob } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { queueDelaySeconds } from '../lib/queue-delay.ts'
import { buryJob } from '../ops/dead-letters.ts'
import { refreshBoard } from '../routing/breaker-board.ts'
import { refreshWeights } from '../routing/route-memory.ts'
import { claimAlerts, leaseMs } from './claim.ts'
import { deliverAlert } from './deliver-alert.ts'
import { deliverNotice } from './deliver-notice.ts'
import { createGroupWriter } from './group-writer.ts'
import { pushAlert } from './push-alert.ts'
import { type AlertKey, storeDeferred } from './store-deferred.ts'

type Work = { readonly message: Message<unknown>; readonly key: AlertKey }

export async function consumeAlerts(context: Context, batch: MessageBatch<unknown>): Promise<void> {
  const prepared = await Promise.all(
    batch.messages.map((message) => prepare(context, batch.queue, message)),
  )
  const work = prepared.filter((item) => item !== null)
  if (work.length === 0) return

  try {
    const keys = uniqueKeys(work)
    const { providers, attemptTimeoutMs } = context.config
    const now = context.now()
    const leaseUntil = now + leaseMs(providers.length, attemptTimeoutMs)
    const claimed = await claimAlerts(context.db, keys, leaseUntil, now)
    refreshBoard(context.breakers, claimed.breakers, claimed.wonProbes, now)
    refreshWeights(context.routing, claimed.weights)
    const writer = createGroupWriter(context.db, claimed.claims.size)
    const taken = new Set<string>()
    await Promise.all(
      work.map(async ({ message, key }) => {
        const claim = claimed.claims.get(key.alertId)
        if (!claim || taken.has(key.alertId)) {
          // Another consumer has it, or it is done.
          message.ack()
          return
        }
        taken.add(key.alertId)
        await settle(message, () => deliverAlert(context, writer, claim))
        writer.leave()
      }),
    )
  } catch (error) {
    logError('job.failed', { queue: batch.queue, kind: 'claim', ...errorFields(error) })
    for (const { message } of work) {
      message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
    }
  }
}

/** Malformed messages are buried, notices and pushes sent, deferred events stored; what remains is an alert to deliver. */
async function prepare(
  context: Context,
  queue: string,
  message: Message<unknown>,
): Promise<Work | null> {
  const job = parseAlertJob(message.body)
  if (!job) {
    await buryJob(context, queue, message, 'malformed')
    return null
  }
  if (job.kind === 'deliver') return { message, key: job }
  if (job.kind === 'push') {
    await settle(message, async () => {
      await pushAlert(context, job)
      return null
    })
    return null
  }
  if (job.kind === 'notice') {
    await settle(message, () => deliverNotice(context, job))
    return null
  }
  try {
    const key = await storeDeferred(context, job)
    if (key) return { message, key }
    message.ack()
  } catch (error) {
    logError('job.failed', { queue, kind: job.kind, ...errorFields(error) })
    message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
  }
  return null
}

async function settle(
  message: Message<unknown>,
  deliver: () => Promise<number | null>,
): Promise<void> {
  try {
    const retryAfterSeconds = await deliver()
    if (retryAfterSeconds === null) message.ack()
    else message.retry({ delaySeconds: retryAfterSeconds })
  } catch (error) {
    logError('job.failed', { queue: 'alerts', kind: 'deliver', ...errorFields(error) })
    message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
  }
}

function uniqueKeys(work: readonly Work[]): readonly AlertKey[] {
  return [...new Map(work.map(({ key }) => [key.alertId, key])).values()]
}
