// Many accounts in one statement, for an import of all there are: the rows are one bound value, and D1 counts statements, not
// rows. Only for what changes no number: a number that another takes the place of has to be told, one by one.

import { and, isNull, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../lib/db.ts'
import { insertEach } from '../lib/insert-when.ts'
import { eachSlotSql, slotOf } from '../lib/slot.ts'
import { type RawRow, readStoredRow } from '../lib/stored-row.ts'
import { type Account, type AccountChange, CLEAN_PHONE, TOTP_SINCE_KEPT } from './accounts.ts'
import { accounts, phoneBindings } from './tables.ts'

export type AccountToSave = {
  readonly accountId: string
  readonly change: AccountChange
  /** `updatedAt` of the account as it was read; null where there was none. */
  readonly readAt: number | null
}

const EACH_ID = sql.raw(`each.value ->> 'accountId'`)
const EACH_SLOT = eachSlotSql(EACH_ID, sql.raw(`each.value ->> 'slot'`))

/** `json_each` over objects, named `each`; what is undefined is not in them, what is null is. */
function eachOf(saves: readonly AccountToSave[]): SQL {
  return eachRow(saves.map(({ accountId, readAt, change }) => ({ accountId, readAt, ...change })))
}

function eachRow(ones: readonly { readonly accountId: string }[]): SQL {
  const rows = ones.map((one) => ({ ...one, slot: slotOf(one.accountId) }))
  return sql`json_each(${JSON.stringify(rows)}) AS each`
}

const given = (field: keyof AccountChange) => sql.raw(`each.value ->> '${field}'`)
const IS_EACH = sql`accounts.slot = ${EACH_SLOT} AND accounts.account_id = ${EACH_ID}`
const isGiven = (field: keyof AccountChange) => sql.raw(`json_type(each.value, '$.${field}')`)

/** Those of `accountIds` that there are, as rows for `readAccounts`. */
export function findManyStatement(db: Db, accountIds: readonly string[]) {
  const each = eachRow(accountIds.map((accountId) => ({ accountId })))
  return db.all<RawRow>(sql`SELECT accounts.* FROM ${each} CROSS JOIN accounts
    ON ${IS_EACH}`)
}

export function readAccounts(rows: readonly RawRow[]): ReadonlyMap<string, Account> {
  const found = rows.map((row) => readStoredRow(accounts, row))
  return new Map(found.map((account) => [account.accountId, account]))
}

/** Those that were not there; the ids of those it has made come back. Of others it changes nothing. */
export function insertManyStatement(db: Db, saves: readonly AccountToSave[], now: number) {
  const row = {
    accountId: EACH_ID,
    slot: EACH_SLOT,
    phoneSealed: given('phoneSealed'),
    phoneTag: given('phoneTag'),
    phraseSealed: given('phraseSealed'),
    totpSealed: given('totpSealed'),
    locale: given('locale'),
    alerts: sql`coalesce(${given('alerts')}, 'all')`,
    phoneSince: sql`CASE WHEN ${given('phoneSealed')} IS NOT NULL THEN ${now} END`,
    totpSince: sql`CASE WHEN ${given('totpSealed')} IS NOT NULL THEN ${now} END`,
    createdAt: now,
    updatedAt: now,
  }
  return insertEach(db, accounts, row, eachOf(saves))
    .onConflictDoNothing()
    .returning({ accountId: accounts.accountId })
}

/**
 * What is said of a number is the same number, sealed anew. All of them name it, or none does: see `hasNumber`. The ids of
 * those it has changed come back: one that was changed since it was read is not among them.
 */
export function changeManyStatement(db: Db, saves: readonly AccountToSave[], now: number) {
  // Naming the tag rewrites its index entry, one more row billed.
  const number = saves.some(hasNumber) ? NUMBER : {}
  return db
    .update(accounts)
    .set({ ...plainAt(now), ...number, unseen: 0, updatedAt: now })
    .from(eachOf(saves))
    .where(sql`${IS_EACH} AND ${accounts.updatedAt} = each.value ->> 'readAt'`)
    .returning({ accountId: accounts.accountId })
}

/**
 * A number for those that have none and had none: there is nobody to tell. The ids of those it has changed come back; one that
 * has a number meanwhile is not among them.
 */
export function firstNumbersStatement(db: Db, saves: readonly AccountToSave[], now: number) {
  return db
    .update(accounts)
    .set({ ...plainAt(now), ...NUMBER, ...CLEAN_PHONE, phoneSince: now, unseen: 0, updatedAt: now })
    .from(eachOf(saves))
    .where(and(IS_EACH, isNull(accounts.phoneSealed), isNull(accounts.formerPhones)))
    .returning({ accountId: accounts.accountId })
}

/** Whether `firstNumbersStatement` is for it. */
export function hadNoNumber({ phoneSealed, formerPhones }: Account): boolean {
  return phoneSealed === null && formerPhones === null
}

/** What was begun for accounts that had no number. */
export function cancelBindingsStatement(db: Db, accountIds: readonly string[]) {
  const each = eachRow(accountIds.map((accountId) => ({ accountId })))
  return db
    .delete(phoneBindings)
    .where(sql`(slot, account_id) IN (SELECT ${EACH_SLOT}, ${EACH_ID} FROM ${each})`)
}

export function hasNumber({ change }: AccountToSave): boolean {
  return change.phoneSealed !== undefined
}

/** What a row does not name stays. */
function orKept(field: keyof AccountChange, column: SQLiteColumn): SQL {
  return sql`CASE WHEN ${isGiven(field)} IS NULL THEN ${column} ELSE ${given(field)} END`
}

const NUMBER = {
  phoneSealed: orKept('phoneSealed', accounts.phoneSealed),
  phoneTag: orKept('phoneTag', accounts.phoneTag),
} as const
const plainAt = (now: number) => ({
  locale: orKept('locale', accounts.locale),
  alerts: orKept('alerts', accounts.alerts),
  phraseSealed: orKept('phraseSealed', accounts.phraseSealed),
  totpSealed: orKept('totpSealed', accounts.totpSealed),
  // Another one: what is the same is left out (see planImport).
  totpSince: sql`CASE WHEN ${isGiven('totpSealed')} IS NULL THEN ${TOTP_SINCE_KEPT}
    WHEN ${given('totpSealed')} IS NOT NULL THEN ${now} END`,
})
