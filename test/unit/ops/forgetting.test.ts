// Nothing is kept for ever by oversight: every table there is has rows put into it, and is either forgotten in time and
// erased with its account, or stands here with the reason why not. A new table fails until somebody has decided.

import { type Column, getTableColumns, is, like } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import type { Db } from '../../../src/lib/db.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import * as schema from '../../../src/schema.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

/** Not forgotten by the walk. */
const KEPT: Readonly<Record<string, string>> = {
  accounts: 'the account itself, until it is erased; its former number is cleared in time',
  passkeys: 'as long as the account, or until the owner removes one',
  push_subscriptions: 'as long as the account, or until the device or its owner ends one',
  known_marks: 'one row per account, 40 marks at most; the next login is compared with them',
  locks: 'the record of why withdrawals were held, as long as the account',
  lock_cards: 'as long as the account, or until the owner revokes it',
  retention_cursor: 'where the walk itself stands: one row',
  slotless_accounts: 'emptied by a walk of its own',
  seal_walks: 'where the walk through sealed values stands: one row',
  sealing_keys: 'one row per key of DATA_SECRETS; goes once a pass finds nothing of a dropped one',
  slots: '256 rows at most, of slots that were moved',
  changed_accounts: 'of a slot that is being copied alone; deleted when it has arrived, or stays',
  breakers: 'one row per provider and country at most; a probe or the minute’s learning deletes it',
  route_samples: 'forgotten by the minute’s learning',
  route_weights: 'one row per provider and country at most; forgotten by the minute’s learning',
  route_faults: 'forgotten by the minute’s learning',
  route_changes: 'forgotten by the minute’s learning, after 30 days',
  route_orders: 'forgotten by the minute’s learning, after an hour',
  measures: 'taken into its hour by the minute’s work, and deleted',
  measure_hours: 'forgotten by the minute’s work, after eight days',
  heartbeats: 'two rows',
  incidents: 'forgotten by the minute’s work, after 400 days',
}

/** Not erased with the account. */
const OUTLIVES: Readonly<Record<string, string>> = {
  attempt_limits: 'names nobody: a keyed hash, for a day',
  code_counts: 'names nobody: a country or a keyed hash',
  code_caps: 'counts of a day, no account in it',
  breakers: 'of providers, no account in it',
  route_samples: 'of providers, no account in it',
  route_weights: 'of providers, no account in it',
  route_faults: 'of providers, no account in it',
  route_changes: 'of providers, no account in it',
  measures: 'of countries and providers, no account in it',
  measure_hours: 'of countries and providers, no account in it',
  heartbeats: 'of the Worker itself',
  incidents: 'of the deployment, no account in it',
  route_orders: 'of providers, no account in it',
  code_stops: 'of countries, no account in it',
  ops_acts:
    'who did what by hand is to be known afterwards; names an account or an alert by its id, for 400 days',
  receipt_ids:
    'found by the attempts of an account, which these rows have none of: see erased-account.test.ts',
  slotless_accounts:
    'a lock that is still to be confirmed outlives its account; the walk empties it',
  slots: 'where accounts are, none of them named',
  changed_accounts:
    'that an account was erased while its slot was copied is to be known until that is over',
  retention_cursor: 'where the walk stands; the next account takes its place',
  seal_walks: 'where the walk stands; the next account takes its place',
  sealing_keys: 'counts of keys, no account in it',
}

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable))
const nameOf = (table: SQLiteTable) => getTableConfig(table).name

const MINE = '1001'
const OTHERS = '1002'
/** Long after everything that happened at 0. */
const LATE = Date.UTC(2030, 0, 1)

/** Two rows for each of two accounts, where the key has room for two, with every instant at 0. */
async function fill(db: Db): Promise<void> {
  for (const table of tables) {
    for (const accountId of [MINE, OTHERS]) {
      for (const nth of [1, 2]) {
        await db
          .insert(table)
          .values(rowOf(table, accountId, nth))
          .onConflictDoNothing()
      }
    }
  }
}

function rowOf(table: SQLiteTable, accountId: string, nth: number): Record<string, unknown> {
  const keys = new Set([
    ...getTableConfig(table).primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)),
    'alert_id',
  ])
  const values = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const isKey = column.primary || keys.has(column.name)
    return [key, valueFor(column, isKey ? `${accountId}-${nth}` : 'done', accountId, nth)]
  })
  // Of a slot that has no account here: what is elsewhere is forgotten there.
  return { ...Object.fromEntries(values), ...(nameOf(table) === 'slots' && { slot: 999 + nth }) }
}

function valueFor({ name, dataType }: Column, text: string, accountId: string, nth: number) {
  if (name === 'account_id') return accountId
  // Rows from before slots: their accounts are listed, as every table is filled.
  if (name === 'slot') return -1
  switch (dataType) {
    case 'json':
    case 'custom':
      return []
    case 'boolean':
      return false
    case 'number':
      return /_(at|until)$/.test(name) ? 0 : nth
    default:
      return text
  }
}

/** Of every table; of one account alone, its text stands in a row. */
async function countRows(db: Db, accountId = ''): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const table of tables) {
    const rows: readonly Record<string, unknown>[] = await db.select().from(table)
    const own = rows.filter((row) => JSON.stringify(row).includes(accountId))
    counts.set(nameOf(table), own.length)
  }
  return counts
}

describe('every table', () => {
  it('gets rows from this test', async () => {
    const db = openMemoryDb()
    await fill(db)
    expect([...(await countRows(db))].filter(([, count]) => count === 0)).toEqual([])
  })

  it('is forgotten in time, or stands in the list of those that are not', async () => {
    const db = openMemoryDb()
    await fill(db)
    await db.delete(schema.retentionCursor)
    const before = await countRows(db)
    await deleteExpired(db, LATE)
    const after = await countRows(db)
    const kept = [...before].flatMap(([name, count]) => (after.get(name) === count ? [name] : []))
    expect(kept.sort()).toEqual(Object.keys(KEPT).sort())
  })

  it('is erased with its account, or stands in the list of those that are not', async () => {
    const db = openMemoryDb()
    await fill(db)
    const before = await countRows(db)
    await eraseAccount(
      { ...storesOf(db), now: () => LATE, config: { dataKeys: [new Uint8Array(32)] } },
      MINE,
    )
    // That it was erased is remembered for a day, as a limit is.
    await db.delete(schema.attemptLimits).where(like(schema.attemptLimits.scope, 'erased:%'))
    const after = await countRows(db)
    // Half of the rows are of the other account.
    const left = [...before].flatMap(([name, count]) =>
      (after.get(name) ?? 0) * 2 === count ? [] : [name],
    )
    expect(left.sort()).toEqual(Object.keys(OUTLIVES).sort())
  })

  it('keeps what is another account’s', async () => {
    const db = openMemoryDb()
    await fill(db)
    const before = await countRows(db, OTHERS)
    await eraseAccount(
      { ...storesOf(db), now: () => LATE, config: { dataKeys: [new Uint8Array(32)] } },
      MINE,
    )
    expect(await countRows(db, OTHERS)).toEqual(before)
  })
})
