// The tables as the migrations make them, in memory: for tests without a Worker, and for documents of the tables.

import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)

/** Their file names, in the order of their numbers. */
export function migrationFiles(): readonly string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
}

/** Rows as a former version wrote them: put there once its last migration is done, and before the next. */
export type FormerRows = { readonly lastMigration: string; readonly sql: string }

let tables: string | undefined

/** A database, all migrations applied; empty but for `former`. */
export function migratedDatabase(former?: FormerRows): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  if (former) migrate(database, former)
  else database.exec(allTables())
  return database
}

function allTables(): string {
  tables ??= whatMigrationsMake()
  return tables
}

function migrate(database: DatabaseSync, former?: FormerRows): void {
  for (const file of migrationFiles()) {
    database.exec(readFileSync(new URL(file, MIGRATIONS), 'utf8'))
    if (file === former?.lastMigration) database.exec(former.sql)
  }
}

/** Tables and indexes as they stand after the last migration: properties open hundreds of databases. */
function whatMigrationsMake(): string {
  const database = new DatabaseSync(':memory:')
  migrate(database)
  const made = database
    .prepare('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid')
    .all()
  const filled = made.filter(
    ({ type, name }) => type === 'table' && database.prepare(`SELECT 1 FROM ${name}`).get(),
  )
  if (filled.length > 0) throw new Error('a migration brings rows, which are to be copied here too')
  return made.map(({ sql }) => `${sql};`).join('\n')
}
