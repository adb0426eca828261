// Once a minute: finds alerts whose queue messages were lost. Times nothing itself; it only passes on what both
// queues forgot.

import { pageOf, SWEEP_PAGE, type SweepPage } from '../lib/sweep-page.ts'
import { findOpenLogins, type OpenLoginKey } from '../login/logins.ts'
import { flushSamples } from '../routing/route-learning.ts'
import type { DeliverContext } from './deliver-context.ts'
import { isPassedOn, revisitAlerts } from './revisit.ts'

/** A page of the alerts that are open, the oldest first, so that a backlog shrinks from its dangerous end. */
export async function sweepAlerts(
  context: DeliverContext,
  after: OpenLoginKey | null,
): Promise<SweepPage<OpenLoginKey>> {
  const open = await findOpenLogins(context.db, after, SWEEP_PAGE)
  const revisited = await revisitAlerts(context, open)
  const nudged = revisited.filter(({ revisit }) => isPassedOn(revisit)).length
  // What was missing is evidence, and another isolate judges it.
  await flushSamples(context)
  return pageOf(open, nudged, ({ receivedAt, accountId, seq }) => ({ receivedAt, accountId, seq }))
}
