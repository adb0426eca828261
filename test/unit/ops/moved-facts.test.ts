// What the minute asks of each database, and a slot that was moved from there, or is on its way there, has left: it tells what was,
// and is no incident.

import { getTableColumns, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import {
  readGivenUpStatement,
  readOldCallbacksStatement,
  readUnconfirmedLocksStatement,
} from '../../../src/exchange/outbox-facts.ts'
import { callbacks } from '../../../src/exchange/tables.ts'
import type { Db } from '../../../src/lib/db.ts'
import { readPartlyConfirmedStatement } from '../../../src/lock/partly-confirmed.ts'
import { locks } from '../../../src/lock/tables.ts'
import { logins } from '../../../src/login/tables.ts'
import { readWaitingStatement } from '../../../src/login/waiting.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { NOW } from './facts-world.ts'

/** With something in each column that must be given. */
async function put(db: Db, table: SQLiteTable, given: Record<string, unknown>): Promise<void> {
  const columns = Object.values(getTableColumns(table)).filter(
    ({ name, notNull, hasDefault }) => name in given || (notNull && !hasDefault),
  )
  const values = columns.map(
    (column) => given[column.name] ?? (column.getSQLType() === 'integer' ? 1 : '[]'),
  )
  await db.run(
    sql`INSERT INTO ${table} (${sql.raw(columns.map(({ name }) => `"${name}"`).join())})
      VALUES (${sql.join(
        values.map((value) => sql`${value}`),
        sql`, `,
      )})`,
  )
}

describe.each([
  [
    'locks not confirmed',
    callbacks,
    { type: 'account.locked', state: 'open' },
    (db: Db) => readUnconfirmedLocksStatement(db, NOW),
  ],
  ['old callbacks', callbacks, { state: 'open' }, (db: Db) => readOldCallbacksStatement(db, NOW)],
  [
    'callbacks given up',
    callbacks,
    { state: 'dead', next_attempt_at: NOW },
    (db: Db) => readGivenUpStatement(db, NOW - 1),
  ],
  [
    'alerts that wait',
    logins,
    { state: 'sending', is_open: 1, lease_until: 1 },
    (db: Db) => readWaitingStatement(db, NOW),
  ],
  [
    'locks confirmed in part',
    locks,
    { partly_since: 1 },
    (db: Db) => readPartlyConfirmedStatement(db, NOW),
  ],
] as const)('%s', (_what, table, given, read) => {
  it.each([
    ['here', null, 1],
    ['here', 'DB_1', 1],
    ['frozen', 'DB_1', 0],
    ['frozen', null, 0],
    ['moved', 'DB_1', 0],
  ] as const)('of a slot that is %s, %s, are %i', async (state, movedTo, count) => {
    const db = openMemoryDb()
    await db.run(sql`INSERT INTO slots VALUES (17, ${state}, ${movedTo}, 1)`)
    await put(db, table, { slot: 17, account_id: 'a', ...given })
    expect(await read(db)).toHaveLength(count)
    // Beside it, of one that was never moved.
    await put(db, table, { slot: 18, account_id: 'b', alert_id: 'alr_b', ...given })
    expect(await read(db)).toHaveLength(count + 1)
  })
})
