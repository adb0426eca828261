// The SQL of numbers that are being bound. A try is counted by the statement that lets it be compared, and
// what follows from a right code hangs on the binding's row: it happens once, or not at all.

import { and, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { callbacks } from '../exchange/tables.ts'
import type { Db } from '../lib/db.ts'
import { DAY_MS } from '../lib/time.ts'
import { notices } from '../notice/tables.ts'
import { BINDING_LIFETIME_MS, CODE_TRIES_MAX } from './binding-rules.ts'
import { accounts, phoneBindings } from './tables.ts'

export type Binding = typeof phoneBindings.$inferSelect

/** How long the number before the present one is told of each alert. */
export const FORMER_PHONE_MS = 3 * DAY_MS

/** Null as well when its tries are used up: that code is not sent again. */
export async function findBinding(db: Db, accountId: string, now: number): Promise<Binding | null> {
  const [binding] = await db.select().from(phoneBindings).where(isAlive(accountId, now))
  return binding ?? null
}

/** A new one takes the place of an old one: its code is worth nothing any more. */
export function startBindingStatement(
  db: Db,
  binding: Pick<Binding, 'accountId' | 'bindingId' | 'phoneSealed' | 'phoneTag'>,
  now: number,
) {
  const fresh = {
    ...binding,
    startedAt: now,
    expiresAt: now + BINDING_LIFETIME_MS,
    tries: 0,
    codesSentAt: [now],
  }
  return db
    .insert(phoneBindings)
    .values(fresh)
    .onConflictDoUpdate({ target: phoneBindings.accountId, set: fresh })
}

/** False when another request sent the code meanwhile. */
export async function noteCodeSent(db: Db, binding: Binding, now: number): Promise<boolean> {
  const { codesSentAt } = binding
  const noted = await db
    .update(phoneBindings)
    .set({ codesSentAt: [...codesSentAt, now] })
    .where(and(isBinding(binding), eq(phoneBindings.codesSentAt, codesSentAt)))
  return noted.meta.changes > 0
}

/** Counts the try; null when there are none left, or nothing to type a code for. */
export async function countCodeTry(
  db: Db,
  accountId: string,
  now: number,
): Promise<Binding | null> {
  const [binding] = await db
    .update(phoneBindings)
    .set({ tries: sql`${phoneBindings.tries} + 1` })
    .where(isAlive(accountId, now))
    .returning()
  return binding ?? null
}

export async function cancelBinding(db: Db, accountId: string): Promise<void> {
  await db.delete(phoneBindings).where(eq(phoneBindings.accountId, accountId))
}

/** Who is told of a change: what a right code brings about beside it, or a removal. */
export type ChangeNews = {
  readonly callback: { readonly callbackId: string; readonly type: string; readonly body: string }
  /** To the number before, if there is one. */
  readonly noticeId: string
}

/**
 * For one batch, in this order; the last one ends the binding, so that of two batches with the right code
 * one does everything and the other nothing.
 */
export function completeBindingStatements(db: Db, binding: Binding, news: ChangeNews, now: number) {
  const { accountId, bindingId, phoneSealed, phoneTag } = binding
  const isThere = sql`EXISTS (SELECT 1 FROM phone_bindings
    WHERE account_id = ${accountId} AND binding_id = ${bindingId})`
  return [
    ...newsStatements(db, { accountId, news, isDue: isThere }, now),
    db
      .update(accounts)
      .set({
        ...formerPhone(now),
        phoneSealed,
        phoneTag,
        phoneState: 'ok',
        phoneStateCode: null,
        updatedAt: now,
      })
      .where(and(eq(accounts.accountId, accountId), isThere)),
    db.delete(phoneBindings).where(isBinding(binding)),
  ] as const
}

/**
 * For one batch, in this order: the number goes, if it is still this one, and stays the former one for a
 * while. Of two batches one does everything and the other nothing.
 */
export function removePhoneStatements(
  db: Db,
  account: { readonly accountId: string; readonly phoneSealed: string },
  news: ChangeNews,
  now: number,
) {
  const { accountId, phoneSealed } = account
  const isStill = sql`EXISTS (SELECT 1 FROM accounts
    WHERE account_id = ${accountId} AND phone_sealed = ${phoneSealed})`
  return [
    ...newsStatements(db, { accountId, news, isDue: isStill }, now),
    db
      .update(accounts)
      .set({
        ...formerPhone(now),
        phoneSealed: null,
        phoneTag: null,
        phoneState: 'ok',
        phoneStateCode: null,
        updatedAt: now,
      })
      .where(and(eq(accounts.accountId, accountId), eq(accounts.phoneSealed, phoneSealed))),
  ] as const
}

type DueNews = { readonly accountId: string; readonly news: ChangeNews; readonly isDue: SQL }

/** Before the account changes: it still has the number that is told. */
function newsStatements(db: Db, { accountId, news, isDue }: DueNews, now: number) {
  const { callbackId, type, body } = news.callback
  return [
    db
      .insert(notices)
      .select(sql`
        SELECT account_id, ${news.noticeId}, 'phone_changed', NULL, NULL, 'open', '[]', 0, ${now},
          phone_sealed, NULL
        FROM accounts WHERE account_id = ${accountId} AND phone_sealed IS NOT NULL AND ${isDue}`)
      .onConflictDoNothing(),
    db
      .insert(callbacks)
      .select(sql`
        SELECT ${accountId}, ${callbackId}, ${type}, ${body}, 'open', 0,
          NULL, NULL, 0, ${now}, ${now}, NULL WHERE ${isDue}`)
      .onConflictDoNothing(),
  ] as const
}

/** One that is still told stays: two changes in a row must not silence the owner's own number. */
function formerPhone(now: number) {
  const isTold = sql`coalesce(former_phone_until, 0) > ${now}`
  return {
    formerPhoneSealed: sql`CASE WHEN ${isTold} THEN former_phone_sealed
      ELSE coalesce(phone_sealed, former_phone_sealed) END`,
    formerPhoneUntil: sql`CASE WHEN ${isTold} OR phone_sealed IS NULL THEN former_phone_until
      ELSE ${now + FORMER_PHONE_MS} END`,
  }
}

function isAlive(accountId: string, now: number) {
  return and(
    eq(phoneBindings.accountId, accountId),
    lt(phoneBindings.tries, CODE_TRIES_MAX),
    gt(phoneBindings.expiresAt, now),
  )
}

function isBinding({ accountId, bindingId }: Pick<Binding, 'accountId' | 'bindingId'>) {
  return and(eq(phoneBindings.accountId, accountId), eq(phoneBindings.bindingId, bindingId))
}
