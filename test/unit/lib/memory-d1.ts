// D1 in the test's own process: SQLite in memory with the real migrations, behind the few calls of the
// binding that drizzle makes. Knows no limits and no network; the Worker tests have the real thing.

import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { type Db, openDb } from '../../../src/lib/db.ts'
import { createShards, type Shards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { HOME } from '../../../src/lib/slot-guard.ts'
import { type FormerRows, migratedDatabase } from '../../support/migrated-database.ts'

type Bound = { readonly text: string; readonly values: readonly SQLInputValue[] }

/** `onStatement` hears of each, those of a batch too: D1 counts them so. */
export function openMemoryDb(
  onStatement: (text: string) => void = () => {},
  former?: FormerRows,
): Db {
  const database = migratedDatabase(former)
  // For rows that tests make many of; D1 has no such function.
  database.function('slot_of', (accountId) => slotOf(String(accountId)))

  const changesOfLast = database.prepare('SELECT changes() AS count')
  /** A simulated minute makes the same few statements ten thousand times. */
  const prepared = new Map<string, StatementSync>()

  function prepare(text: string): StatementSync {
    const known = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, known)
    return known
  }

  function run({ text, values }: Bound) {
    onStatement(text)
    const results = prepare(text).all(...values)
    const changes = Number(changesOfLast.get()?.count ?? 0)
    return { success: true, results, meta: { changes } }
  }

  function statement(bound: Bound) {
    return {
      bound,
      bind: (...values: SQLInputValue[]) => statement({ text: bound.text, values }),
      all: async () => run(bound),
      run: async () => run(bound),
      raw: async () => run(bound).results.map((row) => Object.values(row)),
    }
  }

  const binding = {
    prepare: (text: string) => statement({ text, values: [] }),
    batch: async (statements: readonly { readonly bound: Bound }[]) => {
      database.exec('BEGIN')
      try {
        const results = statements.map(({ bound }) => run(bound))
        database.exec('COMMIT')
        return results
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }
  // A stand-in with only what drizzle uses cannot satisfy the whole of the platform's type.
  return openDb(binding as unknown as D1Database)
}

/** A deployment of one database, as a context has it. */
export function storesOf(db: Db): {
  readonly db: Db
  readonly dbOf: Shards['dbOf']
  readonly shards: Shards
} {
  const shards = createShards([{ name: HOME, database: db.$client, db }], [])
  return { db, dbOf: shards.dbOf, shards }
}
