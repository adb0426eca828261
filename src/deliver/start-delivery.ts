// What follows when a login has been stored: its first round, beside the answer to the webhook, and the nudges of whoever
// takes over where that round cannot be or dies.

import type { WaitUntil } from '../lib/ports.ts'
import { isBudgetNews, tellBudgetUsed } from './alert-budget.ts'
import { type Claim, leaseEnd } from './claim.ts'
import type { DeliverContext } from './deliver-context.ts'
import { runFirstRound } from './first-round.ts'
import { deliverJob, nudgeAlerts, nudgeNet, secondsUntil } from './nudge.ts'

/** Does nothing for an alert that is not to go out. */
export function startDelivery(context: DeliverContext, stored: Claim, waitUntil: WaitUntil): void {
  const { login } = stored
  const isHere = login.state === 'sending'
  if (!isHere && login.state !== 'queued') return
  // Lost, it costs time: the sweep finds the row within a minute.
  const now = context.now()
  const lookAt = login.leaseUntil ?? leaseEnd(context.config, now)
  waitUntil(nudgeNet(context, login, secondsUntil(lookAt, now)))
  if (isBudgetNews(login, context.config.alertsPerDay)) waitUntil(tellBudgetUsed(context, login))
  if (isHere) waitUntil(runFirstRound(context, stored))
  // Too many rounds are under way here; one that gathers a burst has a lease and waits for its end.
  else if (login.leaseUntil === null) waitUntil(nudgeAlerts(context, deliverJob(login)))
}
