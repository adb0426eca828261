// Devices put under the current key: their subscription sealed anew, and with it the id under which the same browser is
// found again.

import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import type { ResealContext, Resealing } from '../lib/reseal.ts'
import { seal, sealedWith } from '../lib/seal.ts'
import { type AccountRange, ofAccount, withinAccounts } from '../lib/slot.ts'
import {
  deviceIds,
  hasSubscriptionSql,
  openSubscription,
  type StoredSubscription,
  subscriptionPurpose,
} from './subscriptions.ts'
import { pushSubscriptions } from './tables.ts'

export function sealedSubscriptionsStatement(db: Db, range: AccountRange) {
  return db.select().from(pushSubscriptions).where(withinAccounts(pushSubscriptions, range))
}

export async function resealSubscription(
  db: Db,
  { randomBytes, config: { dataKeys } }: ResealContext,
  stored: StoredSubscription,
  currentName: string,
): Promise<Resealing> {
  const keyName = sealedWith(stored.subscriptionSealed) ?? ''
  const held = (name: string) => [{ use: 'push-subscription', keyName: name } as const]
  const isCurrent = keyName === currentName
  const subscription = isCurrent ? null : await openSubscription(dataKeys, stored)
  if (subscription === null) return { held: held(keyName), statements: [] }
  const { accountId } = stored
  const [subscriptionId] = await deviceIds(dataKeys, subscription)
  const purpose = subscriptionPurpose(accountId, subscriptionId)
  const text = JSON.stringify(subscription)
  const subscriptionSealed = await seal(randomBytes, dataKeys, purpose, text)
  const isStored = and(
    ofAccount(pushSubscriptions, accountId),
    eq(pushSubscriptions.subscriptionId, stored.subscriptionId),
    eq(pushSubscriptions.subscriptionSealed, stored.subscriptionSealed),
  )
  // Registered anew meanwhile, it stands there already, with the keys that it has now.
  const isThere = hasSubscriptionSql({ accountId, subscriptionId })
  return {
    held: held(currentName),
    statements: [
      db.delete(pushSubscriptions).where(sql`${isStored} AND ${isThere}`),
      db.update(pushSubscriptions).set({ subscriptionId, subscriptionSealed }).where(isStored),
    ],
  }
}
