// The SQL of what isolates count: a lump stored a minute at most, taken into the row of its hour by the minute's work.

import { and, asc, desc, eq, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import { asBound } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { randomId } from '../lib/ids.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { errorFields, logError } from '../lib/log.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { hourOf, type MeasureCell, sumCells, takeMeasures } from './measure-cells.ts'
import { measureHours, measures } from './tables.ts'
import type { WatchContext } from './watch-context.ts'

/** A lump is stored within this of its instant, tries included. */
const STORED_WITHIN_MS = 15 * SECOND_MS
/** For one minute's work; the rest is taken the next. */
const LUMPS_MAX = 2_000
export const HOURS_KEPT_MS = 8 * DAY_MS

/** For the batch of whoever writes next: one statement a minute at most, else none. */
export function measureStatements({
  db,
  watch,
  now,
  randomBytes,
}: WatchContext): readonly D1PreparedStatement[] {
  const flushedAt = now()
  const cells = takeMeasures(watch.measures, flushedAt)
  if (cells.length === 0) return []
  const lump = { flushedAt, measureId: randomId(randomBytes, 'msr'), cells }
  return [asBound(db, db.insert(measures).values(lump).onConflictDoNothing())]
}

/** The same where nothing else is written. Evidence is never worth failing for. */
export async function flushMeasures(context: WatchContext): Promise<void> {
  try {
    const [statement] = measureStatements(context)
    await statement?.run()
  } catch (error) {
    logError('job.failed', { queue: 'none', kind: 'measures', ...errorFields(error) })
  }
}

/**
 * Takes all lumps that are whole into their hours and deletes them. Two at once take none twice: the second finds the
 * first of its lumps gone. Returns what was taken.
 */
export async function rollMeasures(db: Db, now: number): Promise<readonly MeasureCell[]> {
  const lumps = await db
    .select()
    .from(measures)
    .where(lte(measures.flushedAt, now - STORED_WITHIN_MS))
    .orderBy(asc(measures.flushedAt), asc(measures.measureId))
    .limit(LUMPS_MAX)
  const [first] = lumps
  const last = lumps.at(-1)
  if (!first || !last) return []
  const fresh = sumCells(lumps.flatMap(({ cells }) => cells)).filter(
    ({ hourAt }) => hourAt > now - HOURS_KEPT_MS,
  )
  const hours = [...new Set(fresh.map(({ hourAt }) => hourAt))]
  const known = await db.select().from(measureHours).where(inArray(measureHours.hourAt, hours))
  const isOurs = isLump(first)
  const taken = hours.map((hourAt) => {
    const before = known.find((row) => row.hourAt === hourAt)?.cells ?? []
    const cells = sumCells([...before, ...fresh.filter((cell) => cell.hourAt === hourAt)])
    return insertWhen(db, measureHours, { hourAt, cells }, isOurs).onConflictDoUpdate({
      target: measureHours.hourAt,
      set: { cells },
    })
  })
  const rolled = db
    .delete(measures)
    .where(
      and(
        lte(measures.flushedAt, last.flushedAt),
        sql`(${measures.flushedAt}, ${measures.measureId}) <= (${last.flushedAt}, ${last.measureId})`,
      ),
    )
  const [head, ...tail] = [...taken, rolled]
  if (head) await db.batch([head, ...tail])
  return fresh
}

function isLump({ flushedAt, measureId }: typeof measures.$inferSelect): SQL {
  return sql`EXISTS (SELECT 1 FROM ${measures} WHERE ${eq(measures.flushedAt, flushedAt)} AND ${eq(measures.measureId, measureId)})`
}

export function forgetHoursStatement(db: Db, now: number) {
  return db.delete(measureHours).where(lt(measureHours.hourAt, now - HOURS_KEPT_MS))
}

/** The hours since `sinceAt`, that in which it lies included, newest first. */
export function readHoursStatement(db: Db, sinceAt: number) {
  return db
    .select()
    .from(measureHours)
    .where(gte(measureHours.hourAt, hourOf(sinceAt)))
    .orderBy(desc(measureHours.hourAt))
}

/** How large the database was, by hours, oldest first; only what was noted. */
export function readSizesStatement(db: Db) {
  const { hourAt, databaseBytes } = measureHours
  return db.select({ hourAt, databaseBytes }).from(measureHours).orderBy(asc(hourAt))
}

export function noteSizeStatement(db: Db, databaseBytes: number, now: number) {
  return db
    .insert(measureHours)
    .values({ hourAt: hourOf(now), cells: [], databaseBytes })
    .onConflictDoUpdate({
      target: measureHours.hourAt,
      set: { databaseBytes },
      // Once an hour: it costs a row.
      setWhere: sql`${measureHours.databaseBytes} IS NULL`,
    })
}
