// Stores what the queue carried whole: events that D1 refused when they came, and logins that a lock had
// ended before they came. Safe to repeat.

import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionRevokedCallback } from '../exchange/session-revoked.ts'
import type { AlertJob } from '../jobs.ts'
import { insertLogin } from '../login/insert-login.ts'
import type { LoginFacts } from '../login/login-facts.ts'
import { findLoginByAlert } from '../login/logins.ts'
import { endSession } from '../login/sessions.ts'
import type { DeliverContext } from './deliver-context.ts'

export type AlertKey = { readonly accountId: string; readonly alertId: string }

/** The alert's key when there is something to deliver. */
export async function storeDeferred(
  context: DeliverContext,
  job: Extract<AlertJob, { kind: 'login' | 'session_end' }>,
): Promise<AlertKey | null> {
  if (job.kind === 'session_end') {
    await endSession(context.db, job.session)
    return null
  }
  const inserted = await insertLogin(context.db, job.login, context.config.alertsPerWindow)
  // Also when it was there already: the try that stored it may not have come this far.
  await announceRevoked(context, job.login)
  // One that waits for others is brought by the sweep when its time has come.
  const isDue = inserted === null || (inserted.state === 'queued' && inserted.delaySeconds === 0)
  return isDue ? job.login : null
}

/**
 * Tells the exchange of a session that a lock ended although it was stored only after it: the lock's own
 * callback could not name it.
 */
async function announceRevoked(context: DeliverContext, login: LoginFacts): Promise<void> {
  const stored = await findLoginByAlert(context.db, login.alertId)
  if (stored?.sessionEnd !== 'revoked' || stored.sessionEndedAt === null) return
  const callback = await sessionRevokedCallback(stored, stored.sessionEndedAt)
  await insertCallbackStatement(context.db, callback, context.now())
  await nudgeCallback(context, callback.accountId, callback.callbackId)
}
