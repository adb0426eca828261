// The SQL of breakers and of what is told of faults: small tables, read by each isolate once a second at most, written
// only when something is amiss. Every change leaves a row that says why, for the operator.

import { and, asc, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { DAY_MS, MINUTE_MS } from '../lib/time.ts'
import { PROBE_LEASE_MS, UNPROBED_CLOSES_MS } from './breaker.ts'
import { forgetOrdersStatement } from './hand-orders.ts'
import { type FaultNote, NOTES_MS } from './judge.ts'
import type { BreakerClosing, BreakerTrip } from './route-change.ts'
import { breakers, routeChanges, routeFaults } from './tables.ts'

const CHANGES_KEPT_MS = 30 * DAY_MS
const NOTES_KEPT_MS = 2 * MINUTE_MS
/** In a long outage of half the calls each isolate tells once a second; the newest suffice. */
const NOTES_READ_MAX = 500

/** Every tripped breaker; the table is empty in good times. */
export function readBreakersStatement(db: Db) {
  const { scope, openedAt, openUntil, trips } = breakers
  return db.select({ scope, openedAt, openUntil, trips }).from(breakers)
}

/** What was told of late, the newest first; nothing in good times. */
export function readFaultsStatement(db: Db, now: number) {
  return db
    .select()
    .from(routeFaults)
    .where(gt(routeFaults.notedAt, now - NOTES_MS))
    .orderBy(desc(routeFaults.notedAt))
    .limit(NOTES_READ_MAX)
}

/** Not stored while its breaker is open: that is decided. */
export function insertFaultStatement(db: Db, note: FaultNote) {
  const { scope, notedAt } = note
  const isOpen = sql`SELECT 1 FROM ${breakers} WHERE ${breakers.scope} = ${scope} AND ${breakers.openUntil} > ${notedAt}`
  return insertWhen(db, routeFaults, note, sql`NOT EXISTS (${isOpen})`).onConflictDoNothing()
}

/** Wins the probe of each breaker that is due for one; costs no write while none is. */
export function claimProbesStatement(db: Db, now: number) {
  return db
    .update(breakers)
    .set({ probeUntil: now + PROBE_LEASE_MS })
    .where(and(lte(breakers.openUntil, now), lte(breakers.probeUntil, now)))
    .returning({ scope: breakers.scope })
}

/**
 * Opens a breaker for all isolates, or leaves it as it is when another one just did: the first statement's changes say
 * which.
 */
export function openStatements(db: Db, trip: BreakerTrip) {
  const { scope, code, trips, openedAt, openUntil, by, figure } = trip
  const row = { code, trips, openUntil, openedAt, figure }
  const isOurs = sql`EXISTS (SELECT 1 FROM ${breakers} WHERE ${breakers.scope} = ${scope} AND ${breakers.openedAt} = ${openedAt})`
  return [
    db
      .insert(breakers)
      .values({ scope, ...row })
      .onConflictDoUpdate({
        target: breakers.scope,
        set: { ...row, probeUntil: 0 },
        setWhere: sql`${breakers.openUntil} <= ${openedAt}`,
      }),
    insertWhen(
      db,
      routeChanges,
      {
        openedAt,
        scope,
        change: 'opened',
        changedAt: openedAt,
        changedBy: by,
        figure: `${figure}: ${code}`,
        untilAt: openUntil,
      },
      isOurs,
    ).onConflictDoNothing(),
    // Used up: once it is closed, by whomever, what follows shall be judged by what follows.
    db
      .delete(routeFaults)
      .where(and(lte(routeFaults.notedAt, openedAt), eq(routeFaults.scope, scope))),
  ] as const
}

/** The first statement's changes say whether nobody else has said so before. */
export function closeStatements(db: Db, change: BreakerClosing, now: number) {
  const { scope, openedAt, by } = change
  return [
    insertClosedStatement(db, change, now),
    db
      .delete(breakers)
      .where(
        and(
          eq(breakers.scope, scope),
          eq(breakers.openedAt, openedAt),
          by === 'idle' ? lte(breakers.openUntil, now - UNPROBED_CLOSES_MS) : undefined,
        ),
      ),
  ] as const
}

/** A row for the first who says so; whoever comes later changes nothing. */
function insertClosedStatement(db: Db, { scope, openedAt, by }: BreakerClosing, now: number) {
  return db
    .insert(routeChanges)
    .values({
      openedAt,
      scope,
      change: 'closed',
      changedAt: now,
      changedBy: by,
      figure: '',
      untilAt: null,
    })
    .onConflictDoNothing()
}

/**
 * The same for a breaker of which it is only seen that it is gone. Not for one that was opened again meanwhile, whose
 * closing is another's, nor for a trip that was never stored.
 */
export function insertGoneStatement(
  db: Db,
  { scope, openedAt }: Pick<BreakerClosing, 'scope' | 'openedAt'>,
  now: number,
) {
  const since = sql`SELECT max(${routeChanges.openedAt}) FROM ${routeChanges} WHERE ${routeChanges.openedAt} >= ${openedAt} AND ${routeChanges.scope} = ${scope} AND ${routeChanges.change} = 'opened'`
  return insertWhen(
    db,
    routeChanges,
    {
      openedAt,
      scope,
      change: 'closed',
      changedAt: now,
      changedBy: 'hand',
      figure: '',
      untilAt: null,
    },
    sql`(${since}) = ${openedAt}`,
  ).onConflictDoNothing()
}

/** Due for a probe that nobody needed. */
export function readIdleBreakersStatement(db: Db, now: number) {
  return db
    .select({ scope: breakers.scope, openedAt: breakers.openedAt })
    .from(breakers)
    .where(lte(breakers.openUntil, now - UNPROBED_CLOSES_MS))
    .orderBy(asc(breakers.scope))
    .limit(100)
}

export function forgetStatements(db: Db, now: number) {
  return [
    db.delete(routeFaults).where(lt(routeFaults.notedAt, now - NOTES_KEPT_MS)),
    db.delete(routeChanges).where(lt(routeChanges.openedAt, now - CHANGES_KEPT_MS)),
    forgetOrdersStatement(db, now),
  ] as const
}
