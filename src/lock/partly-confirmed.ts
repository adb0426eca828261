// Locks whose callback was answered and whose actions are not all done: they are not told again, so somebody has to look. Through
// a partial index that has no other rows.

import { and, asc, lte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isInPlace } from '../lib/slot.ts'
import { type ActionStatus, actionStatuses } from './lock-actions.ts'
import { locks } from './tables.ts'

const ROWS_MAX = 200

/** Made before `untilAt` and not lifted, oldest first; of a slot that is on its way, or was moved, none. */
export function readPartlyConfirmedStatement(db: Db, untilAt: number) {
  const { accountId, lockId, lockedAt, actions, answers } = locks
  return db
    .select({ accountId, lockId, lockedAt, actions, answers })
    .from(locks)
    .where(
      and(sql`${locks.partlySince} IS NOT NULL`, lte(locks.partlySince, untilAt), isInPlace(locks)),
    )
    .orderBy(asc(locks.partlySince))
    .limit(ROWS_MAX)
}

export type PartlyConfirmed = Awaited<ReturnType<typeof readPartlyConfirmedStatement>>[number]

/** Those that are not done, each with what is known of it. */
export function undoneOf({ actions, answers }: PartlyConfirmed): readonly ActionStatus[] {
  return actionStatuses(actions, answers, null).filter(({ state }) => state !== 'done')
}
