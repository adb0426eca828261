// A claim: one conditional update, so that of two consumers holding the same message one wins and the other has
// nothing to do.

import { and, eq, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

/** A timer may ring a little early. */
const EARLY_MS = 2 * SECOND_MS

/**
 * Takes an alert for one consumer until `leaseUntil`; returns it, or nothing where another has it, it is done, or
 * it waits for others to be told with: that it does whoever nudges.
 */
export function claimLoginStatement(
  db: Db,
  { accountId, alertId }: Pick<Login, 'accountId' | 'alertId'>,
  leaseUntil: number,
  now: number,
) {
  const isDue = sql`(${logins.mergedInto} IS NULL OR coalesce(${logins.leaseUntil}, 0) <= ${now + EARLY_MS})`
  return db
    .update(logins)
    .set({
      state: 'sending',
      leaseUntil,
      version: sql`${logins.version} + 1`,
    })
    .where(
      and(
        eq(logins.alertId, alertId),
        eq(logins.accountId, accountId),
        or(
          and(eq(logins.state, 'queued'), isDue),
          and(eq(logins.state, 'sending'), lte(logins.leaseUntil, now)),
        ),
      ),
    )
    .returning()
}
