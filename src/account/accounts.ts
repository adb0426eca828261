// The SQL of accounts, and the sealing of what must not lie in the clear. Numbers leave this file
// opened only towards delivery and masking.

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { inSlot, ofAccount, ofAccounts, ofAccountText } from '../lib/slot.ts'
import { type RawRow, readStoredRow } from '../lib/stored-row.ts'
import { changedPhone } from './former-phone.ts'
import { accounts } from './tables.ts'

export type Account = typeof accounts.$inferSelect

/** `phone` also for a former number and for one that is being bound: they change places as they are. */
export type SealedField = 'phone' | 'phrase' | 'totp'

/** Sealed for this account and this field: a row copied onto another account opens to nothing. */
export function fieldPurpose(accountId: string, field: SealedField): SealPurpose {
  return { use: field, context: `accounts/${accountId}/${field}` }
}

export function sealField(
  random: Ports['randomBytes'],
  keys: SealKeys,
  accountId: string,
  field: SealedField,
  text: string,
): Promise<string> {
  return seal(random, keys, fieldPurpose(accountId, field), text)
}

/** Null for what is not stored. Throws when a stored value opens with no key: a key was lost. */
export async function openField(
  keys: SealKeys,
  accountId: string,
  field: SealedField,
  sealed: string | null,
): Promise<string | null> {
  if (sealed === null) return null
  const text = await open(keys, fieldPurpose(accountId, field), sealed)
  if (text === null) throw new Error(`no key of DATA_SECRETS opens accounts.${field}_sealed`)
  return text
}

export async function findAccount(db: Db, accountId: string): Promise<Account | null> {
  const [account] = await db.select().from(accounts).where(ofAccount(accounts, accountId))
  return account ?? null
}

/**
 * SQL with `ACCOUNT_PARAMETERS`, for a batch of statements written by hand: the account's row and, under their names, what others
 * have to say beside it.
 */
export function accountRowText(beside: Readonly<Record<string, string>>): string {
  const more = Object.entries(beside).map(([name, value]) => `, ${value} AS ${name}`)
  return `SELECT accounts.*${more.join('')} FROM accounts WHERE ${ofAccountText('accounts')}`
}

/** `value` where the account has no language of its own, else NULL: beside its row. */
export const unlessLocale = (value: string) => `CASE WHEN accounts.locale IS NULL THEN ${value} END`

/** The account of such a row. */
export function readAccountRow(rows: readonly RawRow[]): Account | null {
  const [row] = rows
  return row ? readStoredRow(accounts, row) : null
}

export function findAccountsStatement(db: Db, accountIds: readonly string[]) {
  return db.select().from(accounts).where(ofAccounts(accounts, accountIds))
}

/** What an import may change; undefined leaves a field as it is, null clears it. */
export type AccountChange = Partial<
  Pick<Account, 'phoneSealed' | 'phoneTag' | 'locale' | 'alerts' | 'phraseSealed' | 'totpSealed'>
>

/**
 * How the number in a change stands to the one before: the `same`, sealed anew · an `other`, of which nothing is known yet ·
 * `other_told`: the one before becomes the former number, which is told of everything for a while.
 */
export type PhoneImport = 'same' | 'other' | 'other_told'

export type SaveTerms = {
  readonly phone?: PhoneImport
  /** The owner has said that he wants texts again: whatever is known of the number is over. */
  readonly isOptedIn?: boolean
  /** Of the number in the change, all that it may be stored as (see phone-tag.ts); without them, its tag there. */
  readonly phoneTags?: readonly string[]
}

/** Creates or changes. */
export function saveAccountStatement(
  db: Db,
  accountId: string,
  change: AccountChange,
  now: number,
  { phone = 'other', isOptedIn = false, phoneTags = tagOf(change) }: SaveTerms = {},
) {
  const isOther = change.phoneSealed !== undefined && phone !== 'same'
  const phoneState = {
    ...((isOther || isOptedIn) && CLEAN_PHONE),
    ...(isOther && changedPhone(now, phoneTags, phone === 'other_told')),
  }
  const phoneSince = typeof change.phoneSealed === 'string' ? now : null
  const totpSince = typeof change.totpSealed === 'string' ? now : null
  const since = { phoneSince, totpSince }
  return db
    .insert(accounts)
    .values({ ...inSlot(accountId), ...change, ...since, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: [accounts.slot, accounts.accountId],
      set: {
        ...change,
        ...phoneState,
        totpSince: change.totpSealed === undefined ? TOTP_SINCE_KEPT : totpSince,
        unseen: 0,
        updatedAt: now,
      },
    })
}

/** Of a row that is about to be changed: a secret from before its time was kept is no younger than the change before. */
export const TOTP_SINCE_KEPT = sql`CASE WHEN ${accounts.totpSealed} IS NOT NULL
  THEN coalesce(${accounts.totpSince}, ${accounts.updatedAt}) END`

function tagOf({ phoneTag }: AccountChange): readonly string[] {
  return typeof phoneTag === 'string' ? [phoneTag] : []
}

/** Nothing speaks against the number. */
export const CLEAN_PHONE = {
  phoneState: 'ok',
  phoneStateCode: null,
  phoneStateUntil: null,
} as const

/** A row to work with, for a visit, if `when` is true in its batch; it does not make the account known. */
export function ensureAccountStatement(db: Db, accountId: string, now: number, when?: SQL) {
  const row = { accountId, createdAt: now, updatedAt: now, unseen: 1 }
  return insertWhen(db, accounts, row, when).onConflictDoNothing()
}
