// The SQL of push subscriptions. Endpoint and keys are sealed: an endpoint names a device.

import { and, desc, eq, gt, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { storedHashes } from '../lib/keyed-hash.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { ofAccount, ofAccounts, ofAccountText } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { parseSubscription, type Subscription } from './subscription.ts'
import { pushSubscriptions } from './tables.ts'

export type StoredSubscription = typeof pushSubscriptions.$inferSelect

/** More is no person. */
export const SUBSCRIPTIONS_MAX = 10

const ID_BYTES = 16

export function subscriptionPurpose(accountId: string, subscriptionId: string): SealPurpose {
  return { use: 'push-subscription', context: `push/${accountId}/${subscriptionId}` }
}

export type NewSubscription = Pick<
  StoredSubscription,
  'accountId' | 'subscriptionId' | 'subscriptionSealed' | 'name'
>

/** Of the current key first, then those that a device may still be stored under. */
export type DeviceIds = readonly [string, ...string[]]

export async function deviceIds(keys: SealKeys, { endpoint }: Subscription): Promise<DeviceIds> {
  return storedHashes(keys, { use: 'push-device', text: `push ${endpoint}`, length: ID_BYTES })
}

/** As it is stored: the same device has the same id. */
export async function newSubscription(
  { randomBytes }: Pick<Ports, 'randomBytes'>,
  keys: SealKeys,
  device: {
    readonly accountId: string
    readonly name: string
    readonly subscription: Subscription
  },
): Promise<NewSubscription> {
  const { accountId, name, subscription } = device
  const [subscriptionId] = await deviceIds(keys, subscription)
  const purpose = subscriptionPurpose(accountId, subscriptionId)
  const subscriptionSealed = await seal(randomBytes, keys, purpose, JSON.stringify(subscription))
  return { accountId, subscriptionId, subscriptionSealed, name }
}

/** True before `addSubscriptionStatement` in its batch if that is going to add a device: a new one that has a place. */
export function canAddSubscriptionSql({ accountId, subscriptionId }: SubscriptionKey): SQL {
  return sql`(SELECT count(*) FROM ${pushSubscriptions} WHERE ${ofAccount(pushSubscriptions, accountId)}) < ${SUBSCRIPTIONS_MAX}
    AND NOT EXISTS (SELECT 1 FROM ${pushSubscriptions}
      WHERE ${ofAccount(pushSubscriptions, accountId)} AND subscription_id = ${subscriptionId})`
}

/** The count stands in the statement: of two requests for the last place, one gets it. */
export function addSubscriptionStatement(db: Db, subscription: NewSubscription, now: number) {
  return insertWhen(
    db,
    pushSubscriptions,
    { ...subscription, createdAt: now },
    canAddSubscriptionSql(subscription),
  ).onConflictDoNothing()
}

/** The same device again takes its own place, with the keys it has now; false when it has none. */
export async function renewSubscription(db: Db, subscription: NewSubscription): Promise<boolean> {
  const { subscriptionSealed, name } = subscription
  const renewed = await db
    .update(pushSubscriptions)
    .set({ subscriptionSealed, name, refusals: 0 })
    .where(isSubscription(subscription))
  return renewed.meta.changes > 0
}

/** Whether the account has it: for a `WHERE`. */
export function hasSubscriptionSql({ accountId, subscriptionId }: SubscriptionKey): SQL {
  return sql`EXISTS (SELECT 1 FROM ${pushSubscriptions}
    WHERE ${ofAccount(pushSubscriptions, accountId)} AND subscription_id = ${subscriptionId})`
}

/** Newest first. */
export async function listSubscriptions(
  db: Db,
  accountId: string,
): Promise<readonly StoredSubscription[]> {
  return db
    .select()
    .from(pushSubscriptions)
    .where(ofAccount(pushSubscriptions, accountId))
    .orderBy(desc(pushSubscriptions.createdAt))
    .limit(SUBSCRIPTIONS_MAX)
}

/** SQL with `ACCOUNT_PARAMETERS`: whether the account has any. */
export const HAS_LISTENERS = `EXISTS (SELECT 1 FROM push_subscriptions WHERE ${ofAccountText('push_subscriptions')})`

/** Which of these accounts have any: reads no row for one that has none. */
export function findSubscribersStatement(db: Db, accountIds: readonly string[]) {
  return db
    .selectDistinct({ accountId: pushSubscriptions.accountId })
    .from(pushSubscriptions)
    .where(ofAccounts(pushSubscriptions, accountIds))
}

/** Null when no key opens it any more, or it is none. */
export async function openSubscription(
  keys: SealKeys,
  { accountId, subscriptionId, subscriptionSealed }: StoredSubscription,
): Promise<Subscription | null> {
  const text = await open(keys, subscriptionPurpose(accountId, subscriptionId), subscriptionSealed)
  return text === null ? null : parseSubscription(text)
}

type SubscriptionKey = Pick<StoredSubscription, 'accountId' | 'subscriptionId'>

export function removeSubscriptionStatement(db: Db, key: SubscriptionKey) {
  return db.delete(pushSubscriptions).where(isSubscription(key))
}

/** Once a day is enough to show that a device is alive, and that it is refused no more. */
export async function noteAccepted(db: Db, key: SubscriptionKey, now: number): Promise<void> {
  const { lastAcceptedAt, refusals } = pushSubscriptions
  await db
    .update(pushSubscriptions)
    .set({ lastAcceptedAt: now, refusals: 0 })
    .where(
      and(
        isSubscription(key),
        or(isNull(lastAcceptedAt), lt(lastAcceptedAt, now - DAY_MS), gt(refusals, 0)),
      ),
    )
}

/**
 * Its service will not have us: under other VAPID keys than the browser subscribed with, it never will. So many in a row,
 * and the device is forgotten; its page then offers to switch it on anew.
 */
export const REFUSALS_MAX = 5

/** True when the device was forgotten. */
export async function noteRefused(db: Db, key: SubscriptionKey): Promise<boolean> {
  const { refusals } = pushSubscriptions
  const [, dropped] = await db.batch([
    db
      .update(pushSubscriptions)
      .set({ refusals: sql`${refusals} + 1` })
      .where(isSubscription(key)),
    db.delete(pushSubscriptions).where(and(isSubscription(key), gte(refusals, REFUSALS_MAX))),
  ])
  return dropped.meta.changes > 0
}

function isSubscription({ accountId, subscriptionId }: SubscriptionKey) {
  return and(
    ofAccount(pushSubscriptions, accountId),
    eq(pushSubscriptions.subscriptionId, subscriptionId),
  )
}
