// The SQL of passkeys. A passkey is stored once, however often its registration is sent, and its notice is
// written with it or not at all.

import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { notices } from '../notice/tables.ts'
import { passkeys } from './tables.ts'

export type Passkey = typeof passkeys.$inferSelect

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

/** `known`: the same registration once more. `full`: there are `PASSKEYS_MAX` others. */
export type PasskeyAddition = 'added' | 'known' | 'full'

/** With the notice that tells of it, if there is one to write to; `nudgeNotice` follows. */
export async function addPasskey(
  db: Db,
  passkey: Omit<Passkey, 'lastUsedAt'>,
  noticeId: string | null,
): Promise<PasskeyAddition> {
  const [inserted, found] = await db.batch([
    insertPasskeyStatement(db, passkey),
    db.select({ found: sql`1` }).from(passkeys).where(isPasskey(passkey)),
    ...(noticeId === null ? [] : [insertNoticeStatement(db, passkey, noticeId)]),
  ])
  if (inserted.meta.changes > 0) return 'added'
  return found.length > 0 ? 'known' : 'full'
}

/** The count stands in the statement: of two requests for the last place, one gets it. */
function insertPasskeyStatement(db: Db, passkey: Omit<Passkey, 'lastUsedAt'>) {
  const { accountId, credentialId, publicKey, signCount, transports, name, createdAt } = passkey
  return db
    .insert(passkeys)
    .select(sql`
      SELECT ${accountId}, ${credentialId}, ${publicKey}, ${signCount},
        ${JSON.stringify(transports)}, ${name}, ${createdAt}, NULL
      WHERE (SELECT count(*) FROM passkeys WHERE account_id = ${accountId}) < ${PASSKEYS_MAX}`)
    .onConflictDoNothing()
}

/** Only beside a passkey that this batch has added. */
function insertNoticeStatement(
  db: Db,
  { accountId, credentialId, createdAt }: Pick<Passkey, 'accountId' | 'credentialId' | 'createdAt'>,
  noticeId: string,
) {
  return db
    .insert(notices)
    .select(sql`
      SELECT ${accountId}, ${noticeId}, 'passkey_added', NULL, NULL, 'open', '[]', 0, ${createdAt},
        NULL, NULL
      FROM passkeys
      WHERE account_id = ${accountId} AND credential_id = ${credentialId}
        AND created_at = ${createdAt}`)
    .onConflictDoNothing()
}

/** False when the account has no such passkey. */
export async function removePasskey(
  db: Db,
  key: Pick<Passkey, 'accountId' | 'credentialId'>,
): Promise<boolean> {
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

function isPasskey({ accountId, credentialId }: Pick<Passkey, 'accountId' | 'credentialId'>) {
  return and(eq(passkeys.accountId, accountId), eq(passkeys.credentialId, credentialId))
}
