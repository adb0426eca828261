// The tables as the migrations make them, read from a database that they have made: what docs/storage.md lists of
// each, and what it is held against.

import type { DatabaseSync } from 'node:sqlite'

export type StoredIndex = {
  readonly name: string
  readonly columns: readonly string[]
  readonly isUnique: boolean
  /** Of a partial index; '' of any other. */
  readonly where: string
}

export type StoredTable = {
  readonly name: string
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  readonly columns: readonly string[]
  readonly indexes: readonly StoredIndex[]
}

export function storedTables(database: DatabaseSync): readonly StoredTable[] {
  const rows = (sql: string, ...values: string[]) => database.prepare(sql).all(...values)
  const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
  return tables
    .map((table) => String(table.name))
    .filter((name) => !name.startsWith('sqlite_'))
    .map((name) => {
      const columns = rows('SELECT name, pk FROM pragma_table_info(?) ORDER BY cid', name)
      const key = columns.filter(({ pk }) => Number(pk) > 0)
      const indexes = rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ? ORDER BY name",
        name,
      )
      return {
        name,
        key: key.sort((a, b) => Number(a.pk) - Number(b.pk)).map((one) => String(one.name)),
        columns: columns.map((column) => String(column.name)),
        indexes: indexes.map((index) => readIndex(String(index.name), String(index.sql))),
      }
    })
}

function readIndex(name: string, sql: string): StoredIndex {
  const plain = sql.replace(/["`]/g, '').replace(/\s+/g, ' ')
  const [, columns = '', where = ''] = / ON \w+ ?\( ?(.*?) ?\)(?: WHERE (.*))?$/i.exec(plain) ?? []
  const isUnique = /^CREATE UNIQUE/i.test(plain)
  return { name, columns: columns.split(/ ?, ?/), isUnique, where }
}

/** Of which docs/storage.md tells each column in a table written by hand. */
export const TOLD_BY_HAND = ['accounts', 'logins']

/** All others have a made line: their columns and indexes. */
export function tableLine({ columns, indexes }: StoredTable): string {
  const spelled = columns.map((column) => `\`${column}\``).join(', ')
  return [`Columns: ${spelled}`, ...indexes.map(indexText)].join('; ') + '.'
}

function indexText({ name, columns, isUnique, where }: StoredIndex): string {
  const kind = isUnique ? 'unique index' : 'index'
  const rows = where === '' ? '' : ` where \`${where}\``
  return `${kind} \`${name}\` on \`${columns.join(', ')}\`${rows}`
}
