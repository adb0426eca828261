// Trust by hand: whatever isolates, a provider's own answer or learning hold against it is over now, everywhere within two
// seconds. What it does from now on counts as ever.

import { eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../lib/db.ts'
import { breakerScope } from './breaker.ts'
import { EVIDENCE_MS } from './route-samples.ts'
import { breakers, routeChanges, routeFaults, routeWeights } from './tables.ts'

/**
 * For one batch; how many breakers closed, the second statement returns, and how many weights rose the fourth says by its
 * changes. Without a country, all that is held against the provider anywhere.
 */
export function trustAgainStatements(
  db: Db,
  { provider, country }: { readonly provider: string; readonly country: string | null },
  now: number,
) {
  const isMeant = (column: SQLiteColumn) => meant(column, provider, country)
  const hand = sql`${now}, 'hand'`
  return [
    db
      .insert(routeChanges)
      .select(
        sql`SELECT opened_at, scope, 'closed', ${hand}, '', NULL FROM ${breakers} WHERE ${isMeant(breakers.scope)}`,
      )
      .onConflictDoNothing(),
    db
      .delete(breakers)
      .where(isMeant(breakers.scope))
      .returning({ scope: breakers.scope, trips: breakers.trips }),
    db
      .insert(routeChanges)
      .select(
        sql`SELECT ${now}, scope, 'weight', ${hand}, kept_percent || ' to 100 percent', NULL FROM ${routeWeights} WHERE ${isMeant(routeWeights.scope)} AND kept_percent < 100`,
      )
      .onConflictDoNothing(),
    // Not deleted: what led to it must not lower it again within the minute.
    db
      .update(routeWeights)
      .set({
        keptPercent: 100,
        relapses: 0,
        retryAt: now + EVIDENCE_MS,
        changedAt: now,
        reason: 'recovered',
      })
      .where(sql`${isMeant(routeWeights.scope)} AND ${routeWeights.keptPercent} < 100`),
    db.delete(routeFaults).where(isMeant(routeFaults.scope)),
  ] as const
}

function meant(column: SQLiteColumn, provider: string, country: string | null): SQL {
  const inside = breakerScope(provider, '')
  const all = or(eq(column, provider), eq(sql`substr(${column}, 1, ${inside.length})`, inside))
  return (country === null ? all : inArray(column, [breakerScope(provider, country)])) ?? sql`false`
}
