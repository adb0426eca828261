// The SQL of passkeys. A passkey is stored once, however often its registration is sent; what else its batch does can
// hang on that.

import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { passkeys } from './tables.ts'

export type Passkey = typeof passkeys.$inferSelect

type PasskeyKey = Pick<Passkey, 'accountId' | 'credentialId'>

/** More on one account are no person's devices. */
export const PASSKEYS_MAX = 10

/** Oldest first. */
export function listPasskeysStatement(db: Db, accountId: string) {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.accountId, accountId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.credentialId))
}

export async function listPasskeys(db: Db, accountId: string): Promise<readonly Passkey[]> {
  return listPasskeysStatement(db, accountId)
}

export type NewPasskeyRow = Omit<Passkey, 'lastUsedAt'>

/** The count stands in the statement: of two requests for the last place, one gets it. */
export function insertPasskeyStatement(db: Db, passkey: NewPasskeyRow) {
  const { accountId } = passkey
  return insertWhen(
    db,
    passkeys,
    passkey,
    sql`(SELECT count(*) FROM passkeys WHERE account_id = ${accountId}) < ${PASSKEYS_MAX}`,
  ).onConflictDoNothing()
}

/** One row, if the account has it by now. */
export function findPasskeyStatement(db: Db, key: PasskeyKey) {
  return db.select({ found: sql`1` }).from(passkeys).where(isPasskey(key))
}

/** True for the batch that has just added it, and not for one that found it there. */
export function isPasskeyAddedSql({
  accountId,
  credentialId,
  createdAt,
}: PasskeyKey & Pick<Passkey, 'createdAt'>): SQL {
  return sql`EXISTS (SELECT 1 FROM passkeys WHERE account_id = ${accountId}
    AND credential_id = ${credentialId} AND created_at = ${createdAt})`
}

/** False when the account has no such passkey. */
export async function removePasskey(db: Db, key: PasskeyKey): Promise<boolean> {
  const removed = await db.delete(passkeys).where(isPasskey(key))
  return removed.meta.changes > 0
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
  return sql`EXISTS (SELECT 1 FROM passkeys AS passkey
    WHERE passkey.account_id = ${accountId} AND passkey.credential_id = ${credentialId}
      AND (passkey.sign_count < ${signCount} OR (passkey.sign_count = 0 AND ${signCount} = 0)))`
}

function isPasskey({ accountId, credentialId }: PasskeyKey) {
  return and(eq(passkeys.accountId, accountId), eq(passkeys.credentialId, credentialId))
}
