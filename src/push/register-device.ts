// Whose a browser is. Its endpoint is the browser's, not the account's: whoever registers it last has it, and the account
// that had it before gets nothing there any more. A browser that changes its subscription goes on where it was.

import { and, eq, inArray, notExists, sql } from 'drizzle-orm'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { type SealKeys, seal } from '../lib/seal.ts'
import { askAll, type DbOf, type Shards } from '../lib/shards.ts'
import { ofAccount } from '../lib/slot.ts'
import type { Subscription } from './subscription.ts'
import {
  type DeviceIds,
  deviceIds,
  hasSubscriptionSql,
  openSubscription,
  removeSubscriptionStatement,
  subscriptionPurpose,
} from './subscriptions.ts'
import { pushSubscriptions } from './tables.ts'

type RegisterContext = Pick<Ports, 'randomBytes'> & {
  readonly dbOf: DbOf
  readonly shards: Shards
}

/**
 * For the batch that registers the device, after it: no other account has it any more, nor this one under a former key.
 * Does nothing where the account has no place for it. Accounts of other databases: `takeOverElsewhere`.
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
 * After that batch, if the device was registered: accounts of other databases lose it too. Throws where one of them cannot
 * be asked: whoever registers asks again then, and until then both are told.
 */
export async function takeOverElsewhere(
  { dbOf, shards }: RegisterContext,
  accountId: string,
  ids: DeviceIds,
): Promise<void> {
  if (shards.all.length === 1) return
  const { rows, missing } = await askAll(shards, async (db) => findByDevice(db, ids))
  for (const other of rows) {
    if (other.accountId !== accountId) {
      await removeSubscriptionStatement(dbOf(other.accountId), other)
    }
  }
  if (missing !== null) throw missing
}

/** An account has a device once, and no browser was of so many. */
const OWNERS_MAX = 20

function findByDevice(db: Db, ids: DeviceIds) {
  return db
    .select()
    .from(pushSubscriptions)
    .where(inArray(pushSubscriptions.subscriptionId, [...ids]))
    .limit(OWNERS_MAX)
}

/**
 * A browser's push service gave it another endpoint: the device goes on where it was, for whoever shows the former
 * subscription whole, its secret too. False where there is none, or it is another.
 */
export async function renewDevice(
  { dbOf, shards, randomBytes }: RegisterContext,
  keys: SealKeys,
  { former, subscription }: { readonly former: Subscription; readonly subscription: Subscription },
): Promise<boolean> {
  const device = pushSubscriptions.subscriptionId
  const formerIds = await deviceIds(keys, former)
  const { rows, missing } = await askAll(shards, async (db) => findByDevice(db, formerIds))
  const [stored] = rows
  if (!stored && missing !== null) throw missing
  const known = stored ? await openSubscription(keys, stored) : null
  if (!stored || !known || !isSameDevice(known, former)) return false
  const { accountId } = stored
  const db = dbOf(accountId)
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
  const isRenewed = renewed.meta.changes > 0
  if (isRenewed) await takeOverElsewhere({ dbOf, shards, randomBytes }, accountId, ids)
  return isRenewed
}

function isSameDevice(known: Subscription, shown: Subscription): boolean {
  return (
    timingSafeEqual(utf8(known.keys.auth), utf8(shown.keys.auth)) &&
    timingSafeEqual(utf8(known.keys.p256dh), utf8(shown.keys.p256dh))
  )
}
