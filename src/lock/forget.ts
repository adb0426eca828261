// How long holds are kept, and what is erased with an account. Of its locks none has its time: they are the record of why
// withdrawals were held.

import { and, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { holdLifts, holds, lockCards, lockContacts, locks } from './tables.ts'

/** After they would have ended. As long as the login that began one is kept: whoever holds a password begins one each day. */
export const HOLDS_KEPT_MS = 90 * DAY_MS

export const holdPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, holds, after, rows)

export function forgetHoldsStatements(db: Db, whose: Whose, now: number) {
  const before = now - HOLDS_KEPT_MS
  return [
    db.delete(holds).where(and(whose(holds), lt(holds.until, before))),
    db.delete(holdLifts).where(and(whose(holdLifts), lt(holdLifts.dueAt, before))),
  ] as const
}

/** A contact whose code was never typed; a card and a proven contact stay until somebody ends them. */
export function forgetContactsStatements(db: Db, whose: Whose, now: number) {
  return [
    db.delete(lockContacts).where(and(whose(lockContacts), lt(lockContacts.expiresAt, now))),
  ] as const
}

export function eraseLocksStatements(db: Db, accountId: string) {
  return [
    db.delete(locks).where(ofAccount(locks, accountId)),
    db.delete(holds).where(ofAccount(holds, accountId)),
    db.delete(holdLifts).where(ofAccount(holdLifts, accountId)),
    db.delete(lockCards).where(ofAccount(lockCards, accountId)),
    db.delete(lockContacts).where(ofAccount(lockContacts, accountId)),
  ] as const
}
