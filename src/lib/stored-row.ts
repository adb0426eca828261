// A row as D1 gives it to SQL that was written by hand → the row as drizzle would have read it.

import { getTableColumns } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'

/** By the names of the columns. */
export type RawRow = Readonly<Record<string, unknown>>

/** Of each table that is read so: they are as many as there are rooms that do. */
const columnsOf = new WeakMap<SQLiteTable, readonly (readonly [string, SQLiteColumn])[]>()

function columnsIn(table: SQLiteTable): readonly (readonly [string, SQLiteColumn])[] {
  const known = columnsOf.get(table)
  if (known) return known
  const columns = Object.entries(getTableColumns(table))
  columnsOf.set(table, columns)
  return columns
}

/** `row` must hold every column of `table`. */
export function readStoredRow<Table extends SQLiteTable>(
  table: Table,
  row: RawRow,
): Table['$inferSelect'] {
  const entries = columnsIn(table).map(([key, column]) => {
    const value = row[column.name] ?? null
    return [key, value === null ? null : column.mapFromDriverValue(value)]
  })
  return Object.fromEntries(entries) as Table['$inferSelect']
}
