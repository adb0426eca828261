// An outcome that D1 did not take when it came, brought by the queue until it does.

import type { AlertJob } from '../jobs.ts'
import type { DeliverContext } from './deliver-context.ts'
import { openOutcome } from './outcome.ts'
import { writeOutcomes } from './write-outcomes.ts'

/** Throws while it cannot be stored, and for what no key opens: somebody has to look at that. */
export async function storeQueuedOutcome(
  context: DeliverContext,
  { alertId, sealed }: Extract<AlertJob, { kind: 'outcome' }>,
): Promise<void> {
  const outcome = await openOutcome(context.config.dataKeys, alertId, sealed)
  if (!outcome) throw new Error('an outcome that cannot be read')
  const refused = await writeOutcomes(context, [{ outcome, login: null, notes: [] }])
  if (refused.length > 0) throw new Error('an outcome that cannot be stored yet')
}
