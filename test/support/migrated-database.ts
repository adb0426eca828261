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

/** A database, all migrations applied; empty but for `former`. */
export function migratedDatabase(former?: FormerRows): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  for (const file of migrationFiles()) {
    database.exec(readFileSync(new URL(file, MIGRATIONS), 'utf8'))
    if (file === former?.lastMigration) database.exec(former.sql)
  }
  return database
}
