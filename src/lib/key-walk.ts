// A walk through a table in the order of its key, a page a minute: how rows are forgotten by age in tables that have
// no index by time. Such an index would cost a row with every write; a walk costs reads, a thousandth of that.

import { and, gt, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './db.ts'

/** Keys after the one, up to and with the other; null where the table ends within the page. */
export type KeyRange = { readonly after: string; readonly until: string | null }

/** So ten million are walked in a day and a half: what has expired is gone in three, though half of the ticks be lost. */
export const KEYS_PER_PAGE = 5_000

/** How a table without an index by time forgets what is older than `keptMs`, a page of keys at a time. */
export function ageWalk(table: SQLiteTable, key: SQLiteColumn, at: SQLiteColumn, keptMs: number) {
  return {
    pageEnd: (db: Db, after: string) => pageEndStatement(db, table, key, after),
    forget: (db: Db, range: KeyRange, now: number) =>
      db.delete(table).where(and(withinRange(key, range), lt(at, now - keptMs))),
  }
}

/** The last key of the page that begins after `after`; no row where the table ends before. Reads a page. */
function pageEndStatement(db: Db, table: SQLiteTable, key: SQLiteColumn, after: string) {
  return db
    .select({ key: sql<string>`${key}` })
    .from(table)
    .where(gt(key, after))
    .orderBy(key)
    .limit(1)
    .offset(KEYS_PER_PAGE - 1)
}

function withinRange(key: SQLiteColumn, { after, until }: KeyRange): SQL | undefined {
  return and(gt(key, after), until === null ? undefined : lte(key, until))
}
