// Stores what the queue carried whole: events that D1 refused when they came, and logins that a lock had
// ended before they came. Safe to repeat.

import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionRevokedCallback } from '../exchange/session-revoked.ts'
import type { AlertJob } from '../jobs.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import { type LoginToClaim, newClaim } from '../login/claim-login.ts'
import type { Login } from '../login/login.ts'
import type { LoginFacts } from '../login/login-facts.ts'
import { findLoginByAlert } from '../login/logins.ts'
import { endSession } from '../login/sessions.ts'
import { isBudgetNews, tellBudgetUsed } from './alert-budget.ts'
import { leaseEnd } from './claim.ts'
import type { DeliverContext } from './deliver-context.ts'
import { announceGiveUp, undeliveredCallback } from './give-up.ts'
import { nudgeAlerts, nudgeNet, secondsUntil } from './nudge.ts'
import { storeLogin } from './store-login.ts'

/** The alert to be claimed when there is something to deliver. */
export async function storeDeferred(
  context: DeliverContext,
  job: Extract<AlertJob, { kind: 'login' | 'session_end' }>,
): Promise<LoginToClaim | null> {
  const { config } = context
  if (job.kind === 'session_end') {
    await endSession(context.dbOf(job.session.accountId), job.session)
    return null
  }
  const { accountId, alertId } = job.login
  const stored = await storeLogin(context.dbOf(accountId), {
    ...job.login,
    // The same again: should the first try have been stored late, its marks are noted by this one.
    claim: job.claim ?? newClaim(context.randomBytes),
    sendUntil: null,
    alertsPerWindow: config.alertsPerWindow,
    alertsPerDay: config.alertsPerDay,
    alertsLeast: config.profile.alerts,
  })
  // Also when it was there already: the try that stored it may not have come this far.
  await announceStored(context, job.login)
  if (stored?.login.isOpen) {
    if (isBudgetNews(stored.login, config.alertsPerDay)) await tellBudgetUsed(context, stored.login)
    const now = context.now()
    const dueAt = stored.login.leaseUntil ?? leaseEnd(config, now)
    await nudgeNet(context, { accountId, alertId }, secondsUntil(dueAt, now))
  }
  // One that gathers others is brought by the net when its time has come.
  const isDue =
    stored === null || (stored.login.state === 'queued' && stored.login.leaseUntil === null)
  return isDue ? { accountId, alertId, formerClaim: job.claim } : null
}

/**
 * The same for a login that was stored where it came: at once, and by the queue where D1 fails or is late. A queue that
 * refuses alone must not leave the exchange with a session it believes alive. False when neither took it; never throws.
 */
export async function tellStored(
  context: DeliverContext,
  login: LoginFacts,
  deadlineMs: number,
): Promise<boolean> {
  try {
    await within(context.after, deadlineMs, announceStored(context, login))
    return true
  } catch (error) {
    logError('request.failed', { alert_id: login.alertId, ...errorFields(error) })
    return nudgeAlerts(context, { kind: 'login', login })
  }
}

/** Whether the exchange has to hear of a login by the way it was stored: `announceStored`. */
export function isNewsOfStored({ sessionEnd, suppressionReason }: Login): boolean {
  return sessionEnd === 'revoked' || suppressionReason === 'login_too_old'
}

/**
 * Tells the exchange of a session that a lock ended although it was stored only after it (the lock's own callback could
 * not name it), and of a login that was reported too late to be told to its owner: 202 must not hide that nobody was.
 */
async function announceStored(
  context: DeliverContext,
  { accountId, alertId }: LoginFacts,
): Promise<void> {
  const db = context.dbOf(accountId)
  const stored = await findLoginByAlert(db, alertId)
  if (stored === null) return
  if (stored.suppressionReason === 'login_too_old') await announceTooOld(context, stored)
  if (stored.sessionEnd !== 'revoked' || stored.sessionEndedAt === null) return
  const callback = await sessionRevokedCallback(stored, stored.sessionEndedAt)
  await insertCallbackStatement(db, callback, context.now())
  await nudgeCallback(context, callback.accountId, callback.callbackId)
}

async function announceTooOld(context: DeliverContext, login: Login): Promise<void> {
  const told = { login, reason: 'login_too_old' } as const
  const now = context.now()
  const { meta } = await insertCallbackStatement(
    context.dbOf(login.accountId),
    await undeliveredCallback(told, now),
    now,
  )
  if (meta.changes > 0) await announceGiveUp(context, told)
}
