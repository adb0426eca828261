// Once a minute: finds alerts whose queue messages were lost. Times nothing itself; it only passes on what both
// queues forgot.

import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import { onShards } from '../lib/on-shards.ts'
import { pageOf, SWEEP_PAGE, type SweepPage } from '../lib/sweep-page.ts'
import { findOpenLogins, type OpenLoginKey } from '../login/logins.ts'
import { flushSamples } from '../routing/route-learning.ts'
import type { DeliverContext } from './deliver-context.ts'
import { isPassedOn, revisitAlerts } from './revisit.ts'

/** A page of the alerts that are open in one database, the oldest first, so that a backlog shrinks from its dangerous end. */
export async function sweepAlerts(
  context: DeliverContext,
  db: Db,
  after: OpenLoginKey | null,
): Promise<SweepPage<OpenLoginKey>> {
  const open = await findOpenLogins(db, after, SWEEP_PAGE)
  const parts = await onShards(
    context.shards,
    open,
    ({ accountId }) => accountId,
    (own, some) => revisitAlerts(context, own, some),
  )
  const revisited = parts.flatMap(({ outcome }) => {
    if (outcome.ok) return outcome.value
    // The next minute looks again.
    logError('job.failed', { queue: 'sweep', kind: 'alerts', ...errorFields(outcome.error) })
    return []
  })
  const nudged = revisited.filter(({ revisit }) => isPassedOn(revisit)).length
  // What was missing is evidence, and another isolate judges it.
  await flushSamples(context)
  return pageOf(open, nudged, ({ receivedAt, accountId, seq }) => ({ receivedAt, accountId, seq }))
}
