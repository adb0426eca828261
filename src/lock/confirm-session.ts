// "It was me": the SQL behind it. A login is confirmed once, while its session runs and nothing is held, and
// the exchange is told in the same batch. Nothing here touches a hold or a lock.

import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { findAccountsStatement } from '../account/accounts.ts'
import {
  isPasskeyUsable,
  listPasskeysStatement,
  notePasskeyUseStatement,
  type Passkey,
  type PasskeyUse,
} from '../account/passkeys.ts'
import type { Context } from '../context.ts'
import { callbackBody } from '../exchange/callback.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import type { NewCallback } from '../exchange/outbox.ts'
import { sessionConfirmedCallback } from '../exchange/session-confirmed.ts'
import { callbacks } from '../exchange/tables.ts'
import type { Db } from '../lib/db.ts'
import { logInfo } from '../lib/log.ts'
import type { Login } from '../login/login.ts'
import { logins } from '../login/tables.ts'
import { type LockClaims, lockClaims } from './link.ts'

/** `closed`: unknown, locked, held, or its session has ended: there is nothing left to confirm. */
export type ConfirmFacts =
  | { readonly kind: 'open'; readonly login: Login; readonly passkeys: readonly Passkey[] }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'closed' }

/** What is known of the login behind a link. */
export async function findConfirmFacts(
  db: Db,
  claims: LockClaims,
  now: number,
): Promise<ConfirmFacts> {
  const { accountId, alertNumber } = claims
  const [[account], [login], passkeys] = await db.batch([
    findAccountsStatement(db, [accountId]),
    db
      .select()
      .from(logins)
      .where(and(eq(logins.accountId, accountId), eq(logins.alertNumber, alertNumber)))
      .orderBy(desc(logins.seq))
      .limit(1),
    listPasskeysStatement(db, accountId),
  ])
  if (!account || !login || !isOfLink(login, claims)) return { kind: 'closed' }
  if (login.confirmedAt !== null) return { kind: 'confirmed' }
  const isHeld = account.holdUntil !== null && account.holdUntil > now
  if (isHeld || login.sessionEndedAt !== null) return { kind: 'closed' }
  return { kind: 'open', login, passkeys }
}

/** An account that was erased and imported anew counts its alerts from one again. */
function isOfLink(login: Login, claims: LockClaims): boolean {
  const { expiresAtSeconds } = lockClaims(claims.accountId, claims.alertNumber, login.occurredAt)
  return expiresAtSeconds === claims.expiresAtSeconds
}

/**
 * Confirms the login with a verified answer of a passkey. False when it was closed or confirmed by then, or
 * the passkey removed, or its counter passed by another answer.
 */
export async function confirmSession(
  context: Context,
  login: Login,
  use: PasskeyUse,
): Promise<boolean> {
  const { db } = context
  const now = context.now()
  const callback = await sessionConfirmedCallback(login, now)
  const [confirmed] = await db.batch([
    confirmStatement(db, login, use, now),
    insertCallbackStatement(db, login, callback, now),
    notePasskeyUseStatement(db, use, now),
  ])
  if (confirmed.meta.changes === 0) return false
  logInfo('session.confirmed', { account_id: login.accountId, alert_id: login.alertId })
  await nudgeCallback(context, login.accountId, callback.callbackId)
  return true
}

function confirmStatement(db: Db, login: Login, use: PasskeyUse, now: number) {
  return db
    .update(logins)
    .set({ confirmedAt: now })
    .where(
      and(
        eq(logins.accountId, login.accountId),
        eq(logins.seq, login.seq),
        isNull(logins.confirmedAt),
        isNull(logins.sessionEndedAt),
        sql`NOT EXISTS (SELECT 1 FROM accounts AS account
          WHERE account.account_id = ${login.accountId} AND account.hold_until > ${now})`,
        isPasskeyUsable(use),
      ),
    )
}

/** Only beside a login that this batch has confirmed. */
function insertCallbackStatement(db: Db, login: Login, callback: NewCallback, now: number) {
  const { accountId, callbackId, type, data } = callback
  return db
    .insert(callbacks)
    .select(sql`
      SELECT ${accountId}, ${callbackId}, ${type}, ${callbackBody(type, now, data)},
        'open', 0, NULL, NULL, 0, ${now}, ${now}, NULL
      FROM logins
      WHERE account_id = ${accountId} AND seq = ${login.seq} AND confirmed_at = ${now}`)
    .onConflictDoNothing()
}
