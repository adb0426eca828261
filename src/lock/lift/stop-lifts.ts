// Stops lifts that are due later: those of one request by its link, all of the account's by its owner's pages; the exchange, whose
// support has promised them, is told in the same batch. A lock stops them in its own batch, and `account.locked` tells of it.

import { nudgeCallback } from '../../exchange/nudge.ts'
import { insertCallbackStatement } from '../../exchange/outbox.ts'
import { protectionChangedCallback } from '../../exchange/protection-changed.ts'
import { deriveId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import type { ActContext } from '../lock-context.ts'
import { findRequest, isOneWaitingSql, stopLiftsStatement } from './lifts.ts'

type Stop = { readonly requestNumber: number; readonly by: 'link' } | { readonly by: 'portal' }

/** Whether something was kept by it, now or by a press before; false where it came too late. Throws when D1 is away. */
export async function stopLifts(
  context: ActContext,
  accountId: string,
  stop: Stop,
): Promise<boolean> {
  const db = context.dbOf(accountId)
  const requestNumber = stop.by === 'link' ? stop.requestNumber : undefined
  const now = context.now()
  const callbackId = await deriveId('cbk', 'lift_stopped', accountId, String(now))
  const proof = stop.by === 'link' ? 'link' : 'visit'
  const news = { accountId, change: 'lift_stopped', proof } as const
  const callback = protectionChangedCallback(news, callbackId, now)
  const [, { meta }] = await db.batch([
    // While they wait: what is told is what is stopped.
    insertCallbackStatement(db, callback, now, isOneWaitingSql(accountId, requestNumber)),
    stopLiftsStatement(db, accountId, now, requestNumber),
  ])
  if (meta.changes > 0) {
    logInfo('lift.stopped', { account_id: accountId, by: stop.by })
    await nudgeCallback(context, accountId, callbackId)
    return true
  }
  if (requestNumber === undefined) return false
  return (await readRequest(context, accountId, requestNumber)) === 'stopped'
}

/** `open`: can be stopped still, due or not · `over`: was made, never was, or is forgotten. Throws when D1 is away. */
export async function readRequest(
  { dbOf }: Pick<ActContext, 'dbOf'>,
  accountId: string,
  requestNumber: number,
): Promise<'open' | 'stopped' | 'over'> {
  const lifts = await findRequest(dbOf(accountId), accountId, requestNumber)
  if (lifts.some(({ ended }) => ended === null)) return 'open'
  return lifts.some(({ ended }) => ended === 'stopped') ? 'stopped' : 'over'
}
