// Stores what a round came to: attempts, outcome, and what follows from it, in one D1 batch. A receipt
// may have changed the row meanwhile; then the row is read again and the decision made afresh.

import { markPhoneStatement } from '../account/accounts.ts'
import type { Login } from '../alert/login.ts'
import { changeLoginStatement, findLogin } from '../alert/logins.ts'
import type { Context } from '../context.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import type { GroupWriter } from './group-writer.ts'
import type { BreakerNote } from './note-outcome.ts'
import { breakerStatements } from './note-outcome.ts'
import type { AfterRound, UndeliveredReason } from './round.ts'

const CONFLICTS_MAX = 5

/** Applies `decide` to the login, however often it has to be read again. */
export async function recordRound(
  context: Context,
  writer: GroupWriter,
  claimed: Login,
  decide: (login: Login) => AfterRound,
  breakerNotes: readonly BreakerNote[] = [],
): Promise<AfterRound> {
  const { db } = context
  let login = claimed
  for (let conflict = 0; conflict < CONFLICTS_MAX; conflict += 1) {
    const after = decide(login)
    const [changed] = await writer.write([
      changeLoginStatement(db, login, after.change),
      ...breakerStatements(db, breakerNotes, context.now()),
    ])
    if (changed && changed.meta.changes > 0) {
      if (after.undelivered) await tellUndelivered(context, login, after.undelivered)
      return after
    }
    const current = await findLogin(db, login)
    // Erased meanwhile: there is nobody left to tell.
    if (!current) return { ...after, retryAfterSeconds: null }
    login = current
  }
  throw new Error('a login changed too often while it was recorded')
}

/**
 * Tells the exchange that an alert was given up and, where the number itself is at fault, marks it on
 * the account. Idempotent: the callback's id is the alert's.
 */
export async function tellUndelivered(
  context: Context,
  login: Login,
  reason: UndeliveredReason,
): Promise<void> {
  const { db } = context
  const now = context.now()
  const { accountId, alertId } = login
  const callbackId = await deriveId('cbk', 'alert.undelivered', alertId)
  const data = {
    account_id: accountId,
    alert_id: alertId,
    alert_number: login.alertNumber,
    session_id: login.sessionId,
    reason,
  }
  const insert = insertCallbackStatement(
    db,
    { accountId, callbackId, type: 'alert.undelivered', data },
    now,
  )
  const code = login.attempts.at(-1)?.code ?? reason
  if (reason === 'recipient_permanent' || reason === 'opted_out') {
    const state = reason === 'opted_out' ? 'opted_out' : 'invalid'
    await db.batch([insert, markPhoneStatement(db, accountId, state, code, now)])
  } else {
    await insert
  }
  logInfo('alert.undelivered', { alert_id: alertId, reason })
  try {
    await context.callbacks.send({ kind: 'callback', accountId, callbackId })
  } catch (error) {
    // Stored above: the sweep nudges it again.
    logError('request.failed', { callback_id: callbackId, ...errorFields(error) })
  }
}
