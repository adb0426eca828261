// "It was me": the SQL behind it. A login is confirmed once, while its session runs and nothing is held, and
// the exchange is told in the same batch. Nothing here touches a hold or a lock.

import { sql } from 'drizzle-orm'
import { findAccountsStatement } from '../account/accounts.ts'
import { isHeldSql } from '../account/hold.ts'
import {
  isPasskeyUsable,
  listPasskeysStatement,
  notePasskeyUseStatement,
  type Passkey,
  type PasskeyUse,
} from '../account/passkeys.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionConfirmedCallback } from '../exchange/session-confirmed.ts'
import type { Db } from '../lib/db.ts'
import { logInfo } from '../lib/log.ts'
import { findLoginByNumberStatement } from '../login/by-number.ts'
import { confirmLoginStatement, isConfirmedSql } from '../login/confirm-login.ts'
import type { Login } from '../login/login.ts'
import { lockClaims } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import type { ActContext } from './lock-context.ts'

/** There is nothing to confirm: `ended`: its session is over, or is to be · `held`: not while withdrawals are · `unknown` */
export type ConfirmFacts =
  | { readonly kind: 'open'; readonly login: Login; readonly passkeys: readonly Passkey[] }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'ended' | 'held' | 'unknown' }

/** What is known of the login behind a link. */
export async function findConfirmFacts(
  db: Db,
  claims: LockClaims,
  now: number,
): Promise<ConfirmFacts> {
  const { accountId, alertNumber } = claims
  const [[account], [login], passkeys] = await db.batch([
    findAccountsStatement(db, [accountId]),
    findLoginByNumberStatement(db, accountId, alertNumber),
    listPasskeysStatement(db, accountId),
  ])
  if (!account || !login || !isOfLink(login, claims)) return { kind: 'unknown' }
  if (login.confirmedAt !== null) return { kind: 'confirmed' }
  if (login.sessionEndedAt !== null) return { kind: 'ended' }
  if (account.holdUntil !== null && account.holdUntil > now) return { kind: 'held' }
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
  context: ActContext,
  login: Login,
  use: PasskeyUse,
): Promise<boolean> {
  const db = context.dbOf(login.accountId)
  const now = context.now()
  const callback = await sessionConfirmedCallback(login, now)
  const mayConfirm = sql`NOT ${isHeldSql(login.accountId, now)} AND ${isPasskeyUsable(use)}`
  const [confirmed] = await db.batch([
    confirmLoginStatement(db, login, mayConfirm, now),
    insertCallbackStatement(db, callback, now, isConfirmedSql(login, now)),
    notePasskeyUseStatement(db, use, now),
  ])
  if (confirmed.meta.changes === 0) return false
  logInfo('session.confirmed', { account_id: login.accountId, alert_id: login.alertId })
  await nudgeCallback(context, login.accountId, callback.callbackId)
  return true
}
