// Whether an alert says that withdrawals wait, and until when: of what holds by itself, and to the end of all that holds, be it a
// lock or a hold of before. Pure.

import type { Account } from '../account/accounts.ts'
import { ACTIVITIES } from '../login/activity.ts'
import type { Login } from '../login/login.ts'

/** It is of the kind that holds, whether this one began the hold or came into one. */
export function isOfHold({ holdUntil, activity }: Pick<Login, 'holdUntil' | 'activity'>): boolean {
  return holdUntil !== null || (activity !== null && ACTIVITIES[activity].startsHold)
}

/** Null where nothing holds any more: a text may be tried again for a day. */
export function latestOf(
  account: Pick<Account, 'holdUntil'> | null,
  latestEnd: number | null,
  now: number,
): number | null {
  const until = Math.max(account?.holdUntil ?? 0, latestEnd ?? 0)
  return until > now ? until : null
}
