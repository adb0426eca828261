// The rows of one slot as they go from one database to another: the next page of every table in one call, in the order of
// the keys, written as they were read, read back and compared. Knows no table by name but those it is given, and their
// columns from the database itself: what is copied is what is stored.

import type { Shard } from '../../lib/shards.ts'
import { UNIQUE_OF_ALL } from '../table-owners.ts'
import { expectStatement, type Place } from './slot-places.ts'

/** A row as its values, in the order of the columns. */
type Row = readonly unknown[]

export type TableShape = {
  readonly name: string
  readonly columns: readonly string[]
  /** Of the key, after the slot, and where they stand among the columns. */
  readonly key: readonly { readonly column: string; readonly at: number }[]
}

/** Where a table's next page begins: after the row of this key. */
export type Position = {
  readonly shape: TableShape
  readonly after: Row
  /** The accounts, as JSON, whose rows alone are meant; null: all of the slot. */
  readonly among: string | null
}

export type Page = Position & { readonly rows: readonly Row[] }

/** All in one call. */
export async function readShapes(
  { database }: Shard,
  tables: readonly string[],
): Promise<readonly TableShape[]> {
  const found = await database.batch<{ name: string; pk: number }>(
    tables.map((table) =>
      database.prepare('SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid').bind(table),
    ),
  )
  return found.map(({ results }, index) => {
    const columns = results.map(({ name }) => name)
    const key = results
      .filter(({ pk }) => pk > 1)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => ({ column: name, at: columns.indexOf(name) }))
    return { name: tables[index] ?? '', columns, key }
  })
}

const keyColumns = ({ key }: TableShape) => key.map(({ column }) => column).join(', ')

/** Where each table ends as it is there, all in one call; before every key where it has no row. */
export async function findEnds(
  { database }: Shard,
  shapes: readonly TableShape[],
  slot: number,
): Promise<readonly Position[]> {
  const found = await database.batch<Record<string, unknown>>(
    shapes.map((shape) => {
      const order = shape.key.map(({ column }) => `${column} DESC`).join(', ')
      const text = `SELECT ${keyColumns(shape)} FROM ${shape.name} WHERE slot = ?1 ORDER BY ${order} LIMIT 1`
      return database.prepare(text).bind(slot)
    }),
  )
  return shapes.map((shape, index) => {
    const row = found[index]?.results[0]
    return { shape, after: shape.key.map(({ column }) => row?.[column] ?? ''), among: null }
  })
}

/** Before every row of these accounts. `among`: their ids, as JSON. */
export function startOf(shape: TableShape, among: string): Position {
  return { shape, after: shape.key.map(() => ''), among }
}

/** The next page of each table, in one call; fails unless the slot is there as it was. */
export async function readPages(
  from: Place,
  positions: readonly Position[],
  slot: number,
  limit: number,
): Promise<readonly Page[]> {
  const [, ...found] = await from.shard.database.batch<Record<string, unknown>>([
    expectStatement(from, slot),
    ...positions.map((position) => pageStatement(from, position, slot, limit)),
  ])
  return positions.map((position, index) => ({
    ...position,
    rows: rowsOf(position.shape, found[index]),
  }))
}

function pageStatement(
  { shard: { database } }: Place,
  { shape, after, among }: Position,
  slot: number,
  limit: number,
): D1PreparedStatement {
  const key = keyColumns(shape)
  const marks = after.map((_, index) => `?${index + 3}`).join(', ')
  // Its rows are found by the accounts, where these are given: a column with a plus before it finds none.
  const [keyed, whose] =
    among === null
      ? [key, '']
      : [`+${key.replaceAll(', ', ', +')}`, `AND ${isAmong(after.length + 3)}`]
  return database
    .prepare(
      `SELECT ${shape.columns.join(', ')} FROM ${shape.name}
        WHERE slot = ?1 AND (${keyed}) > (${marks}) ${whose} ORDER BY ${key} LIMIT ?2`,
    )
    .bind(slot, limit, ...after, ...(among === null ? [] : [among]))
}

const isAmong = (mark: number) => `account_id IN (SELECT value FROM json_each(?${mark}))`

function rowsOf(
  { columns }: TableShape,
  found: D1Result<Record<string, unknown>> | undefined,
): readonly Row[] {
  return (found?.results ?? []).map((row) => columns.map((column) => row[column]))
}

/** After the page. */
export function positionAfter({ shape, after, among, rows }: Page): Position {
  const last = rows.at(-1)
  return { shape, after: last ? shape.key.map(({ at }) => last[at]) : after, among }
}

/**
 * In one call, after the rows `instead` of which they come have gone; fails unless the slot is there as it was. Returns the
 * tables whose rows did not become what was read.
 */
export async function writePages(
  to: Place,
  pages: readonly Page[],
  slot: number,
  instead: readonly Position[] = [],
): Promise<readonly string[]> {
  const changes = [
    ...instead.map((position) => deleteAmongStatement(to.shard, position, slot)),
    ...pages.flatMap((page) => insertStatements(to, page)),
  ]
  const results = await to.shard.database.batch<Record<string, unknown>>([
    expectStatement(to, slot),
    ...changes,
    ...pages.map((page) => pageStatement(to, page, slot, page.rows.length)),
  ])
  const stored = results.slice(1 + changes.length)
  return pages.flatMap(({ shape, rows }, index) =>
    JSON.stringify(rowsOf(shape, stored[index])) === JSON.stringify(rows) ? [] : [shape.name],
  )
}

/** Two logins of one alert id: what would come, and what another slot has there already. */
export type Taken = {
  readonly alertId: string
  readonly comes: string
  readonly stands: string
}

/** The first of a page that did not go in because of another slot's row; null where there is none. */
export async function findTaken(
  { shard: { database } }: Place,
  pages: readonly Page[],
  slot: number,
): Promise<Taken | null> {
  for (const { shape, rows } of pages) {
    const unique = UNIQUE_OF_ALL[shape.name]
    if (!unique) continue
    const [id, account] = [shape.columns.indexOf(unique), shape.columns.indexOf('account_id')]
    const sent = JSON.stringify(rows.map((row) => [row[id], row[account]]))
    const { results } = await database
      .prepare(
        `SELECT ${unique} AS alertId, value ->> 1 AS comes, account_id AS stands
          FROM json_each(?1) CROSS JOIN ${shape.name} ON ${unique} = value ->> 0
          WHERE slot <> ?2 LIMIT 1`,
      )
      .bind(sent, slot)
      .all<Taken>()
    const [taken] = results
    if (taken) return taken
  }
  return null
}

/** D1 takes a text of two million bytes; a row alone has no more than some ten thousand. */
const LUMP_CHARACTERS = 300_000

/** Rows as JSON texts that can be bound, in order. */
function lumpsOf(rows: readonly Row[]): readonly string[] {
  const lumps: string[] = []
  let lump: string[] = []
  let length = 0
  for (const row of rows) {
    const text = JSON.stringify(row)
    if (length > 0 && length + text.length > LUMP_CHARACTERS) {
      lumps.push(`[${lump.join()}]`)
      lump = []
      length = 0
    }
    lump.push(text)
    length += text.length
  }
  return lump.length === 0 ? lumps : [...lumps, `[${lump.join()}]`]
}

function insertStatements(
  { shard: { database } }: Place,
  { shape: { name, columns }, rows }: Page,
): readonly D1PreparedStatement[] {
  const values = columns.map((_, index) => `value ->> ${index}`).join(', ')
  // What stands there and would not go together with it is of an account that has changed since, and will come once more.
  // One of another slot stays, whatever comes: then what is read back is not what was sent.
  const text = `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${values} FROM json_each(?1) WHERE true
    ON CONFLICT DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
      WHERE ${name}.slot = excluded.slot`
  return lumpsOf(rows).map((lump) => database.prepare(text).bind(lump))
}

/** How many rows each table has of accounts that have not changed since they were copied; and which have. In one call. */
export async function countUnchanged(
  from: Place,
  tables: readonly string[],
  slot: number,
): Promise<{ readonly counts: readonly number[]; readonly changed: string }> {
  const { database } = from.shard
  const [, found, ...counted] = await from.shard.database.batch<Record<string, unknown>>([
    expectStatement(from, slot),
    database
      .prepare(
        'SELECT json_group_array(account_id) AS changed FROM changed_accounts WHERE slot = ?1',
      )
      .bind(slot),
    ...tables.map((table) => {
      const changed = '(SELECT account_id FROM changed_accounts WHERE slot = ?1)'
      return database.prepare(countText(table, changed)).bind(slot)
    }),
  ])
  return { counts: countsOf(counted), changed: String(found?.results[0]?.changed ?? '[]') }
}

/** The same where they were copied to. */
export async function countAllBut(
  to: Place,
  tables: readonly string[],
  slot: number,
  changed: string,
): Promise<readonly number[]> {
  const { database } = to.shard
  const [, ...counted] = await database.batch<Record<string, unknown>>([
    expectStatement(to, slot),
    ...tables.map((table) =>
      database.prepare(countText(table, '(SELECT value FROM json_each(?2))')).bind(slot, changed),
    ),
  ])
  return countsOf(counted)
}

/** Rows that lie together are counted by the smallest index; those of few accounts are taken off. */
function countText(table: string, changed: string): string {
  const all = `SELECT count(*) FROM ${table} WHERE slot = ?1`
  return `SELECT (${all}) - (${all} AND account_id IN ${changed}) AS count`
}

function countsOf(results: readonly D1Result<Record<string, unknown>>[]): readonly number[] {
  return results.map(({ results: [row] }) => Number(row?.count))
}

/** All rows of the position's accounts go. */
function deleteAmongStatement(
  { database }: Shard,
  { shape, among }: Position,
  slot: number,
): D1PreparedStatement {
  return database
    .prepare(`DELETE FROM ${shape.name} WHERE slot = ?1 AND ${isAmong(2)}`)
    .bind(slot, among)
}

/** For the batch that begins with a guard: the next rows of the slot go. */
export function deleteStatement(
  { database }: Shard,
  shape: TableShape,
  slot: number,
  limit: number,
): D1PreparedStatement {
  const key = keyColumns(shape)
  return database
    .prepare(
      `DELETE FROM ${shape.name} WHERE slot = ?1 AND (${key}) IN
        (SELECT ${key} FROM ${shape.name} WHERE slot = ?1 ORDER BY ${key} LIMIT ?2)`,
    )
    .bind(slot, limit)
}
