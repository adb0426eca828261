// Whose a browser is. Its endpoint is the browser's, not the account's: whoever registers it last has it, and the account
// that had it before gets nothing there any more. A browser that changes its subscription goes on where it was.

import { and, eq, inArray, notExists, sql } from 'drizzle-orm'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { type SealKeys, seal } from '../lib/seal.ts'
import { ofAccount } from '../lib/slot.ts'
import type { Subscription } from './subscription.ts'
import {
  type DeviceIds,
  deviceIds,
  hasSubscriptionSql,
  openSubscription,
  subscriptionPurpose,
} from './subscriptions.ts'
import { pushSubscriptions } from './tables.ts'

/**
 * For the batch that registers the device, after it: no other account has it any more, nor this one under a former key.
 * Does nothing where the account has no place for it.
 */
export function takeOverStatement(db: Db, accountId: string, ids: DeviceIds) {
  const [subscriptionId] = ids
  const device = pushSubscriptions.subscriptionId
  const isOwn = and(ofAccount(pushSubscriptions, accountId), eq(device, subscriptionId))
  return db
    .delete(pushSubscriptions)
    .where(
      and(
        inArray(device, [...ids]),
        sql`NOT (${isOwn})`,
        hasSubscriptionSql({ accountId, subscriptionId }),
      ),
    )
}

/**
 * A browser's push service gave it another endpoint: the device goes on where it was, for whoever shows the former
 * subscription whole, its secret too. False where there is none, or it is another.
 */
export async function renewDevice(
  { db, randomBytes }: { readonly db: Db } & Pick<Ports, 'randomBytes'>,
  keys: SealKeys,
  { former, subscription }: { readonly former: Subscription; readonly subscription: Subscription },
): Promise<boolean> {
  const device = pushSubscriptions.subscriptionId
  const formerIds = await deviceIds(keys, former)
  const [stored] = await db
    .select()
    .from(pushSubscriptions)
    .where(inArray(device, [...formerIds]))
    .limit(1)
  const known = stored ? await openSubscription(keys, stored) : null
  if (!stored || !known || !isSameDevice(known, former)) return false
  const { accountId } = stored
  const ids = await deviceIds(keys, subscription)
  const [subscriptionId] = ids
  const purpose = subscriptionPurpose(accountId, subscriptionId)
  const subscriptionSealed = await seal(randomBytes, keys, purpose, JSON.stringify(subscription))
  const present = db
    .select({ found: sql`1` })
    .from(pushSubscriptions)
    .where(and(ofAccount(pushSubscriptions, accountId), eq(device, subscriptionId)))
  const isFormer = and(ofAccount(pushSubscriptions, accountId), eq(device, stored.subscriptionId))
  const [renewed] = await db.batch([
    db
      .update(pushSubscriptions)
      .set({ subscriptionId, subscriptionSealed, refusals: 0 })
      .where(and(isFormer, notExists(present))),
    takeOverStatement(db, accountId, ids),
  ])
  return renewed.meta.changes > 0
}

function isSameDevice(known: Subscription, shown: Subscription): boolean {
  return (
    timingSafeEqual(utf8(known.keys.auth), utf8(shown.keys.auth)) &&
    timingSafeEqual(utf8(known.keys.p256dh), utf8(shown.keys.p256dh))
  )
}
