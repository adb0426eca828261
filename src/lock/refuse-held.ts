// What must not be done to an account while any hold runs, whoever asks: the thief may be the one who has the exchange ask.
// Asked before, and made sure of in the batch that would do it.

import { type SQL, sql } from 'drizzle-orm'
import { lockedAmongSql } from '../account/hold.ts'
import type { Db } from '../lib/db.ts'
import { heldAmongSql } from './holds.ts'

const heldAmong = (accountIds: readonly string[], now: number) =>
  sql`(${lockedAmongSql(accountIds, now)} UNION ${heldAmongSql(accountIds, now)})`

/** Whether any hold holds it: for a `WHERE`. */
export function isHeldByAnySql(accountId: string, now: number): SQL {
  return sql`EXISTS ${heldAmong([accountId], now)}`
}

/** Those of a list whom any hold holds. */
export async function findHeld(
  db: Db,
  accountIds: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> {
  if (accountIds.length === 0) return new Set()
  const rows = await db.all<{ account_id: string }>(
    sql`SELECT account_id FROM ${heldAmong(accountIds, now)}`,
  )
  return new Set(rows.map(({ account_id: accountId }) => accountId))
}

/** For a batch: fails, and the batch with it, while any of them is held. Writes nothing. */
export function refuseHeldStatement(db: Db, accountIds: readonly string[], now: number) {
  // No path of JSON begins with a letter. Of a row's own value, or SQLite would work it out beforehand.
  return db
    .select({ held: sql<null>`json_extract('{}', 'held ' || account_id)` })
    .from(heldAmong(accountIds, now))
}

/** Whether the statement above has failed: only SQLite's own words reach us. */
export function isRefusedAsHeld(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.message.startsWith('Failed query')) return isRefusedAsHeld(error.cause)
  return /JSON path.*held /.test(error.message)
}
