// What has to follow when an alert is given up: the exchange is told, and where the number itself is proven to be
// at fault (number-verdict.ts) the account says so. Written in the batch that closes the alert, and only if that closes it,
// so that no alert ends in silence.

import { type SQL, sql } from 'drizzle-orm'
import { markPhoneStatement } from '../account/account-phone.ts'
import type { ProfileRules } from '../country/profile-rules.ts'
import { callbackBody } from '../exchange/callback.ts'
import type { NudgeContext } from '../exchange/exchange-context.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import {
  type CallbackOfFacts,
  insertCallbackStatement,
  withdrawCallbackStatement,
} from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { type Attempt, numberReports } from '../login/attempt.ts'
import { kindNameOf, type Login, sessionOf } from '../login/login.ts'
import { isDeliveredSql, isGivenUpSql, mergedCountSql, mergedSessionsSql } from '../login/logins.ts'
import { numberVerdict } from '../sms/number-verdict.ts'
import type { UndeliveredReason } from './round.ts'

export type GiveUp = {
  /** As it was read: the closing statement raises its version by one. */
  readonly login: Login
  readonly reason: UndeliveredReason
  /** All that are known by now. */
  readonly attempts: readonly Attempt[]
}

/** The callback's id is the alert's: told once, however often it is given up. */
function undeliveredCallbackId(login: Login): Promise<string> {
  return deriveId('cbk', 'alert.undelivered', login.alertId)
}

export async function giveUpStatements(db: Db, giveUp: GiveUp, profile: ProfileRules, now: number) {
  const isGivenUp = isGivenUpSql(giveUp.login)
  return [
    insertCallbackStatement(db, await undeliveredCallback(giveUp, now), now, isGivenUp),
    ...markPhone(db, giveUp, profile, { isGivenUp, now }),
  ]
}

/** Of one SMS; the exchange can look the others up. */
const SESSION_IDS_MAX = 100

/** One SMS's, or that of a login which was to get none: see `announceStored`. */
export async function undeliveredCallback(
  { login, reason }: Pick<GiveUp, 'login' | 'reason'>,
  now: number,
): Promise<CallbackOfFacts> {
  const { accountId, alertId, alertNumber, seq, mergedInto } = login
  const sessionId = sessionOf(login)
  const type = 'alert.undelivered'
  const body = callbackBody(type, now, {
    account_id: accountId,
    alert_id: alertId,
    alert_number: alertNumber,
    session_id: sessionId,
    reason,
    activity: kindNameOf(login),
    logins: 1,
    session_ids: sessionId === null ? [] : [sessionId],
  })
  return {
    accountId,
    callbackId: await undeliveredCallbackId(login),
    type,
    // Counted in the batch itself: until the alert is closed, it may gather one more.
    body:
      mergedInto === seq
        ? sql`json_set(${body}, '$.data.logins', ${mergedCountSql(login)},
            '$.data.session_ids', json(${mergedSessionsSql(login, SESSION_IDS_MAX)}))`
        : sql`${body}`,
  }
}

/** It was delivered after all: an exchange that has not heard of it need not warn the owner. */
export async function withdrawGiveUpStatements(db: Db, login: Login) {
  const key = { accountId: login.accountId, callbackId: await undeliveredCallbackId(login) }
  return [withdrawCallbackStatement(db, key, isDeliveredSql(login))]
}

function markPhone(
  db: Db,
  { login, attempts }: GiveUp,
  profile: ProfileRules,
  { isGivenUp, now }: { readonly isGivenUp: SQL; readonly now: number },
) {
  const verdict = numberVerdict(numberReports(attempts))
  const attempt = attempts[verdict?.index ?? -1]
  if (!verdict || !attempt) return []
  const mark = {
    accountId: login.accountId,
    state: verdict.state,
    code: attempt.code ?? verdict.state,
    calledAt: attempt.startedAt,
    isFamiliar: login.isFamiliar,
    profile,
  }
  return [markPhoneStatement(db, mark, isGivenUp, now)]
}

/** After the batch: the nudge that makes the exchange hear of it at once. */
export async function announceGiveUp(
  context: NudgeContext,
  giveUp: Pick<GiveUp, 'login' | 'reason'>,
): Promise<void> {
  const { login, reason } = giveUp
  logInfo('alert.undelivered', { alert_id: login.alertId, reason })
  const callbackId = await undeliveredCallbackId(login)
  await nudgeCallback(context, login.accountId, callbackId)
}
