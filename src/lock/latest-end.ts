// Until when withdrawals are really held, for a text that says so: a lock's own end stands in the account's row, which whoever
// sends has read; here are those of all others. Read beside what sending reads, so that no text waits for it.

import { max } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { nameParameters, type SqlParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText } from '../lib/slot.ts'
import type { RawRow } from '../lib/stored-row.ts'
import { areRunning } from './holds.ts'
import { holds } from './tables.ts'

type Asked = { readonly accountId: string; readonly now: number }

const PARAMETERS: SqlParameters<Asked> = { ...ACCOUNT_PARAMETERS, now: ({ now }) => now }

const LATEST_END = nameParameters<Asked>(
  `SELECT max(until) AS until FROM holds
WHERE ${ofAccountText('holds')} AND lifted_at IS NULL AND until > :now`,
  PARAMETERS,
)

/** For the batch of a login, after what it begins. */
export function latestEndStatement(database: D1Database, asked: Asked): D1PreparedStatement {
  return database.prepare(LATEST_END.text).bind(...LATEST_END.valuesOf(asked))
}

/** What `latestEndStatement` found. */
export function readLatestEnd(rows: readonly RawRow[]): number | null {
  const until = rows[0]?.until
  return typeof until === 'number' ? until : null
}

/** The same of several accounts; no row of one that nothing holds. */
export function latestEndsStatement(db: Db, accountIds: readonly string[], now: number) {
  const { accountId, until } = holds
  return db
    .select({ accountId, until: max(until) })
    .from(holds)
    .where(areRunning(accountIds, now))
    .groupBy(accountId)
}

export async function findLatestEnd(
  db: Db,
  accountId: string,
  now: number,
): Promise<number | null> {
  const [found] = await latestEndsStatement(db, [accountId], now)
  return found?.until ?? null
}
