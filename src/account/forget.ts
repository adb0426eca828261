// What of an account has its time, and what is erased with it. The account itself stays until the exchange erases it.

import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { NO_FORMER_PHONE } from './former-phone.ts'
import { accounts, passkeys, phoneBindings } from './tables.ts'

/** Numbers whose code was never typed, and former ones that are told no more. */
export function forgetAccountStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(phoneBindings)
      .where(and(eq(phoneBindings.accountId, accountId), lt(phoneBindings.expiresAt, now))),
    db
      .update(accounts)
      .set(NO_FORMER_PHONE)
      .where(and(eq(accounts.accountId, accountId), lt(accounts.formerPhoneUntil, now))),
  ] as const
}

export function eraseAccountStatements(db: Db, accountId: string) {
  return [
    db.delete(accounts).where(eq(accounts.accountId, accountId)),
    db.delete(phoneBindings).where(eq(phoneBindings.accountId, accountId)),
    db.delete(passkeys).where(eq(passkeys.accountId, accountId)),
  ] as const
}
