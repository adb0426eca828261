// The SQL of incidents. Whoever opens one first has opened it; what follows is told by whoever did.

import { and, asc, desc, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { DAY_MS } from '../lib/time.ts'
import type { Incident, OpenIncident } from './decide-incidents.ts'
import { incidents } from './tables.ts'

export const INCIDENTS_KEPT_MS = 400 * DAY_MS
const OPEN_MAX = 500
const UNTOLD_MAX = 50

export type NewIncident = Pick<Incident, 'incidentId' | 'kind' | 'scope' | 'openedAt' | 'evidence'>

export function readOpenStatement(db: Db) {
  return db
    .select()
    .from(incidents)
    .where(isNull(incidents.closedAt))
    .orderBy(asc(incidents.kind), asc(incidents.scope))
    .limit(OPEN_MAX)
}

/** The newest first; `beforeAt`: where the page before ended. */
export function readHistoryStatement(db: Db, beforeAt: number, limit: number) {
  return db
    .select()
    .from(incidents)
    .where(lt(incidents.openedAt, beforeAt))
    .orderBy(desc(incidents.openedAt))
    .limit(limit)
}

/** Of the last day, oldest first: what nobody has heard of although it was posted, or should have been, before `untilAt`. */
export function readUntoldStatement(db: Db, untilAt: number, now: number) {
  return db
    .select()
    .from(incidents)
    .where(
      and(
        // A literal 0: with a bound value SQLite may not use the partial index.
        sql`${incidents.isTold} = 0`,
        gt(incidents.openedAt, now - DAY_MS),
        lte(sql`coalesce(${incidents.closedAt}, ${incidents.openedAt})`, untilAt),
      ),
    )
    .orderBy(asc(incidents.openedAt))
    .limit(UNTOLD_MAX)
}

export async function findIncident(db: Db, incidentId: string): Promise<Incident | null> {
  const [found] = await db.select().from(incidents).where(eq(incidents.incidentId, incidentId))
  return found ?? null
}

/**
 * False where one of the kind and scope is open, or this very one was. One that bears the id of an hour, and began after
 * another of that id was over, is a new one; the former keeps its row under an id of its own.
 */
export async function insertIncident(
  db: Db,
  incident: NewIncident,
  isTold = false,
): Promise<boolean> {
  const { incidentId, openedAt } = incident
  const [, { meta }] = await db.batch([
    db
      .update(incidents)
      .set({ incidentId: sql`${incidents.incidentId} || '_' || ${incidents.openedAt}` })
      .where(and(eq(incidents.incidentId, incidentId), lt(incidents.closedAt, openedAt))),
    db
      .insert(incidents)
      .values({ ...incident, seenAt: openedAt, isTold })
      .onConflictDoNothing(),
  ])
  return meta.changes > 0
}

export async function findOpen(
  db: Db,
  { kind, scope }: Pick<Incident, 'kind' | 'scope'>,
): Promise<Incident | null> {
  const isOpen = isNull(incidents.closedAt)
  const [found] = await db
    .select()
    .from(incidents)
    .where(and(isOpen, eq(incidents.kind, kind), eq(incidents.scope, scope)))
  return found ?? null
}

export async function seeIncident(
  db: Db,
  { incidentId }: Pick<OpenIncident, 'incidentId'>,
  evidence: string,
  now: number,
): Promise<void> {
  await db
    .update(incidents)
    .set({ seenAt: now, evidence })
    .where(and(eq(incidents.incidentId, incidentId), isNull(incidents.closedAt)))
}

/** False where somebody else has. */
export async function closeIncident(
  db: Db,
  { incidentId }: Pick<OpenIncident, 'incidentId'>,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .update(incidents)
    .set({ closedAt: now, isTold: false })
    .where(and(eq(incidents.incidentId, incidentId), isNull(incidents.closedAt)))
  return meta.changes > 0
}

/** Told as it was read: an end that came meanwhile is still to be told. */
export async function noteTold(
  db: Db,
  { incidentId, closedAt }: Pick<Incident, 'incidentId' | 'closedAt'>,
): Promise<void> {
  const isSame = closedAt === null ? isNull(incidents.closedAt) : eq(incidents.closedAt, closedAt)
  await db
    .update(incidents)
    .set({ isTold: true })
    .where(and(eq(incidents.incidentId, incidentId), isSame))
}

export function forgetIncidentsStatement(db: Db, now: number) {
  return db.delete(incidents).where(lt(incidents.openedAt, now - INCIDENTS_KEPT_MS))
}
