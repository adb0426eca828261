// The SQL of the outbox. A callback is inserted in the batch of the act it reports, so that one
// cannot be without the other; the queue message that follows is a nudge.

import {
  and,
  eq,
  inArray,
  isNotNull,
  lte,
  ne,
  notExists,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Db } from '../lib/db.ts'
import { insertEach, insertWhen } from '../lib/insert-when.ts'
import { instantSql } from '../lib/instant-sql.ts'
import { eachSlotSql, ofAccount, slotOf } from '../lib/slot.ts'
import { SWEEP_PAGE } from '../lib/sweep-page.ts'
import { SECOND_MS } from '../lib/time.ts'
import { type CallbackType, type CallbackVerdict, callbackBody } from './callback.ts'
import { callbacks } from './tables.ts'

export type Callback = typeof callbacks.$inferSelect

export type NewCallback = {
  readonly accountId: string
  readonly callbackId: string
  readonly type: CallbackType
  readonly data: Readonly<Record<string, unknown>>
}

/** Longer than one attempt may take. */
const LEASE_MS = 15 * SECOND_MS

/** A callback whose text only the database can write; see `callbackBodySql`. */
export type CallbackOfFacts = Omit<NewCallback, 'data'> & { readonly body: SQL }

/** For the batch of the act it reports; `when` is true if the act was done in that batch. */
export function insertCallbackStatement(
  db: Db,
  callback: NewCallback | CallbackOfFacts,
  now: number,
  when?: SQL,
) {
  const { accountId, callbackId, type } = callback
  const body = 'body' in callback ? callback.body : callbackBody(type, now, callback.data)
  return insertWhen(
    db,
    callbacks,
    {
      accountId,
      callbackId,
      type,
      body,
      state: 'open',
      nextAttemptAt: now,
      createdAt: now,
    },
    when,
  ).onConflictDoNothing()
}

const EACH_ID = sql<string>`value ->> 'accountId'`
const GIVEN_AS_JSON = {
  accountId: EACH_ID,
  slot: eachSlotSql(EACH_ID, sql.raw(`value ->> 'slot'`)),
  callbackId: sql<string>`value ->> 'callbackId'`,
  type: sql<CallbackType>`value ->> 'type'`,
  body: sql<string>`value ->> 'body'`,
} as const

/** Any number, of whatever accounts, in one statement: they are one bound value. */
export function insertCallbacksStatement(db: Db, news: readonly NewCallback[], now: number) {
  const rows = news.map(({ accountId, callbackId, type, data }) => ({
    accountId,
    slot: slotOf(accountId),
    callbackId,
    type,
    body: callbackBody(type, now, data),
  }))
  const row = { state: 'open', nextAttemptAt: now, createdAt: now } as const
  const given = { ...row, ...GIVEN_AS_JSON }
  return insertEach(
    db,
    callbacks,
    given,
    sql`json_each(${JSON.stringify(rows)})`,
  ).onConflictDoNothing()
}

/** What `callbackBody` writes, of facts that the database holds; `data` is a JSON object. */
export function callbackBodySql(type: CallbackType, at: SQLWrapper, data: SQL): SQL {
  return sql`json_object('type', ${type}, 'timestamp', ${instantSql(at)}, 'data', ${data})`
}

const earlier = alias(callbacks, 'earlier')

/** The account's locks and holds that the exchange has to hear of before this callback. */
function isEarlierLock(accountId: string) {
  return and(
    ofAccount(earlier, accountId),
    inArray(earlier.type, ['account.locked', 'hold.started']),
    eq(earlier.state, 'open'),
    lte(earlier.createdAt, callbacks.createdAt),
  )
}

/**
 * Takes the callback for one attempt; null when it is done, another consumer has it, or it has to wait. It waits for
 * its time, whoever nudges: else repeated nudges would use up within minutes the tries that are meant for three days. It
 * counts nothing: a claim whose answer is lost has called nobody.
 * A lift waits for its lock, and for the start of its hold: told of it before, the exchange would freeze an account that is free again.
 */
export async function claimCallback(
  db: Db,
  accountId: string,
  callbackId: string,
  now: number,
): Promise<Callback | null> {
  const earlierLocks = db.select({ found: sql`1` }).from(earlier).where(isEarlierLock(accountId))
  const [callback] = await db
    .update(callbacks)
    .set({ leaseUntil: now + LEASE_MS })
    .where(
      and(
        ofAccount(callbacks, accountId),
        eq(callbacks.callbackId, callbackId),
        eq(callbacks.state, 'open'),
        lte(callbacks.leaseUntil, now),
        lte(callbacks.nextAttemptAt, now),
        or(ne(callbacks.type, 'hold.lifted'), notExists(earlierLocks)),
      ),
    )
    .returning()
  return callback ?? null
}

/** Nothing is tried sooner, however soon its lock is to be tried again. */
const LIFT_WAIT_LEAST_MS = 5 * SECOND_MS

/** After the lock's next attempt, so that this finds it confirmed. */
const LIFT_AFTER_LOCK_MS = 2 * SECOND_MS

/**
 * Puts off a lift whose lock is not confirmed until that is tried next: so it waits as its lock does, seconds first,
 * then hours. Changes nothing of any other callback, nor of one that is not due.
 */
export async function putOffLift(
  db: Db,
  accountId: string,
  callbackId: string,
  now: number,
): Promise<void> {
  const lockTriedAt = sql`(SELECT max(${earlier.nextAttemptAt}) FROM ${callbacks} AS earlier
    WHERE ${isEarlierLock(accountId)})`
  await db
    .update(callbacks)
    .set({
      nextAttemptAt: sql`max(${now + LIFT_WAIT_LEAST_MS}, ${lockTriedAt} + ${LIFT_AFTER_LOCK_MS})`,
    })
    .where(
      and(
        ofAccount(callbacks, accountId),
        eq(callbacks.callbackId, callbackId),
        eq(callbacks.type, 'hold.lifted'),
        eq(callbacks.state, 'open'),
        lte(callbacks.nextAttemptAt, now),
        sql`${lockTriedAt} IS NOT NULL`,
      ),
    )
}

/** What is not so any more and has not been confirmed; for the batch that makes it untrue, where `when` is true after it. */
export function withdrawCallbackStatement(
  db: Db,
  { accountId, callbackId }: CallbackKey,
  when: SQL,
) {
  return db
    .delete(callbacks)
    .where(
      and(
        ofAccount(callbacks, accountId),
        eq(callbacks.callbackId, callbackId),
        eq(callbacks.state, 'open'),
        when,
      ),
    )
}

type CallbackKey = Pick<Callback, 'accountId' | 'callbackId'>

export type AttemptNote = { readonly status: number | null; readonly error: string | null }

/** `callback` as it was claimed: what was tried is counted here, with what came of it. */
export function finishAttemptStatement(
  db: Db,
  callback: Callback,
  verdict: CallbackVerdict,
  note: AttemptNote,
  now: number,
) {
  return db
    .update(callbacks)
    .set({
      state: verdict.state,
      attempts: callback.attempts + 1,
      leaseUntil: 0,
      lastStatus: note.status,
      lastError: note.error,
      nextAttemptAt: verdict.state === 'open' ? now + verdict.retryAfterMs : now,
      confirmedAt: verdict.state === 'confirmed' ? now : null,
    })
    .where(
      and(
        ofAccount(callbacks, callback.accountId),
        eq(callbacks.callbackId, callback.callbackId),
        eq(callbacks.state, 'open'),
      ),
    )
}

export async function findCallback(
  db: Db,
  accountId: string,
  callbackId: string,
): Promise<Callback | null> {
  const [callback] = await findCallbackStatement(db, accountId, callbackId)
  return callback ?? null
}

export function findCallbackStatement(db: Db, accountId: string, callbackId: string) {
  return db.select().from(callbacks).where(isCallback(accountId, callbackId))
}

/** For the `WHERE` of what must not be said any more once the exchange has confirmed. */
export function isConfirmedCallbackSql(accountId: string, callbackId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${callbacks}
    WHERE ${isCallback(accountId, callbackId)} AND ${isNotNull(callbacks.confirmedAt)})`
}

function isCallback(accountId: string, callbackId: string) {
  return and(ofAccount(callbacks, accountId), eq(callbacks.callbackId, callbackId))
}

export type Outcome = Pick<Callback, 'state' | 'confirmedAt'>

/** Callback id → how far it has come; only those that there are. */
export async function findOutcomes(
  db: Db,
  accountId: string,
  callbackIds: readonly string[],
): Promise<ReadonlyMap<string, Outcome>> {
  const found = await db
    .select({
      callbackId: callbacks.callbackId,
      state: callbacks.state,
      confirmedAt: callbacks.confirmedAt,
    })
    .from(callbacks)
    .where(and(ofAccount(callbacks, accountId), inArray(callbacks.callbackId, [...callbackIds])))
  return new Map(found.map((callback) => [callback.callbackId, callback]))
}

export type OpenCallbackKey = Pick<Callback, 'createdAt' | 'accountId' | 'callbackId'>
export type OpenCallback = OpenCallbackKey & Pick<Callback, 'nextAttemptAt' | 'leaseUntil'>

/** A page of unconfirmed callbacks, oldest first; `after` is the last of the page before. */
export async function findOpenCallbacks(
  db: Db,
  after: OpenCallbackKey | null,
): Promise<readonly OpenCallback[]> {
  const { createdAt, accountId, callbackId } = callbacks
  const from = after ?? { createdAt: 0, accountId: '', callbackId: '' }
  return db
    .select({
      createdAt,
      accountId,
      callbackId,
      nextAttemptAt: callbacks.nextAttemptAt,
      leaseUntil: callbacks.leaseUntil,
    })
    .from(callbacks)
    .where(
      and(
        // A literal: with a bound value SQLite may not use the partial index.
        sql`${callbacks.state} = 'open'`,
        sql`(${createdAt}, ${accountId}, ${callbackId})
          > (${from.createdAt}, ${from.accountId}, ${from.callbackId})`,
      ),
    )
    .orderBy(createdAt, accountId, callbackId)
    .limit(SWEEP_PAGE)
}
