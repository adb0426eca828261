// What the operator says by hand of the order of providers, without a deploy: one is asked first or last for a while, in
// one country or everywhere. An order, not a ban: who is asked last is still asked. Read with the board, so that every
// isolate follows within two seconds.

import { and, eq, gt, lte } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import type { ProviderName } from '../sms/registry.ts'
import { breakerScope } from './breaker.ts'
import { routeOrders } from './tables.ts'

export type HandOrder = typeof routeOrders.$inferSelect
export type HandPlace = HandOrder['place']

/** Those in force; the table is empty in good times. */
export function readOrdersStatement(db: Db, now: number) {
  return db.select().from(routeOrders).where(gt(routeOrders.untilAt, now))
}

/** Repeated, it lasts from now on. */
export function setOrderStatement(db: Db, order: HandOrder) {
  const { scope, ...row } = order
  return db
    .insert(routeOrders)
    .values({ scope, ...row })
    .onConflictDoUpdate({ target: routeOrders.scope, set: row })
}

export function clearOrderStatement(db: Db, scope: string, now: number) {
  return db
    .delete(routeOrders)
    .where(and(eq(routeOrders.scope, scope), gt(routeOrders.untilAt, now)))
}

export function forgetOrdersStatement(db: Db, now: number) {
  return db.delete(routeOrders).where(lte(routeOrders.untilAt, now))
}

export type HandFacts = {
  /** Asked first, as SMS_PINS would have it. */
  readonly pin: ProviderName | null
  /** Asked after everybody else. */
  readonly resting: ReadonlySet<ProviderName>
}

/** What holds for a text to `country`: what is said of the country over what is said of all, and of two pins the newer. */
export function handFacts(
  orders: readonly HandOrder[],
  names: readonly ProviderName[],
  country: string,
  now: number,
): HandFacts {
  const inForce = new Map(
    orders.filter(({ untilAt }) => untilAt > now).map((order) => [order.scope, order]),
  )
  const placed = names.flatMap((name) => {
    const own = inForce.get(breakerScope(name, country))
    const order = own ?? inForce.get(breakerScope(name, null))
    return order ? [{ name, order, isOwn: own !== undefined }] : []
  })
  const [pinned] = placed
    .filter(({ order }) => order.place === 'first')
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || b.order.sinceAt - a.order.sinceAt)
  const resting = placed.filter(({ order }) => order.place === 'last')
  return { pin: pinned?.name ?? null, resting: new Set(resting.map(({ name }) => name)) }
}
