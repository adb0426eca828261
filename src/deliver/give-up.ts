// What has to follow when an alert is given up: the exchange is told, and where the number itself is
// at fault the account says so. Written in the batch that closes the alert, and only if that closes it,
// so that no alert ends in silence.

import { and, eq, lte, sql } from 'drizzle-orm'
import { accounts } from '../account/tables.ts'
import type { Context } from '../context.ts'
import { callbackBody } from '../exchange/callback.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { callbacks } from '../exchange/tables.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import type { Attempt } from '../login/attempt.ts'
import type { Login } from '../login/login.ts'
import type { UndeliveredReason } from './round.ts'

export type GiveUp = {
  /** As it was read: the closing statement raises its version by one. */
  readonly login: Login
  readonly reason: UndeliveredReason
  /** The attempt that decided it, if any did. */
  readonly attempt: Attempt | undefined
}

/** The callback's id is the alert's: told once, however often it is given up. */
function undeliveredCallbackId(login: Login): Promise<string> {
  return deriveId('cbk', 'alert.undelivered', login.alertId)
}

export async function giveUpStatements(db: Db, giveUp: GiveUp, now: number) {
  const callbackId = await undeliveredCallbackId(giveUp.login)
  return [insertCallbackStatement(db, giveUp, callbackId, now), ...markPhone(db, giveUp, now)]
}

/** True for the batch that has just closed the alert. */
function isClosedSql({ login }: GiveUp) {
  return sql`EXISTS (SELECT 1 FROM logins WHERE account_id = ${login.accountId}
    AND seq = ${login.seq} AND version = ${login.version + 1} AND state = 'undelivered')`
}

function insertCallbackStatement(db: Db, giveUp: GiveUp, callbackId: string, now: number) {
  const { login, reason } = giveUp
  const body = callbackBody('alert.undelivered', now, {
    account_id: login.accountId,
    alert_id: login.alertId,
    alert_number: login.alertNumber,
    session_id: login.sessionId,
    reason,
  })
  return db
    .insert(callbacks)
    .select(sql`
      SELECT ${login.accountId}, ${callbackId}, 'alert.undelivered', ${body},
        'open', 0, NULL, NULL, 0, ${now}, ${now}, NULL
      WHERE ${isClosedSql(giveUp)}`)
    .onConflictDoNothing()
}

function markPhone(db: Db, giveUp: GiveUp, now: number) {
  const { login, reason, attempt } = giveUp
  if (!attempt || (reason !== 'recipient_permanent' && reason !== 'opted_out')) return []
  return [
    db
      .update(accounts)
      .set({
        phoneState: reason === 'opted_out' ? 'opted_out' : 'invalid',
        phoneStateCode: attempt.code ?? reason,
        updatedAt: now,
      })
      .where(
        and(
          eq(accounts.accountId, login.accountId),
          // The verdict is about the number that was called; a newer one must not inherit it.
          lte(accounts.updatedAt, attempt.startedAt),
          isClosedSql(giveUp),
        ),
      ),
  ]
}

/** After the batch: the nudge that makes the exchange hear of it at once. */
export async function announceGiveUp(context: Context, giveUp: GiveUp): Promise<void> {
  const { login, reason } = giveUp
  logInfo('alert.undelivered', { alert_id: login.alertId, reason })
  const callbackId = await undeliveredCallbackId(login)
  await nudgeCallback(context, login.accountId, callbackId)
}
