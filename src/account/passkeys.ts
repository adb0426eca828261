// The SQL of passkeys. A passkey is stored once, however often its registration is sent; what else its batch does can
// hang on that.

import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { accounts, passkeys } from './tables.ts'

export type Passkey = typeof passkeys.$inferSelect

type PasskeyKey = Pick<Passkey, 'accountId' | 'credentialId'>

/** More on one account are no person's devices. */
export const PASSKEYS_MAX = 10

/** A younger one proves no change of number: a thief may have added it, and its owner must have had time to hear of it. */
export const PASSKEY_PROVES_AFTER_MS = 3 * DAY_MS

/** Oldest first. */
export function listPasskeysStatement(db: Db, accountId: string) {
  return db
    .select()
    .from(passkeys)
    .where(ofAccount(passkeys, accountId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.credentialId))
}

export async function listPasskeys(db: Db, accountId: string): Promise<readonly Passkey[]> {
  return listPasskeysStatement(db, accountId)
}

/** By its id alone, whoever has it: of a device that was asked for no account. */
export async function findPasskeysByCredential(
  db: Db,
  credentialId: string,
): Promise<readonly Passkey[]> {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.credentialId, credentialId))
    .limit(SAME_CREDENTIAL_MAX)
}

/** Ids are random: two accounts have one only where somebody registers another's id as his. */
const SAME_CREDENTIAL_MAX = 5

export type NewPasskeyRow = Omit<Passkey, 'slot' | 'lastUsedAt'>

/** The count stands in the statement: of two requests for the last place, one gets it. */
export function insertPasskeyStatement(
  db: Db,
  passkey: NewPasskeyRow,
  when = canAddPasskeySql(passkey),
) {
  return insertWhen(db, passkeys, passkey, when).onConflictDoNothing()
}

/** Whether it is new and has a place: true before `insertPasskeyStatement` in its batch if that is going to add it. */
export function canAddPasskeySql({ accountId, credentialId }: PasskeyKey): SQL {
  return sql`(SELECT count(*) FROM ${passkeys} WHERE ${ofAccount(passkeys, accountId)}) < ${PASSKEYS_MAX}
    AND NOT EXISTS (SELECT 1 FROM ${passkeys}
      WHERE ${ofAccount(passkeys, accountId)} AND credential_id = ${credentialId})`
}

/** Whether the account has it: for a `WHERE`. */
export function hasPasskeySql({ accountId, credentialId }: PasskeyKey): SQL {
  return sql`EXISTS (SELECT 1 FROM ${passkeys}
    WHERE ${ofAccount(passkeys, accountId)} AND credential_id = ${credentialId})`
}

/** Whether the account has none: for a `WHERE`. */
export function hasNoPasskeySql(accountId: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM ${passkeys} WHERE ${ofAccount(passkeys, accountId)})`
}

/** That one went is kept: what it could have ended is not the exchange's to end at once. Only of a passkey there is. */
export function removePasskeyStatements(db: Db, key: PasskeyKey, now: number) {
  return [
    db
      .update(accounts)
      .set({ passkeyLostAt: now })
      .where(and(ofAccount(accounts, key.accountId), hasPasskeySql(key))),
    db.delete(passkeys).where(isPasskey(key)),
  ] as const
}

export type PasskeyUse = Pick<Passkey, 'accountId' | 'credentialId' | 'signCount'>

/** The counter goes up only, whichever of two answers comes last. */
export function notePasskeyUseStatement(db: Db, use: PasskeyUse, now: number) {
  return db
    .update(passkeys)
    .set({ signCount: sql`max(${passkeys.signCount}, ${use.signCount})`, lastUsedAt: now })
    .where(isPasskey(use))
}

/** Whether the passkey is still there and its counter not beyond this answer's: for a `WHERE`. */
export function isPasskeyUsable({ accountId, credentialId, signCount }: PasskeyUse) {
  return sql`EXISTS (SELECT 1 FROM ${passkeys}
    WHERE ${ofAccount(passkeys, accountId)} AND ${passkeys.credentialId} = ${credentialId}
      AND (${passkeys.signCount} < ${signCount} OR (${passkeys.signCount} = 0 AND ${signCount} = 0)))`
}

function isPasskey({ accountId, credentialId }: PasskeyKey) {
  return and(ofAccount(passkeys, accountId), eq(passkeys.credentialId, credentialId))
}
