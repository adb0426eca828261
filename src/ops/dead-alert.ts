// An alert's job that used all its retries: the alert is closed and the exchange told; an event that D1 never
// took is still stored, or it would be lost.

import type { DeliverContext } from '../deliver/deliver-context.ts'
import { createGroupWriter } from '../deliver/group-writer.ts'
import { recordRound } from '../deliver/record.ts'
import { storeDeferred } from '../deliver/store-deferred.ts'
import type { AlertJob } from '../jobs.ts'
import { findLoginByAlert } from '../login/logins.ts'

/** Nothing for a push; an open notice is closed by its age, when the sweep brings it again. */
export async function closeDeadAlert(context: DeliverContext, job: AlertJob): Promise<void> {
  if (job.kind === 'notice' || job.kind === 'push') return
  const key = job.kind === 'deliver' ? job : await storeDeferred(context, job)
  const login = key ? await findLoginByAlert(context.db, key.alertId) : null
  if (!login || (login.state !== 'queued' && login.state !== 'sending')) return
  await recordRound(context, createGroupWriter(context, 1), login, (current) => ({
    change: { state: 'undelivered', attempts: current.attempts, isOpen: false, leaseUntil: null },
    undelivered: 'dead_letter',
    retryAfterSeconds: null,
  }))
}
