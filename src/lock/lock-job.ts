// A lock that D1 could not take when the button was pressed, brought by the queue. Carries the instant
// of the press, so the hold runs from there.

import type { CallbackJob } from '../jobs.ts'
import { type Lock, linkLockId, lockAccount } from './lock-account.ts'
import type { LockActContext } from './lock-context.ts'

export async function runLockJob(
  context: LockActContext,
  job: Extract<CallbackJob, { kind: 'lock' }>,
): Promise<void> {
  const { accountId, alertNumber, lockedAt } = job
  const lockId = await linkLockId(job)
  await lockAccount(context, { accountId, lockId, via: 'link', alertNumber, lockedAt })
}

/** Also at once, where D1 answers: what the exchange asked for is the same either way. */
export function lockByApi(
  context: LockActContext,
  { accountId, lockId, lockedAt, key }: Extract<CallbackJob, { kind: 'lock_by_api' }>,
): Promise<Lock> {
  const by = key === undefined ? {} : { by: { key } }
  return lockAccount(context, { accountId, lockId, via: 'api', alertNumber: null, lockedAt, ...by })
}
