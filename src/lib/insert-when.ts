// Rows inserted by SELECT. One, only where a condition holds: how an act's consequences hang on the act within one D1
// batch. Or one for each of a list. Values are given by name, so no list of columns is kept in step by hand.

import { type Column, getTableColumns, is, SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './db.ts'
import { slotSql } from './slot.ts'

/** A column that is left out gets its default, an account's row its slot; what only the database knows is given as SQL. */
export type RowToInsert<Table extends SQLiteTable> = OrSql<Omit<Table['$inferInsert'], 'slot'>>

type OrSql<Row> = { readonly [Key in keyof Row]: Row[Key] | SQL }

/** To be followed by what happens on a conflict. */
export function insertWhen<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  row: RowToInsert<Table>,
  when: SQL = sql`true`,
) {
  return db.insert(table).select(sql`SELECT ${valuesOf(table, row)} WHERE ${when}`)
}

/** As many rows as `source` has, a table-valued function for one; what differs between them is given as SQL over it, also the slot of many accounts. */
export function insertEach<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  row: RowToInsert<Table> & { readonly slot?: SQL },
  source: SQL,
) {
  // Without the WHERE, SQLite reads the ON of a conflict as that of a join.
  return db.insert(table).select(sql`SELECT ${valuesOf(table, row)} FROM ${source} WHERE true`)
}

function valuesOf<Table extends SQLiteTable>(table: Table, row: RowToInsert<Table>): SQL {
  const given = new Map<string, unknown>(Object.entries(row))
  const accountId = given.get('accountId')
  if (typeof accountId === 'string') given.set('slot', slotSql(accountId))
  const values = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const value = given.get(key)
    return toSql(value === undefined ? (column.default ?? null) : value, column)
  })
  return sql.join(values, sql`, `)
}

function toSql(value: unknown, column: Column): SQL {
  if (is(value, SQL)) return value
  return value === null ? sql`NULL` : sql`${sql.param(value, column)}`
}
