// "It was me": the SQL behind it. A login is confirmed once, while its session runs and nothing is held, and
// the exchange is told in the same batch. Nothing here touches a hold or a lock.

import { sql } from 'drizzle-orm'
import { isHeldSql } from '../account/hold.ts'
import { isPasskeyUsable, notePasskeyUseStatement, type PasskeyUse } from '../account/passkeys.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionConfirmedCallback } from '../exchange/session-confirmed.ts'
import { logInfo } from '../lib/log.ts'
import { confirmLoginStatement, isConfirmedSql } from '../login/confirm-login.ts'
import type { Login } from '../login/login.ts'
import type { ActContext } from './lock-context.ts'

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
