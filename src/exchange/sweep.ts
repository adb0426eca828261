// Once a minute: callbacks that are overdue because their queue message was lost. A lock comes back
// here for ever, until the exchange confirms it.

import type { ExchangeContext } from './exchange-context.ts'
import { findOverdueCallbacks } from './outbox.ts'

// What sendBatch takes at once.
const NUDGES_MAX = 100

export async function sweepCallbacks(context: ExchangeContext): Promise<number> {
  const overdue = await findOverdueCallbacks(context.db, context.now(), NUDGES_MAX)
  if (overdue.length > 0) {
    await context.callbacks.sendBatch(
      overdue.map((callback) => ({ body: { kind: 'callback', ...callback } })),
    )
  }
  return overdue.length
}
