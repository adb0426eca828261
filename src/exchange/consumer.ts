// The CALLBACKS queue: callbacks to send, and locks that D1 could not take yet. Queue timing alone
// times the retries.

import type { Context } from '../context.ts'
import { type CallbackJob, parseCallbackJob } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { queueDelaySeconds } from '../lib/queue-delay.ts'
import { SECOND_MS } from '../lib/time.ts'
import { buryJob } from '../ops/dead-letters.ts'
import { sendCallback } from './send.ts'

export type RunLockJob = (
  context: Context,
  job: Extract<CallbackJob, { kind: 'lock' }>,
) => Promise<void>

/** `runLockJob` is passed in by the entry: the lock room knows this one, not the other way round. */
export async function consumeCallbacks(
  context: Context,
  batch: MessageBatch<unknown>,
  runLockJob: RunLockJob,
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const job = parseCallbackJob(message.body)
      if (!job) {
        await buryJob(context, batch.queue, message, 'malformed')
        return
      }
      try {
        const retryAfterMs =
          job.kind === 'lock'
            ? await runLockJob(context, job).then(() => null)
            : await sendCallback(context, job.accountId, job.callbackId)
        if (retryAfterMs === null) message.ack()
        else message.retry({ delaySeconds: Math.ceil(retryAfterMs / SECOND_MS) })
      } catch (error) {
        logError('job.failed', { queue: batch.queue, kind: job.kind, ...errorFields(error) })
        message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
      }
    }),
  )
}

const DEAD_RETRY_SECONDS = 300

/**
 * The dead letters of CALLBACKS. A lock that D1 refused for so long is still carried out; what is left
 * is shown to the operator, and an open callback is found by the sweep again.
 */
export async function consumeDeadCallbacks(
  context: Context,
  batch: MessageBatch<unknown>,
  runLockJob: RunLockJob,
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const job = parseCallbackJob(message.body)
      try {
        if (job?.kind === 'lock') await runLockJob(context, job)
      } catch (error) {
        logError('job.failed', { queue: batch.queue, kind: 'lock', ...errorFields(error) })
        message.retry({ delaySeconds: DEAD_RETRY_SECONDS })
        return
      }
      await buryJob(context, batch.queue, message, job ? 'retries_used' : 'malformed')
    }),
  )
}
