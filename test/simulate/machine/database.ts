// SQLite in memory with the project's migrations: what stands behind the simulated D1.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { migratedDatabase } from '../../support/migrated-database.ts'
import { createPlanValues } from './plan-values.ts'

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

type Prepared = {
  readonly statement: StatementSync
  readonly names: readonly string[]
  readonly isReading: boolean
}

type Ready = { readonly prepared: Prepared; readonly values: readonly SQLInputValue[] }

const spare: Database[] = []

/** An empty one; the statements of the last one that was closed are prepared already. */
export function openDatabase(): Database {
  return spare.pop() ?? createDatabase()
}

function createDatabase(): Database {
  const sqlite = migratedDatabase()
  sqlite.exec('PRAGMA foreign_keys = ON')
  const prepared = new Map<string, Prepared>()
  const withPlanValues = createPlanValues(columnsOfPartialIndexes(sqlite))
  const begin = sqlite.prepare('BEGIN IMMEDIATE')
  const commit = sqlite.prepare('COMMIT')
  const counter = sqlite.prepare('SELECT total_changes() AS count')
  counter.setReturnArrays(true)
  const changeCount = () => Number(Object.values(counter.get() ?? {})[0])
  let changesSoFar = changeCount()

  function prepare(text: string): Prepared {
    const known = prepared.get(text)
    if (known) return known
    const statement = sqlite.prepare(text)
    statement.setReturnArrays(true)
    const names = statement.columns().map(({ name }) => name)
    const fresh = { statement, names, isReading: /^\s*select\b/i.test(text) }
    prepared.set(text, fresh)
    return fresh
  }

  function getReady(query: Query): Ready {
    const { text, values } = withPlanValues(query)
    return { prepared: prepare(text), values }
  }

  function run({ values, prepared: { statement, names, isReading } }: Ready): Rows {
    const rows: unknown = statement.all(...values)
    const before = changesSoFar
    if (!isReading) changesSoFar = changeCount()
    return { names, rows: rows as readonly unknown[][], changes: changesSoFar - before }
  }

  const tables = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  // Of a slot that was still being copied.
  const triggers = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
  const clear = tables.map(({ name }) => `DELETE FROM "${String(name)}";`).join('\n')

  const database: Database = {
    transaction: (queries) => {
      const ready = queries.map(getReady)
      // Nobody else is connected.
      if (ready.every(({ prepared: { isReading } }) => isReading)) return ready.map(run)
      begin.run()
      try {
        const results = ready.map(run)
        commit.run()
        return results
      } catch (error) {
        sqlite.exec('ROLLBACK')
        changesSoFar = changeCount()
        throw error
      }
    },
    close: () => {
      sqlite.exec(clear)
      for (const { name } of triggers.all()) sqlite.exec(`DROP TRIGGER "${String(name)}"`)
      changesSoFar = changeCount()
      spare.push(database)
    },
  }
  return database
}

/** Such as `state` in `WHERE state = 'open'`. */
function columnsOfPartialIndexes(sqlite: DatabaseSync): readonly string[] {
  const indexes = sqlite.prepare("SELECT sql FROM sqlite_master WHERE type = 'index'").all()
  return indexes.flatMap(({ sql }) => /\bWHERE (\w+) =/i.exec(String(sql))?.[1] ?? [])
}
