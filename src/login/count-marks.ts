// Which key made the marks of devices and networks: counted, since nobody but the next login can rewrite them. Also how
// many alerts there have been.

import { sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { KEY_NAME_LENGTH } from '../lib/derived-key.ts'
import { type AccountRange, withinAccounts } from '../lib/slot.ts'
import { knownMarks } from './tables.ts'

/** Six bytes in base64url, and before them the key's name; those of former versions name none. */
const HASH_LENGTH = 8
const KIND_LENGTH = 2
const NAMED_LENGTH = KIND_LENGTH + KEY_NAME_LENGTH + HASH_LENGTH
const FORMER_LENGTH = KIND_LENGTH + HASH_LENGTH

// Of a device or network; a country's mark is the country, and a login without a mark has its id for one.
const IS_KEYED = `mark.key GLOB '[dn]:*' AND length(mark.key) IN (${NAMED_LENGTH}, ${FORMER_LENGTH})`
const KEY_NAME = `iif(length(mark.key) = ${NAMED_LENGTH}, substr(mark.key, ${KIND_LENGTH + 1}, ${KEY_NAME_LENGTH}), '')`

/** A row for each key that made any. */
export function countMarksStatement(db: Db, range: AccountRange) {
  return db
    .select({ keyName: sql<string>`${sql.raw(KEY_NAME)}`, marks: sql<number>`count(*)` })
    .from(sql`${knownMarks}, json_each(marks) AS mark`)
    .where(sql`${withinAccounts(knownMarks, range)} AND ${sql.raw(IS_KEYED)}`)
    .groupBy(sql`1`)
}

/**
 * Whether `marks` were made with keys that are gone, all of them: then a login that looks new says nothing of the one who
 * logs in. `keyNames` is SQL for a JSON list of the names there are; marks that name no key may be of any.
 */
export const onlyDroppedMarks = (keyNames: string) => `(
  EXISTS (SELECT 1 FROM json_each(marks) AS mark WHERE ${IS_KEYED})
  AND NOT EXISTS (SELECT 1 FROM json_each(marks) AS mark
    WHERE ${IS_KEYED} AND (${KEY_NAME} = '' OR ${KEY_NAME} IN (SELECT value FROM json_each(${keyNames})))))`

/** Accounts of which no device would be known again. One row. */
export function countUnrecognisedStatement(
  db: Db,
  range: AccountRange,
  keyNames: readonly string[],
) {
  const [before = '', after = ''] = onlyDroppedMarks('\u0000').split('\u0000')
  const isLost = sql`${sql.raw(before)}${JSON.stringify(keyNames)}${sql.raw(after)}`
  return db
    .select({ accounts: sql<number>`count(*)` })
    .from(knownMarks)
    .where(sql`${withinAccounts(knownMarks, range)} AND ${isLost}`)
}

/** Of these accounts together, as their newest logins have it; two rows read each. One row. */
export function countAlertsStatement(
  db: Db,
  accounts: readonly { readonly slot: number; readonly accountId: string }[],
) {
  const keys = JSON.stringify(accounts.map(({ slot, accountId }) => ({ slot, accountId })))
  return db
    .select({
      alerts: sql<number>`coalesce(sum((
      SELECT login.alert_count FROM logins AS login
      WHERE login.slot = account.slot AND login.account_id = account.account_id
      ORDER BY login.seq DESC LIMIT 1)), 0)`,
    })
    .from(
      sql`(SELECT value ->> 'slot' AS slot, value ->> 'accountId' AS account_id FROM json_each(${keys})) AS account`,
    )
}
