// A row as D1 gives it to SQL that was written by hand → the row as drizzle would have read it.

import { getTableColumns } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

/** By the names of the columns. */
export type RawRow = Readonly<Record<string, unknown>>

/** `row` must hold every column of `table`. */
export function readStoredRow<Table extends SQLiteTable>(
  table: Table,
  row: RawRow,
): Table['$inferSelect'] {
  const entries = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const value = row[column.name] ?? null
    return [key, value === null ? null : column.mapFromDriverValue(value)]
  })
  return Object.fromEntries(entries) as Table['$inferSelect']
}
