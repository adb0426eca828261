// SQLite in memory with the project's migrations: what stands behind the simulated D1.

import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { migratedDatabase } from '../../support/migrated-database.ts'

export type Query = { readonly text: string; readonly values: readonly SQLInputValue[] }

export type Rows = {
  readonly names: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  readonly changes: number
}

export type Database = {
  /** All or nothing, in order. */
  readonly transaction: (queries: readonly Query[]) => readonly Rows[]
  /** Empties it, for the next to open. */
  readonly close: () => void
}

let spare: Database | null = null

/** An empty one; the statements of the last one that was closed are prepared already. */
export function openDatabase(): Database {
  const database = spare ?? createDatabase()
  spare = null
  return database
}

function createDatabase(): Database {
  const sqlite = migratedDatabase()
  sqlite.exec('PRAGMA foreign_keys = ON')
  const prepared = new Map<string, { statement: StatementSync; names: readonly string[] }>()
  const counter = sqlite.prepare('SELECT total_changes() AS count')
  counter.setReturnArrays(true)
  const changeCount = () => Number(Object.values(counter.get() ?? {})[0])

  function prepare(text: string) {
    const known = prepared.get(text)
    if (known) return known
    const statement = sqlite.prepare(text)
    statement.setReturnArrays(true)
    const fresh = { statement, names: statement.columns().map(({ name }) => name) }
    prepared.set(text, fresh)
    return fresh
  }

  function run({ text, values }: Query): Rows {
    const { statement, names } = prepare(text)
    const before = changeCount()
    const rows: unknown = statement.all(...values)
    return { names, rows: rows as readonly unknown[][], changes: changeCount() - before }
  }

  const tables = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const clear = tables.map(({ name }) => `DELETE FROM "${String(name)}";`).join('\n')

  const database: Database = {
    transaction: (queries) => {
      sqlite.exec('BEGIN IMMEDIATE')
      try {
        const results = queries.map(run)
        sqlite.exec('COMMIT')
        return results
      } catch (error) {
        sqlite.exec('ROLLBACK')
        throw error
      }
    },
    close: () => {
      sqlite.exec(clear)
      spare = database
    },
  }
  return database
}
