// The dead letters of ALERTS: a job that used all its retries. The alert is closed, the exchange told,
// the operator shown; an event that D1 never took is still stored, or it would be lost.

import type { Context } from '../context.ts'
import { createGroupWriter } from '../deliver/group-writer.ts'
import { recordRound } from '../deliver/record.ts'
import { storeDeferred } from '../deliver/store-deferred.ts'
import { type AlertJob, parseAlertJob } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { findLoginByAlert } from '../login/logins.ts'
import { buryJob } from './dead-letters.ts'

const RETRY_SECONDS = 300

export async function consumeDeadAlerts(
  context: Context,
  batch: MessageBatch<unknown>,
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const job = parseAlertJob(message.body)
      try {
        // An open notice is closed by its age, when the sweep brings it again.
        if (job && job.kind !== 'notice' && job.kind !== 'push') await closeAlert(context, job)
      } catch (error) {
        logError('job.failed', { queue: batch.queue, ...errorFields(error) })
        message.retry({ delaySeconds: RETRY_SECONDS })
        return
      }
      await buryJob(context, batch.queue, message, job ? 'retries_used' : 'malformed')
    }),
  )
}

async function closeAlert(
  context: Context,
  job: Exclude<AlertJob, { kind: 'notice' | 'push' }>,
): Promise<void> {
  const key = job.kind === 'deliver' ? job : await storeDeferred(context, job)
  const login = key ? await findLoginByAlert(context.db, key.alertId) : null
  if (!login || (login.state !== 'queued' && login.state !== 'sending')) return
  await recordRound(context, createGroupWriter(context.db, 1), login, (current) => ({
    change: { state: 'undelivered', attempts: current.attempts, isOpen: false, leaseUntil: null },
    undelivered: 'dead_letter',
    retryAfterSeconds: null,
  }))
}
