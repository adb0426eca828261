// What the shared rows say of providers, for the operator: who is distrusted and why, whom learning lowered, and what was
// changed by itself of late. Small tables, each read whole or by its key.

import { asc, desc } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { breakers, routeChanges, routeWeights } from './tables.ts'

export type BreakerRow = typeof breakers.$inferSelect
export type WeightRow = typeof routeWeights.$inferSelect
export type RouteChangeRow = typeof routeChanges.$inferSelect

const ROWS_MAX = 500

export function readBreakerRowsStatement(db: Db) {
  return db.select().from(breakers).orderBy(asc(breakers.scope)).limit(ROWS_MAX)
}

export function readWeightRowsStatement(db: Db) {
  return db.select().from(routeWeights).orderBy(asc(routeWeights.scope)).limit(ROWS_MAX)
}

/** By when what was changed began, the newest first. */
export function readChangesStatement(db: Db, limit: number) {
  return db
    .select()
    .from(routeChanges)
    .orderBy(desc(routeChanges.openedAt), desc(routeChanges.scope))
    .limit(limit)
}
