// A lock that D1 could not take when the button was pressed, brought by the queue. Carries the instant
// of the press, so the hold runs from there.

import type { CallbackJob } from '../jobs.ts'
import { linkLockId, lockAccount } from './lock-account.ts'
import type { ActContext } from './lock-context.ts'

export async function runLockJob(
  context: ActContext,
  job: Extract<CallbackJob, { kind: 'lock' }>,
): Promise<void> {
  const { accountId, alertNumber, lockedAt } = job
  const lockId = await linkLockId(job)
  await lockAccount(context, { accountId, lockId, via: 'link', alertNumber, lockedAt })
}
