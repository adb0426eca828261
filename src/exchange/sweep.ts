// Once a minute: callbacks that are overdue because their queue message was lost. A lock comes back
// here for ever, until the exchange confirms it.

import type { Db } from '../lib/db.ts'
import { pageOf, type SweepPage, sendAll } from '../lib/sweep-page.ts'
import { MINUTE_MS } from '../lib/time.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { findOpenCallbacks, type OpenCallbackKey } from './outbox.ts'

/** A callback this much overdue has lost its queue message. */
const OVERDUE_MS = MINUTE_MS

/** `db`: one of all the databases. What of a slot that moved away is still there is only a nudge too many. */
export async function sweepCallbacks(
  context: ExchangeContext,
  db: Db,
  after: OpenCallbackKey | null,
): Promise<SweepPage<OpenCallbackKey>> {
  const now = context.now()
  const open = await findOpenCallbacks(db, after)
  const overdue = open.filter(
    ({ nextAttemptAt, leaseUntil }) => nextAttemptAt < now - OVERDUE_MS && leaseUntil < now,
  )
  await sendAll(
    context.callbacks,
    overdue.map(({ accountId, callbackId }) => ({
      body: { kind: 'callback', accountId, callbackId },
    })),
  )
  return pageOf(open, overdue.length, ({ createdAt, accountId, callbackId }) => ({
    createdAt,
    accountId,
    callbackId,
  }))
}
