// The rows of one slot, table by table, as they go from one database to another: read in the order of the key, written as
// they were read, read back and compared. Knows no table by name but those it is given, and their columns from the
// database itself: what is copied is what is stored.

import type { Shard } from '../../lib/shards.ts'

/** A row as its values, in the order of the columns. */
type Row = readonly unknown[]

export type TableShape = {
  readonly name: string
  readonly columns: readonly string[]
  /** Of the key, after the slot, and where they stand among the columns. */
  readonly key: readonly { readonly column: string; readonly at: number }[]
}

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
const keyOf = ({ key }: TableShape, row: Row) => key.map(({ at }) => row[at])

/** The keys of the last rows that are there, all in one call; below every key where none is. */
export async function lastKeys(
  { database }: Shard,
  shapes: readonly TableShape[],
  slot: number,
): Promise<readonly Row[]> {
  const found = await database.batch<Record<string, unknown>>(
    shapes.map(({ name, key }) => {
      const columns = key.map(({ column }) => column).join(', ')
      const order = key.map(({ column }) => `${column} DESC`).join(', ')
      const text = `SELECT ${columns} FROM ${name} WHERE slot = ?1 ORDER BY ${order} LIMIT 1`
      return database.prepare(text).bind(slot)
    }),
  )
  return shapes.map(({ key }, index) => {
    const row = found[index]?.results[0]
    return key.map(({ column }) => row?.[column] ?? '')
  })
}

/** The next rows after a key, in its order. */
export async function readPage(
  { database }: Shard,
  shape: TableShape,
  slot: number,
  after: Row,
  limit: number,
): Promise<readonly Row[]> {
  const marks = after.map((_, index) => `?${index + 3}`).join(', ')
  return database
    .prepare(
      `SELECT ${shape.columns.join(', ')} FROM ${shape.name}
        WHERE slot = ?1 AND (${keyColumns(shape)}) > (${marks}) ORDER BY ${keyColumns(shape)} LIMIT ?2`,
    )
    .bind(slot, limit, ...after)
    .raw<unknown[]>()
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

/** For the batch that begins with a guard: fails where one of them is there. */
export function insertStatements(
  { database }: Shard,
  { name, columns }: TableShape,
  rows: readonly Row[],
): readonly D1PreparedStatement[] {
  const values = columns.map((_, index) => `value ->> ${index}`).join(', ')
  const text = `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${values} FROM json_each(?1)`
  return lumpsOf(rows).map((lump) => database.prepare(text).bind(lump))
}

/** Throws where they are not as they were read. */
export async function compare(
  shard: Shard,
  shape: TableShape,
  slot: number,
  { after, rows }: { readonly after: Row; readonly rows: readonly Row[] },
): Promise<Row> {
  const stored = await readPage(shard, shape, slot, after, rows.length)
  const isSame = JSON.stringify(stored) === JSON.stringify(rows)
  if (!isSame)
    throw new Error(`${shape.name} of slot ${slot} is not in ${shard.name} as it was read`)
  const last = rows.at(-1)
  return last ? keyOf(shape, last) : after
}

export async function countRows(
  { database }: Shard,
  tables: readonly string[],
  slot: number,
): Promise<readonly number[]> {
  const results = await database.batch<{ count: number }>(
    tables.map((table) =>
      database.prepare(`SELECT count(*) AS count FROM ${table} WHERE slot = ?1`).bind(slot),
    ),
  )
  return results.map(({ results: [row] }) => row?.count ?? 0)
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
