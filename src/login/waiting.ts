// Alerts that no provider has taken yet, all accounts together: through the partial index of what is open, with a bound.

import { and, asc, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isInPlace } from '../lib/slot.ts'
import { logins } from './tables.ts'

const ROWS_MAX = 100

export type WaitingAlert = Pick<
  typeof logins.$inferSelect,
  'accountId' | 'seq' | 'alertNumber' | 'receivedAt' | 'state'
>

/**
 * Taken in before `untilAt` and with no provider, oldest first. Not one that gathers others: it waits on purpose, until
 * its lease ends. Nor what a slot that is on its way, or was moved, has left here.
 */
export function readWaitingStatement(db: Db, untilAt: number) {
  const { accountId, seq, alertNumber, receivedAt, state, mergedInto, leaseUntil } = logins
  return db
    .select({ accountId, seq, alertNumber, receivedAt, state })
    .from(logins)
    .where(
      and(
        // A literal 1: with a bound value SQLite may not use the partial index.
        sql`${logins.isOpen} = 1`,
        lte(receivedAt, untilAt),
        inArray(state, ['queued', 'sending']),
        or(isNull(mergedInto), lte(leaseUntil, untilAt)),
        isInPlace(logins),
      ),
    )
    .orderBy(asc(receivedAt), asc(accountId), asc(seq))
    .limit(ROWS_MAX)
}
