// The SQL of push subscriptions. Endpoint and keys are sealed: an endpoint names a device.

import { and, count, desc, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { keyedHash } from '../lib/keyed-hash.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, seal } from '../lib/seal.ts'
import { DAY_MS } from '../lib/time.ts'
import { parseSubscription, type Subscription } from './subscription.ts'
import { pushSubscriptions } from './tables.ts'

export type StoredSubscription = typeof pushSubscriptions.$inferSelect

/** More is no person. */
export const SUBSCRIPTIONS_MAX = 10

const ID_BYTES = 16

function sealContext(accountId: string, subscriptionId: string): string {
  return `push/${accountId}/${subscriptionId}`
}

/** The same device again takes its own place; false when there are too many others. */
export async function saveSubscription(
  { db, randomBytes }: { readonly db: Db } & Pick<Ports, 'randomBytes'>,
  keys: SealKeys,
  device: {
    readonly accountId: string
    readonly name: string
    readonly subscription: Subscription
  },
  now: number,
): Promise<boolean> {
  const { accountId, name, subscription } = device
  const subscriptionId = await keyedHash(keys[0], `push ${subscription.endpoint}`, ID_BYTES)
  const context = sealContext(accountId, subscriptionId)
  const subscriptionSealed = await seal(randomBytes, keys, context, JSON.stringify(subscription))
  const [counted] = await db
    .select({ all: count() })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.accountId, accountId))
  if ((counted?.all ?? 0) >= SUBSCRIPTIONS_MAX) return false
  await db
    .insert(pushSubscriptions)
    .values({ accountId, subscriptionId, subscriptionSealed, name, createdAt: now })
    .onConflictDoUpdate({
      target: [pushSubscriptions.accountId, pushSubscriptions.subscriptionId],
      set: { subscriptionSealed, name },
    })
  return true
}

/** Newest first. */
export async function listSubscriptions(
  db: Db,
  accountId: string,
): Promise<readonly StoredSubscription[]> {
  return db
    .select()
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.accountId, accountId))
    .orderBy(desc(pushSubscriptions.createdAt))
    .limit(SUBSCRIPTIONS_MAX)
}

/** For a batch of statements written by hand: one row with their number, `listeners`. */
export function countListenersStatement(
  database: D1Database,
  accountId: string,
): D1PreparedStatement {
  return database
    .prepare('SELECT count(*) AS listeners FROM push_subscriptions WHERE account_id = ?1')
    .bind(accountId)
}

/** Which of these accounts have any: reads no row for one that has none. */
export function findSubscribersStatement(db: Db, accountIds: readonly string[]) {
  return db
    .selectDistinct({ accountId: pushSubscriptions.accountId })
    .from(pushSubscriptions)
    .where(inArray(pushSubscriptions.accountId, [...accountIds]))
}

/** Null when no key opens it any more, or it is none. */
export async function openSubscription(
  keys: SealKeys,
  { accountId, subscriptionId, subscriptionSealed }: StoredSubscription,
): Promise<Subscription | null> {
  const text = await open(keys, sealContext(accountId, subscriptionId), subscriptionSealed)
  return text === null ? null : parseSubscription(text)
}

type SubscriptionKey = Pick<StoredSubscription, 'accountId' | 'subscriptionId'>

export async function removeSubscription(db: Db, key: SubscriptionKey): Promise<void> {
  await db.delete(pushSubscriptions).where(isSubscription(key))
}

/** Once a day is enough to show that a device is alive. */
export async function noteAccepted(db: Db, key: SubscriptionKey, now: number): Promise<void> {
  const { lastAcceptedAt } = pushSubscriptions
  await db
    .update(pushSubscriptions)
    .set({ lastAcceptedAt: now })
    .where(and(isSubscription(key), or(isNull(lastAcceptedAt), lt(lastAcceptedAt, now - DAY_MS))))
}

function isSubscription({ accountId, subscriptionId }: SubscriptionKey) {
  return and(
    eq(pushSubscriptions.accountId, accountId),
    eq(pushSubscriptions.subscriptionId, subscriptionId),
  )
}
