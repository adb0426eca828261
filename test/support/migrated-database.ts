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

/** An empty database, all migrations applied. */
export function migratedDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  for (const file of migrationFiles()) {
    database.exec(readFileSync(new URL(file, MIGRATIONS), 'utf8'))
  }
  return database
}
