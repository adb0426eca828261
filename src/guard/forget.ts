// When counts say nothing any more. They name no account, so nothing of them is erased with one.

import { and, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { type KeyRange, pageEndStatement, withinRange } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { CODE_MEMORY_MS } from './pumping.ts'
import { attemptLimits, codeCaps, codeCounts } from './tables.ts'

/** No window of a limit is longer. */
export const LIMIT_WINDOW_MAX_MS = DAY_MS
/** One day more than is ever read. */
export const CODE_COUNTS_KEPT_MS = CODE_MEMORY_MS + DAY_MS
export const CODE_CAPS_KEPT_MS = 90 * DAY_MS

/** Windows that are over. A page at a time: strangers may fill this table. */
export const limitsWalk = {
  pageEnd: (db: Db, after: string) =>
    pageEndStatement(db, attemptLimits, attemptLimits.scope, after),
  forget: (db: Db, range: KeyRange, now: number) =>
    db
      .delete(attemptLimits)
      .where(
        and(
          withinRange(attemptLimits.scope, range),
          lt(attemptLimits.windowStartedAt, now - LIMIT_WINDOW_MAX_MS),
        ),
      ),
}

export const codeCountsWalk = {
  pageEnd: (db: Db, after: string) => pageEndStatement(db, codeCounts, codeCounts.scope, after),
  forget: (db: Db, range: KeyRange, now: number) =>
    db
      .delete(codeCounts)
      .where(
        and(withinRange(codeCounts.scope, range), lt(codeCounts.hourAt, now - CODE_COUNTS_KEPT_MS)),
      ),
}

/** By key, which is the day. */
export function forgetCodeCapsStatement(db: Db, now: number) {
  return db.delete(codeCaps).where(lt(codeCaps.dayAt, now - CODE_CAPS_KEPT_MS))
}
