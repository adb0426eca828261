// A notification to every device of an account, one after the other: an invocation has six connections, and each
// message of its batch may use one.

import { logInfo } from '../lib/log.ts'
import type { PushNote } from '../login/state.ts'
import type { PushContext } from './push-context.ts'
import { type PushContent, sendPush } from './send-push.ts'
import {
  listSubscriptions,
  noteAccepted,
  noteRefused,
  openSubscription,
  REFUSALS_MAX,
  removeSubscriptionStatement,
} from './subscriptions.ts'

/** One note per device; empty where push is off or nobody has subscribed. Devices that are gone are forgotten. */
export async function pushToOwner(
  context: PushContext,
  accountId: string,
  content: PushContent,
): Promise<readonly PushNote[]> {
  const { config, now } = context
  const db = context.dbOf(accountId)
  if (!config.push) return []
  const notes: PushNote[] = []
  for (const stored of await listSubscriptions(db, accountId)) {
    const subscription = await openSubscription(config.dataKeys, stored)
    const at = now()
    const result = subscription
      ? await sendPush(context, config.push, subscription, content)
      : ('gone' as const)
    notes.push({ at, result: result === 'refused' ? 'failed' : result, durationMs: now() - at })
    if (result === 'gone') await removeSubscriptionStatement(db, stored)
    if (result === 'accepted') await noteAccepted(db, stored, now())
    if (result === 'refused' && (await noteRefused(db, stored))) {
      logInfo('push.dropped', { account_id: accountId, refusals: REFUSALS_MAX })
    }
  }
  const accepted = notes.filter(({ result }) => result === 'accepted').length
  if (notes.length > 0) {
    logInfo('push.sent', { account_id: accountId, devices: notes.length, accepted })
  }
  return notes
}
