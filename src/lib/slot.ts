// Where an account's rows lie: every key of theirs begins with `slot`, so that accounts can be spread over databases, and
// moved, 256 parts at a time. Nothing else knows of slots in a WHERE: a lookup that named the account alone would read
// the whole table.
//
// SQLite has no SHA-256, so the rows from before slots were given -1, and their accounts are listed in
// `slotless_accounts` until the minute's walk has moved them, each in one batch. An account is therefore in one place at
// any moment, all its tables together, and every statement asks which. New rows go where the old ones are: beside them,
// in another slot, they would not meet in one key. That list is empty after the walk, and looking there costs nothing.

import { sha256 } from '@noble/hashes/sha2.js'
import { and, eq, or, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { integer, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { utf8 } from './base64.ts'
import type { Db } from './db.ts'
import type { SqlParameters } from './named-parameters.ts'

/** Of rows that are older than slots. Below all slots: a walk in key order begins there. */
const NO_SLOT = -1

/** Each statement of an account asks for its slot: a login's twenty times. */
const known = new Map<string, number>()
const KNOWN_MAX = 1_000

/** The first byte of SHA-256(account id): 0–255. Synchronous, unlike the platform's: SQL is made where it is used. */
export function slotOf(accountId: string): number {
  const kept = known.get(accountId)
  if (kept !== undefined) return kept
  const [first = 0] = sha256(utf8(accountId))
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(accountId, first)
  return first
}

/** Of every account-owned table, and of its key the first column. */
export const slotColumn = () => integer('slot').notNull()

export type AccountTable = SQLiteTable & {
  readonly slot: SQLiteColumn
  readonly accountId: SQLiteColumn
}

/** A value, or the place of one in a statement that is spelled once. */
type Value = string | number | Placeholder

/** `slot`: what `slotOf` says of the account. */
function whereItIs(accountId: Value, slot: Value): SQL {
  return sql`coalesce((SELECT ${sql.raw(String(NO_SLOT))} FROM slotless_accounts WHERE account_id = ${accountId}), ${slot})`
}

function rowsOf(table: AccountTable, accountId: Value, slot: Value): SQL {
  return sql`${table.slot} = ${whereItIs(accountId, slot)} AND ${table.accountId} = ${accountId}`
}

/** The slot in which the account's rows lie now. */
export function slotSql(accountId: string): SQL {
  return whereItIs(accountId, slotOf(accountId))
}

/** The same for each of a list; of its account's id, and of the slot that `slotOf` says. */
export function eachSlotSql(accountId: SQL, slot: SQL): SQL {
  return sql`coalesce((SELECT ${sql.raw(String(NO_SLOT))} FROM slotless_accounts AS waiting WHERE waiting.account_id = ${accountId}), ${slot})`
}

/** The same for SQL with parameters by name; it needs those of `ACCOUNT_PARAMETERS`. */
export const SLOT = `coalesce((SELECT ${NO_SLOT} FROM slotless_accounts WHERE account_id = :accountId), :slot)`

export const ACCOUNT_PARAMETERS: SqlParameters<{ readonly accountId: string }> = {
  accountId: ({ accountId }) => accountId,
  slot: ({ accountId }) => slotOf(accountId),
}

/** For a `WHERE`: the rows of one account. */
export function ofAccount(table: AccountTable, accountId: string): SQL {
  return rowsOf(table, accountId, slotOf(accountId))
}

/** The same for a statement that is spelled once (bound-statement.ts); it needs the values of `accountValues`. */
export function ofBoundAccount(table: AccountTable): SQL {
  return rowsOf(table, sql.placeholder('accountId'), sql.placeholder('slot'))
}

export function accountValues(accountId: string): {
  readonly accountId: string
  readonly slot: number
} {
  return { accountId, slot: slotOf(accountId) }
}

/** The same for SQL with parameters by name, of the table or its alias. */
export function ofAccountText(table: string): string {
  return `${table}.slot = ${SLOT} AND ${table}.account_id = :accountId`
}

/** After `FROM`: the rows of each of a list of accounts, which is one bound value. */
export function amongAccountsSql(table: AccountTable, accountIds: readonly string[]): SQL {
  const each = accountIds.map((accountId) => ({ accountId, slot: slotOf(accountId) }))
  const id = sql.raw(`each.value ->> 'accountId'`)
  const slot = eachSlotSql(id, sql.raw(`each.value ->> 'slot'`))
  return sql`json_each(${JSON.stringify(each)}) AS each
    CROSS JOIN ${table} ON ${table.slot} = ${slot} AND ${table.accountId} = ${id}`
}

/** Of a few accounts: each binds three values. Not by a list of keys: D1 takes no more than five rows of VALUES. */
export function ofAccounts(table: AccountTable, accountIds: readonly string[]): SQL {
  return or(...accountIds.map((accountId) => and(ofAccount(table, accountId)))) ?? sql`false`
}

/** What a new row of the account begins with. */
export function inSlot(accountId: string) {
  return { slot: slotSql(accountId), accountId }
}

/** For a walk in key order, after the account; the empty text stands before all. To be compared with (slot, account_id). */
export function slotPosition(accountId: string): SQL {
  const slot = accountId === '' ? sql.raw(String(NO_SLOT)) : slotSql(accountId)
  return sql`(${slot}, ${accountId})`
}

/** Accounts after the one, up to and with the other; null where the walk has come to the end. */
export type AccountRange = { readonly after: string; readonly until: string | null }

/** For a `WHERE`: the rows of all accounts of the range, found by key. */
export function withinAccounts(table: AccountTable, { after, until }: AccountRange): SQL {
  const key = sql`(${table.slot}, ${table.accountId})`
  const isAfter = sql`${key} > ${slotPosition(after)}`
  return until === null ? isAfter : sql`${isAfter} AND ${key} <= ${slotPosition(until)}`
}

/** For an `ORDER BY`: as a walk goes. */
export function inKeyOrder(table: AccountTable) {
  return [table.slot, table.accountId] as const
}

/** Whose rows of a table are meant, for a `WHERE`. */
export type Whose = (table: AccountTable) => SQL

export const whoseAccount =
  (accountId: string): Whose =>
  (table) =>
    ofAccount(table, accountId)

/** For what is changed of many accounts at once: rows of a slot that is on its way, or was left behind, are elsewhere. */
export function isInPlace(table: AccountTable): SQL {
  return sql`${table.slot} NOT IN (SELECT slot FROM slots WHERE state <> 'here')`
}

/** Of all accounts of a range that are in place. */
export function whoseRange(range: AccountRange): Whose {
  return (table) => sql`${withinAccounts(table, range)} AND ${isInPlace(table)}`
}

/**
 * The account of the row that stands `rows` after `after`; none where the table ends before. Reads as many rows. What lies up
 * to it are no more than so many, but for those of one account.
 */
export function accountAfterStatement(db: Db, table: AccountTable, after: string, rows: number) {
  return db
    .select({ slot: sql<number>`${table.slot}`, accountId: sql<string>`${table.accountId}` })
    .from(table)
    .where(withinAccounts(table, { after, until: null }))
    .orderBy(...inKeyOrder(table))
    .limit(1)
    .offset(rows - 1)
}

/** For the batch that moves the account: this table's rows go to its slot. Writes nothing where there are none. */
export function moveToSlotStatement(db: Db, table: AccountTable, accountId: string) {
  return db
    .update(table)
    .set({ slot: slotOf(accountId) })
    .where(and(eq(table.slot, NO_SLOT), eq(table.accountId, accountId)))
}
