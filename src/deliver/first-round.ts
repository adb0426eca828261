// The first round of an alert, where its login arrived: no queue hop, no batch that waits for its slowest. Beside it goes
// the nudge of who looks at the alert when this isolate dies.

import { errorFields, logError } from '../lib/log.ts'
import type { Claim } from './claim.ts'
import { deliverAlert } from './deliver-alert.ts'
import type { DeliverContext } from './deliver-context.ts'
import { leaveRound } from './delivery-memory.ts'

/** For an alert that was stored as `sending`, under its own claim. Never throws: what fails is found by its lease. */
export async function runFirstRound(context: DeliverContext, claim: Claim): Promise<void> {
  try {
    await deliverAlert(context, claim)
  } catch (error) {
    const { alertId } = claim.login
    logError('job.failed', {
      queue: 'none',
      kind: 'deliver',
      alert_id: alertId,
      ...errorFields(error),
    })
  } finally {
    if (claim.login.claim !== null) leaveRound(context.delivery, claim.login.claim)
  }
}
