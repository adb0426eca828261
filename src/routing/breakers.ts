// The SQL of breakers: one small table, read in the claim's batch, written only when one trips or
// closes.

import { and, eq, lte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { PROBE_LEASE_MS } from './breaker.ts'
import { breakers } from './tables.ts'

/** Every tripped breaker; the table is empty in good times. */
export function readBreakersStatement(db: Db) {
  return db
    .select({ scope: breakers.scope, openUntil: breakers.openUntil, trips: breakers.trips })
    .from(breakers)
}

/** Wins the probe of each breaker that is due for one; costs no write while none is. */
export function claimProbesStatement(db: Db, now: number) {
  return db
    .update(breakers)
    .set({ probeUntil: now + PROBE_LEASE_MS })
    .where(and(lte(breakers.openUntil, now), lte(breakers.probeUntil, now)))
    .returning({ scope: breakers.scope })
}

export type BreakerTrip = {
  readonly scope: string
  readonly code: string
  readonly trips: number
  readonly openUntil: number
}

/** Opens a breaker for all isolates, or leaves it as it is when another one just did. */
export function openBreakerStatement(db: Db, trip: BreakerTrip, now: number) {
  const { scope, code, trips, openUntil } = trip
  return db
    .insert(breakers)
    .values({ scope, code, trips, openUntil, openedAt: now })
    .onConflictDoUpdate({
      target: breakers.scope,
      set: { code, trips, openUntil, openedAt: now, probeUntil: 0 },
      setWhere: sql`${breakers.openUntil} <= ${now}`,
    })
}

export function closeBreakerStatement(db: Db, scope: string) {
  return db.delete(breakers).where(eq(breakers.scope, scope))
}
