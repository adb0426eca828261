// What the bare Worker stores: a copy of a login's row as Lockline has just stored it, into the same
// table, so that indexes and width are the same whatever the schema is; and five statements, as many as
// a lock has, on tables of the bench's own.

import type { Database } from '../support/runtime.ts'

/** The columns that tell one login from another, in every schema so far and to come. */
const IDENTITY = ['account_id', 'alert_id', 'session_id']

const LOCK_TABLES = [
  'CREATE TABLE IF NOT EXISTS bare_locks (id TEXT PRIMARY KEY, kind TEXT, at INTEGER) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS bare_callbacks (id TEXT PRIMARY KEY, body TEXT, due_at INTEGER) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS bare_callbacks_due ON bare_callbacks (due_at)',
  'CREATE TABLE IF NOT EXISTS bare_accounts (id TEXT PRIMARY KEY, held_until INTEGER) WITHOUT ROWID',
]
const LOCK_BATCH = [
  "INSERT INTO bare_locks (id, kind, at) VALUES (?1, 'link', 1)",
  "INSERT INTO bare_callbacks (id, body, due_at) VALUES (?1, '{}', 1)",
  'INSERT INTO bare_accounts (id, held_until) VALUES (?1, 1)',
  'UPDATE bare_accounts SET held_until = 2 WHERE id = ?1',
  'SELECT * FROM bare_locks WHERE id = ?1',
]

export type BareStorage = { readonly insert: string; readonly lock: readonly string[] }

/** `accountId` has exactly one login. @throws when its row is not found. */
export async function copyStorage(database: Database, accountId: string): Promise<BareStorage> {
  for (const sql of LOCK_TABLES) await database.exec(sql)
  const table = await loginTable(database)
  const row = await database
    .prepare(`SELECT * FROM ${table} WHERE account_id = ?`)
    .bind(accountId)
    .first<Record<string, unknown>>()
  if (row === null) throw new Error(`${table} has no login of ${accountId}`)
  const columns = Object.keys(row)
  const values = columns.map((column) =>
    IDENTITY.includes(column) ? `'bare-' || ?1` : literal(row[column]),
  )
  return {
    insert: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
    lock: LOCK_BATCH,
  }
}

/** The table of the logins, whatever it is called. @throws when there is none. */
export async function loginTable(database: Database): Promise<string> {
  const tables = await database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    .all<{ name: string; sql: string | null }>()
  const found = tables.results.find(({ sql }) =>
    IDENTITY.every((column) => new RegExp(`\\b${column}\\b`).test(sql ?? '')),
  )
  if (found === undefined) throw new Error('no table looks like the logins')
  return found.name
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  const bytes = Array.isArray(value) ? Uint8Array.from(value) : new Uint8Array()
  return `x'${Buffer.from(bytes).toString('hex')}'`
}
