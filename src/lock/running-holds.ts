// How many holds run that no lock made, for the operator: counted by an index that has those alone which nobody has ended.

import { and, count, gt, isNull } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isInPlace } from '../lib/slot.ts'
import { holds } from './tables.ts'

/** Of one database. More are not counted, so that looking is cheap whatever has happened. */
export const HOLDS_COUNTED_MAX = 10_000

/** By reason; of a slot that is on its way, where it is. */
export function countRunningHoldsStatement(db: Db, now: number) {
  const running = db
    .select({ reason: holds.reason })
    .from(holds)
    .where(and(isNull(holds.liftedAt), gt(holds.until, now), isInPlace(holds)))
    .limit(HOLDS_COUNTED_MAX)
    .as('running')
  return db.select({ reason: running.reason, count: count() }).from(running).groupBy(running.reason)
}
