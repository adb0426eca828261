// When counts say nothing any more. They name no account, so nothing of them is erased with one.

import { lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ageWalk } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { CODE_MEMORY_MS } from './pumping.ts'
import { attemptLimits, codeCaps, codeCounts } from './tables.ts'

/** No window of a limit is longer than a day; an erasure is remembered until a proof of that age is no longer new. */
export const LIMITS_KEPT_MS = 3 * DAY_MS
/** One day more than is ever read. */
export const CODE_COUNTS_KEPT_MS = CODE_MEMORY_MS + DAY_MS
export const CODE_CAPS_KEPT_MS = 90 * DAY_MS

/** Windows that are over. A page at a time: strangers may fill this table. */
export const limitsWalk = ageWalk(
  attemptLimits,
  attemptLimits.scope,
  attemptLimits.windowStartedAt,
  LIMITS_KEPT_MS,
)

export const codeCountsWalk = ageWalk(
  codeCounts,
  codeCounts.scope,
  codeCounts.hourAt,
  CODE_COUNTS_KEPT_MS,
)

/** By key, which is the day. */
export function forgetCodeCapsStatement(db: Db, now: number) {
  return db.delete(codeCaps).where(lt(codeCaps.dayAt, now - CODE_CAPS_KEPT_MS))
}
