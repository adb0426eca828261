// Callbacks brought again by hand: those that were given up, and those whose next try is hours away. Never what the exchange
// has confirmed: told twice, a lock that was lifted since would freeze an account that is free. Nor a lift of an account that
// was locked again since: it would free one that is held.

import { and, eq, gte, lte, ne, not, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isInPlace, ofAccount } from '../lib/slot.ts'
import { callbacks } from './tables.ts'

/** Where the last page ended, in the order of the key. */
export type RedriveCursor = {
  readonly slot: number
  readonly accountId: string
  readonly callbackId: string
}

export const REDRIVE_START: RedriveCursor = { slot: -2, accountId: '', callbackId: '' }

/** Keys of one page: a bound on what one statement reads and writes. */
const PAGE_KEYS = 1_000

/** The key at the page's end; no row where the table ends before. */
export function redrivePageEndStatement(db: Db, after: RedriveCursor) {
  const { slot, accountId, callbackId } = callbacks
  return db
    .select({ slot, accountId, callbackId })
    .from(callbacks)
    .where(isAfter(after))
    .orderBy(slot, accountId, callbackId)
    .limit(1)
    .offset(PAGE_KEYS - 1)
}

/** Those of the page that were written since `sinceAt`; each is due at once, with all its tries before it. */
export function redrivePageStatement(
  db: Db,
  range: { readonly after: RedriveCursor; readonly until: RedriveCursor | null },
  sinceAt: number,
  now: number,
) {
  const { after, until } = range
  const isWithin = until === null ? undefined : sql`NOT (${isAfter(until)})`
  const isMeant = and(
    isAfter(after),
    isWithin,
    isInPlace(callbacks),
    gte(callbacks.createdAt, sinceAt),
  )
  return redriveStatement(db, isMeant, now)
}

/** One; changes nothing where it is confirmed, under way or due already. */
export function redriveOneStatement(db: Db, accountId: string, callbackId: string, now: number) {
  const isIt = and(ofAccount(callbacks, accountId), eq(callbacks.callbackId, callbackId))
  return redriveStatement(db, isIt, now)
}

function redriveStatement(db: Db, where: SQL | undefined, now: number) {
  return db
    .update(callbacks)
    .set({ state: 'open', attempts: 0, nextAttemptAt: now })
    .where(
      and(
        where,
        ne(callbacks.state, 'confirmed'),
        lte(callbacks.leaseUntil, now),
        sql`(${callbacks.state} <> 'open' OR ${callbacks.nextAttemptAt} > ${now})`,
        not(isOutlived()),
      ),
    )
    .returning({ accountId: callbacks.accountId, callbackId: callbacks.callbackId })
}

/** A lift, and a lock or hold that came after it. */
function isOutlived(): SQL {
  return sql`(${callbacks.type} = 'hold.lifted' AND EXISTS (SELECT 1 FROM ${callbacks} AS later
    WHERE later.slot = ${callbacks.slot} AND later.account_id = ${callbacks.accountId}
      AND later.type IN ('account.locked', 'hold.started') AND later.created_at >= ${callbacks.createdAt}))`
}

function isAfter({ slot, accountId, callbackId }: RedriveCursor): SQL {
  return sql`(${callbacks.slot}, ${callbacks.accountId}, ${callbacks.callbackId})
    > (${slot}, ${accountId}, ${callbackId})`
}
