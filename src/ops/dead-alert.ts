// An alert's job that used all its retries: the alert is closed and the exchange told; an event or an outcome that D1
// never took is still stored, or it would be lost.

import type { DeliverContext } from '../deliver/deliver-context.ts'
import { openOutcome } from '../deliver/outcome.ts'
import { storeDeferred } from '../deliver/store-deferred.ts'
import { storeQueuedOutcome } from '../deliver/store-queued-outcome.ts'
import { writeOutcomes } from '../deliver/write-outcomes.ts'
import type { AlertJob } from '../jobs.ts'
import { findLoginByAlert } from '../login/logins.ts'

/** Nothing for a push; an open notice is closed by its age, when the sweep brings it again. */
export async function closeDeadAlert(context: DeliverContext, job: AlertJob): Promise<void> {
  if (job.kind === 'notice' || job.kind === 'push') return
  if (job.kind === 'outcome') {
    // One that no key opens will not be opened by waiting.
    const isReadable =
      (await openOutcome(context.config.dataKeys, job.alertId, job.sealed)) !== null
    return isReadable ? storeQueuedOutcome(context, job) : undefined
  }
  const key = job.kind === 'deliver' ? job : await storeDeferred(context, job)
  const login = key ? await findLoginByAlert(context.dbOf(key.accountId), key.alertId) : null
  if (!login || (login.state !== 'queued' && login.state !== 'sending')) return
  const { accountId, seq, alertId, claim } = login
  const outcome = {
    ...{ accountId, seq, alertId, claim },
    conclusion: 'dead_letter',
    attempts: [],
    awaitsReceipt: false,
    copiesToSealed: [],
  } as const
  const refused = await writeOutcomes(context, [{ outcome, login, notes: [] }])
  if (refused.length > 0) throw new Error('a dead alert that cannot be closed yet')
}
