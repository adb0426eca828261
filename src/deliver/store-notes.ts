// Stores what a round leaves for the routes: control data, and so never in the batch of its outcome. Should it fail, the
// providers are learnt of a little later, and a receipt that is found by a provider's own id refers to nothing.

import { asBound } from '../lib/bound-statement.ts'
import { errorFields, logError } from '../lib/log.ts'
import { type RouteNote, routeStatements } from '../routing/route-notes.ts'
import { measureStatements } from '../watch/measures.ts'
import type { DeliverContext } from './deliver-context.ts'
import { withRetry } from './with-retry.ts'

/** Never throws. Written twice, each is stored once. */
export async function storeNotes(
  context: DeliverContext,
  notes: readonly RouteNote[],
): Promise<void> {
  const { db } = context
  const batch = [
    ...routeStatements(db, notes, context.now()).map((statement) => asBound(db, statement)),
    ...measureStatements(context),
  ]
  if (batch.length === 0) return
  try {
    await withRetry(context, () => db.$client.batch(batch))
  } catch (error) {
    logError('job.failed', { queue: 'none', kind: 'route_notes', ...errorFields(error) })
  }
}
