// Countries that no code SMS goes to because an operator stopped it: for an hour, for a day, until it is undone. Stops codes
// alone, to every number of the country; alerts, locks and their texts go on.

import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { codeStops } from './tables.ts'

export type CodeStop = typeof codeStops.$inferSelect

const inForce = (now: number) => or(isNull(codeStops.untilAt), gt(codeStops.untilAt, now))

/** Nothing or one row, with every code that is asked for. */
export function readCodeStopStatement(db: Db, country: string, now: number) {
  return db
    .select({ country: codeStops.country })
    .from(codeStops)
    .where(and(eq(codeStops.country, country), inForce(now)))
}

/** Those in force, for an operator's page. */
export async function listCodeStops(db: Db, now: number): Promise<readonly CodeStop[]> {
  return db.select().from(codeStops).where(inForce(now)).orderBy(codeStops.country)
}

/** Repeated, it lasts as it was said last. */
export function stopCodesStatement(db: Db, { country, sinceAt, untilAt }: CodeStop) {
  return db
    .insert(codeStops)
    .values({ country, sinceAt, untilAt })
    .onConflictDoUpdate({ target: codeStops.country, set: { sinceAt, untilAt } })
}

export function allowCodesStatement(db: Db, country: string, now: number) {
  return db.delete(codeStops).where(and(eq(codeStops.country, country), inForce(now)))
}

/** What is over; the table is as short as the list of countries. */
export function forgetCodeStopsStatement(db: Db, now: number) {
  return db.delete(codeStops).where(lte(sql`coalesce(${codeStops.untilAt}, ${now + 1})`, now))
}
