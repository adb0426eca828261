// Stores events: where they come, and those that the queue carried whole because D1 refused them then. Tells the exchange of
// logins that a lock had ended before they came. Safe to repeat.

import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionRevokedCallback } from '../exchange/session-revoked.ts'
import type { AlertJob } from '../jobs.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { holdTerms } from '../lock/hold-terms.ts'
import { holdCallbackId, holdIdOf, tellHoldStatement } from '../lock/holds.ts'
import type { ActivityFacts } from '../login/activity-facts.ts'
import { type LoginToClaim, newClaim } from '../login/claim-login.ts'
import type { Login } from '../login/login.ts'
import type { LoginFacts } from '../login/login-facts.ts'
import { findLoginByAlert } from '../login/logins.ts'
import { endSession } from '../login/sessions.ts'
import { isBudgetNews, tellBudgetUsed } from './alert-budget.ts'
import { leaseEnd } from './claim.ts'
import type { DeliverContext } from './deliver-context.ts'
import { announceGiveUp, undeliveredCallback } from './give-up.ts'
import { loginTerms } from './login-terms.ts'
import { nudgeAlerts, nudgeNet, secondsUntil } from './nudge.ts'
import { storeActivity } from './store-activity.ts'
import { type StoredAlert, storeLogin } from './store-login.ts'

/** What the queue carries whole: logins and activities, which are alerts, and ends of sessions. */
export type DeferredJob = Extract<AlertJob, { kind: 'login' | 'activity' | 'session_end' }>
export type WholeAlert = Extract<AlertJob, { kind: 'login' | 'activity' }>

export function factsOf(job: WholeAlert): LoginFacts | ActivityFacts {
  return job.kind === 'login' ? job.login : job.activity
}

/** Whose it is from being stored on, and until when: see `LoginToInsert`. */
export type StoreTerms = { readonly claim: string; readonly sendUntil: number | null }

export async function storeWhole(
  { dbOf, config }: DeliverContext,
  job: WholeAlert,
  terms: StoreTerms,
): Promise<StoredAlert> {
  const db = dbOf(factsOf(job).accountId)
  const alertsLeast = config.profile.alerts
  if (job.kind === 'activity') {
    const activity = { ...job.activity, ...terms, alertsLeast }
    return storeActivity(db, activity, await holdTerms(config, activity.accountId))
  }
  const claim = await storeLogin(db, {
    ...job.login,
    ...terms,
    ...(await loginTerms(config, job.login.accountId)),
  })
  return { ...(claim ? { kind: 'new', claim } : { kind: 'again' }), holdCallbackId: null }
}

/** Brings the `hold.started` that its batch has written, if it has; lost, it costs a minute. Never throws. */
export async function tellHold(
  context: DeliverContext,
  accountId: string,
  { holdCallbackId }: StoredAlert,
): Promise<void> {
  if (holdCallbackId !== null) await nudgeCallback(context, accountId, holdCallbackId)
}

/** The alert to be claimed when there is something to deliver. */
export async function storeDeferred(
  context: DeliverContext,
  job: DeferredJob,
): Promise<LoginToClaim | null> {
  const { config } = context
  if (job.kind === 'session_end') {
    await endSession(context.dbOf(job.session.accountId), job.session)
    return null
  }
  const facts = factsOf(job)
  const { accountId, alertId } = facts
  const stored = await storeWhole(context, job, {
    // The same again: should the first try have been stored late, its marks are noted by this one.
    claim: job.claim ?? newClaim(context.randomBytes),
    sendUntil: null,
  })
  await tellHold(context, accountId, stored)
  if (stored.kind === 'counted') return null
  // Also when it was there already: the try that stored it may not have come this far.
  await announceStored(context, facts)
  const login = stored.kind === 'new' ? stored.claim.login : null
  if (login?.isOpen) {
    if (isBudgetNews(login, config.alertsPerDay)) await tellBudgetUsed(context, login)
    const now = context.now()
    const dueAt = login.leaseUntil ?? leaseEnd(config, now)
    await nudgeNet(context, { accountId, alertId }, secondsUntil(dueAt, now))
  }
  // One that gathers others is brought by the net when its time has come.
  const isDue = login === null || (login.state === 'queued' && login.leaseUntil === null)
  return isDue ? { accountId, alertId, formerClaim: job.claim } : null
}

/**
 * The same for a login that was stored where it came: at once, and by the queue where D1 fails or is late. A queue that
 * refuses alone must not leave the exchange with a session it believes alive. False when neither took it; never throws.
 */
export async function tellStored(
  context: DeliverContext,
  job: WholeAlert,
  deadlineMs: number,
): Promise<boolean> {
  const facts = factsOf(job)
  try {
    await within(context.after, deadlineMs, announceStored(context, facts))
    return true
  } catch (error) {
    logError('request.failed', { alert_id: facts.alertId, ...errorFields(error) })
    return nudgeAlerts(context, job)
  }
}

/** Whether the exchange has to hear of a login by the way it was stored: `announceStored`. */
export function isNewsOfStored({ sessionEnd, suppressionReason, holdUntil }: Login): boolean {
  return sessionEnd === 'revoked' || suppressionReason === 'login_too_old' || holdUntil !== null
}

/**
 * Tells the exchange of a session that a lock ended although it was stored only after it (the lock's own callback could
 * not name it), of a login that was reported too late to be told to its owner (202 must not hide that nobody was), and of the hold
 * that a login has begun.
 */
async function announceStored(
  context: DeliverContext,
  { accountId, alertId }: Pick<LoginFacts, 'accountId' | 'alertId'>,
): Promise<void> {
  const db = context.dbOf(accountId)
  const stored = await findLoginByAlert(db, alertId)
  if (stored === null) return
  if (stored.suppressionReason === 'login_too_old') await announceTooOld(context, stored)
  if (stored.holdUntil !== null) await announceHold(context, stored)
  if (stored.sessionEnd !== 'revoked' || stored.sessionEndedAt === null) return
  const callback = await sessionRevokedCallback(stored, stored.sessionEndedAt)
  await insertCallbackStatement(db, callback, context.now())
  await nudgeCallback(context, callback.accountId, callback.callbackId)
}

/** Of one that came into a hold of before, nothing: that was told when it began. */
async function announceHold(
  context: DeliverContext,
  { accountId, alertId }: Pick<Login, 'accountId' | 'alertId'>,
): Promise<void> {
  const hold = { accountId, holdId: await holdIdOf(alertId) }
  const callbackId = await holdCallbackId('hold.started', hold)
  const db = context.dbOf(accountId)
  const { meta } = await tellHoldStatement(db, { ...hold, callbackId }, context.now())
  if (meta.changes === 0) return
  logInfo('hold.started', { account_id: accountId, reason: 'cooling_off' })
  await nudgeCallback(context, accountId, callbackId)
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
