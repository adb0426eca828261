// What of an account has its time, and what is erased with it. The account itself stays until the exchange erases it.

import { and, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../lib/slot.ts'
import { forgetFormerPhonesStatement } from './former-phone.ts'
import { accounts, passkeys, phoneBindings } from './tables.ts'

export const accountPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, accounts, after, rows)

/** Numbers whose code was never typed, and former ones that are told no more. */
export function forgetAccountStatements(db: Db, whose: Whose, now: number) {
  return [
    db.delete(phoneBindings).where(and(whose(phoneBindings), lt(phoneBindings.expiresAt, now))),
    forgetFormerPhonesStatement(db, whose, now),
  ] as const
}

export function eraseAccountStatements(db: Db, accountId: string) {
  return [
    db.delete(accounts).where(ofAccount(accounts, accountId)),
    db.delete(phoneBindings).where(ofAccount(phoneBindings, accountId)),
    db.delete(passkeys).where(ofAccount(passkeys, accountId)),
  ] as const
}
