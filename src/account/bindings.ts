// The SQL of numbers that are being bound. A try is counted by the statement that lets it be compared, and
// what follows from a right code hangs on the binding's row: it happens once, or not at all.

import { and, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import type { IdPrefix } from '../lib/ids.ts'
import { inSlot, ofAccount } from '../lib/slot.ts'
import { CLEAN_PHONE } from './accounts.ts'
import { BINDING_LIFETIME_MS, CODE_TRIES_MAX } from './binding-rules.ts'
import { changedPhone, firstFormerPhoneSql } from './former-phone.ts'
import { accounts, phoneBindings } from './tables.ts'

export type Binding = typeof phoneBindings.$inferSelect

type BindingKey = Pick<Binding, 'accountId' | 'bindingId'>

/** What a code is for, as its id begins: a number that is to be bound, or a change that it proves (proof-codes.ts). */
type CodeKind = Extract<IdPrefix, 'bnd' | 'prf'>

/** Null as well when its tries are used up: that code is not sent again. */
export async function findBinding(
  db: Db,
  accountId: string,
  now: number,
  kind: CodeKind = 'bnd',
): Promise<Binding | null> {
  const [binding] = await db
    .select()
    .from(phoneBindings)
    .where(isAlive(accountId, kind, now))
  return binding ?? null
}

/** A new one takes the place of an old one: its code is worth nothing any more. */
export function startBindingStatement(
  db: Db,
  binding: Pick<Binding, 'accountId' | 'bindingId' | 'phoneSealed' | 'phoneTag'>,
  now: number,
) {
  const { accountId, ...number } = binding
  const fresh = {
    ...number,
    startedAt: now,
    expiresAt: now + BINDING_LIFETIME_MS,
    tries: 0,
    codesSentAt: [now],
  }
  return db
    .insert(phoneBindings)
    .values({ ...fresh, ...inSlot(accountId) })
    .onConflictDoUpdate({ target: [phoneBindings.slot, phoneBindings.accountId], set: fresh })
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
  kind: CodeKind = 'bnd',
): Promise<Binding | null> {
  const [binding] = await db
    .update(phoneBindings)
    .set({ tries: sql`${phoneBindings.tries} + 1` })
    .where(isAlive(accountId, kind, now))
    .returning()
  return binding ?? null
}

export function cancelBindingStatement(db: Db, accountId: string) {
  return db.delete(phoneBindings).where(ofAccount(phoneBindings, accountId))
}

/** Whether the binding is there still: for the batch of a right code. */
export function isBindingSql({ accountId, bindingId }: BindingKey): SQL {
  return sql`EXISTS (SELECT 1 FROM ${phoneBindings}
    WHERE ${ofAccount(phoneBindings, accountId)} AND binding_id = ${bindingId})`
}

/**
 * The account gets the number, whose tags under all keys are `phoneTags`, if the binding is there still. `endBindingStatement`
 * comes last in the batch, so that of two batches with the right code one does everything and the other nothing.
 */
export function bindPhoneStatement(
  db: Db,
  binding: Binding,
  phoneTags: readonly string[],
  now: number,
) {
  const { accountId, phoneSealed, phoneTag } = binding
  return db
    .update(accounts)
    .set({
      ...changedPhone(now, phoneTags, true),
      ...CLEAN_PHONE,
      phoneSealed,
      phoneTag,
      updatedAt: now,
    })
    .where(and(ofAccount(accounts, accountId), isBindingSql(binding)))
}

export function endBindingStatement(db: Db, binding: BindingKey) {
  return db.delete(phoneBindings).where(isBinding(binding))
}

/** The number as it was read: another one by now is not meant. */
export type BoundPhone = { readonly accountId: string; readonly phoneSealed: string }

/** Whether the account has this number still. */
export function isPhoneSql({ accountId, phoneSealed }: BoundPhone): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND phone_sealed = ${phoneSealed})`
}

/** The number goes, if it is still this one, and stays the former one for a while. */
export function removePhoneStatement(db: Db, { accountId, phoneSealed }: BoundPhone, now: number) {
  return db
    .update(accounts)
    .set({
      ...changedPhone(now, [], true),
      ...CLEAN_PHONE,
      phoneSealed: null,
      phoneTag: null,
      updatedAt: now,
    })
    .where(and(ofAccount(accounts, accountId), eq(accounts.phoneSealed, phoneSealed)))
}

/**
 * Whom a change of the number is news to, sealed as it lies there: the number before the change, or, without one, the
 * former number that was there first, while it is told; else NULL. Other former ones get a copy.
 */
export function phoneToTellSql(accountId: string, now: number): SQL {
  return sql`(SELECT coalesce(phone_sealed, ${firstFormerPhoneSql(now)})
    FROM ${accounts} WHERE ${ofAccount(accounts, accountId)})`
}

/** A code under way of one kind, its tries not used up. */
function isAlive(accountId: string, kind: CodeKind, now: number) {
  return and(
    ofAccount(phoneBindings, accountId),
    sql`substr(${phoneBindings.bindingId}, 1, 4) = ${`${kind}_`}`,
    lt(phoneBindings.tries, CODE_TRIES_MAX[kind]),
    gt(phoneBindings.expiresAt, now),
  )
}

function isBinding({ accountId, bindingId }: BindingKey) {
  return and(ofAccount(phoneBindings, accountId), eq(phoneBindings.bindingId, bindingId))
}
