// The state of a lock for a page, which nobody waits for longer than for the lock itself.

import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { LOCK_DEADLINE_MS } from '../page/respond.ts'
import type { LockContext } from './lock-context.ts'
import type { LockState } from './lock-state.ts'

/** `unknown` while D1 is away: nothing may be said of a lock then, not even that there is none. */
export async function readLockState(
  context: LockContext,
  find: () => Promise<LockState | null>,
): Promise<LockState | 'unknown' | null> {
  try {
    return await within(context.after, LOCK_DEADLINE_MS, find())
  } catch (error) {
    logError('request.failed', errorFields(error))
    return 'unknown'
  }
}
