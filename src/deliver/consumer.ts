// The jobs of the ALERTS queue: claims all alerts of a batch at once, then delivers all of it side by side.
// At most six messages come in a batch and each makes one provider call at a time, so no more than six
// calls are in flight: the platform's limit.

import type { AlertJob, Queued } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { retryLater, settleMessage } from '../lib/settle-message.ts'
import { readBoard } from '../routing/read-board.ts'
import { claimAlerts, leaseMs } from './claim.ts'
import { deliverAlert } from './deliver-alert.ts'
import type { DeliverContext } from './deliver-context.ts'
import { deliverNotice } from './deliver-notice.ts'
import { createGroupWriter } from './group-writer.ts'
import { pushAlert } from './push-alert.ts'
import { type AlertKey, storeDeferred } from './store-deferred.ts'

type Work = { readonly message: Message<unknown>; readonly key: AlertKey }

const QUEUE = 'alerts'

export async function consumeAlerts(
  context: DeliverContext,
  jobs: readonly Queued<AlertJob>[],
): Promise<void> {
  const prepared = await Promise.all(jobs.map((queued) => prepare(context, queued)))
  const work = prepared.filter((item) => item !== null)
  if (work.length === 0) return

  try {
    const keys = uniqueKeys(work)
    const { providers, attemptTimeoutMs } = context.config
    const now = context.now()
    const leaseUntil = now + leaseMs(providers.length, attemptTimeoutMs)
    const board = readBoard(context)
    const claimed = await claimAlerts(context.db, keys, leaseUntil, now)
    await board
    const writer = createGroupWriter(context, claimed.claims.size)
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
        await settleMessage(message, { queue: QUEUE, kind: 'deliver' }, () =>
          deliverAlert(context, writer, claim),
        )
        writer.leave()
      }),
    )
  } catch (error) {
    logError('job.failed', { queue: QUEUE, kind: 'claim', ...errorFields(error) })
    for (const { message } of work) retryLater(message)
  }
}

/** Notices and pushes are sent, deferred events stored; what remains is an alert to deliver. */
async function prepare(
  context: DeliverContext,
  { message, job }: Queued<AlertJob>,
): Promise<Work | null> {
  const of = { queue: QUEUE, kind: job.kind }
  switch (job.kind) {
    case 'deliver':
      return { message, key: job }
    case 'push':
      await settleMessage(message, of, async () => {
        await pushAlert(context, job)
        return null
      })
      return null
    case 'notice':
      await settleMessage(message, of, () => deliverNotice(context, job))
      return null
    case 'login':
    case 'session_end':
      try {
        const key = await storeDeferred(context, job)
        if (key) return { message, key }
        message.ack()
      } catch (error) {
        logError('job.failed', { ...of, ...errorFields(error) })
        retryLater(message)
      }
      return null
  }
}

function uniqueKeys(work: readonly Work[]): readonly AlertKey[] {
  return [...new Map(work.map(({ key }) => [key.alertId, key])).values()]
}
