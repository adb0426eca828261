// When counts say nothing any more. They name no account, so nothing of them is erased with one.

import { lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time.ts'
import { CODE_MEMORY_MS } from './pumping.ts'
import { attemptLimits, codeCaps, codeCounts } from './tables.ts'

/** No window of a limit is longer. */
export const LIMIT_WINDOW_MAX_MS = DAY_MS
/** One day more than is ever read. */
export const CODE_COUNTS_KEPT_MS = CODE_MEMORY_MS + DAY_MS
export const CODE_CAPS_KEPT_MS = 90 * DAY_MS

/** Of all scopes, for each minute's batch. */
export function forgetCountsStatements(db: Db, now: number) {
  // Code counts have no index by time and are read as a whole: in one minute of the hour.
  return now % HOUR_MS < MINUTE_MS
    ? [
        forgetLimitsStatement(db, now),
        forgetCodeCountsStatement(db, now),
        forgetCodeCapsStatement(db, now),
      ]
    : [forgetLimitsStatement(db, now)]
}

/** Windows that are over. */
export function forgetLimitsStatement(db: Db, now: number) {
  return db
    .delete(attemptLimits)
    .where(lt(attemptLimits.windowStartedAt, now - LIMIT_WINDOW_MAX_MS))
}

export function forgetCodeCountsStatement(db: Db, now: number) {
  return db.delete(codeCounts).where(lt(codeCounts.hourAt, now - CODE_COUNTS_KEPT_MS))
}

export function forgetCodeCapsStatement(db: Db, now: number) {
  return db.delete(codeCaps).where(lt(codeCaps.dayAt, now - CODE_CAPS_KEPT_MS))
}
