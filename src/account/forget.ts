// What of an account has its time, and what is erased with it. The account itself stays until the exchange erases it.

import { and, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { forgetFormerPhonesStatement } from './former-phone.ts'
import { accounts, passkeys, phoneBindings } from './tables.ts'

/** Numbers whose code was never typed, and former ones that are told no more. */
export function forgetAccountStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(phoneBindings)
      .where(and(ofAccount(phoneBindings, accountId), lt(phoneBindings.expiresAt, now))),
    forgetFormerPhonesStatement(db, accountId, now),
  ] as const
}

export function eraseAccountStatements(db: Db, accountId: string) {
  return [
    db.delete(accounts).where(ofAccount(accounts, accountId)),
    db.delete(phoneBindings).where(ofAccount(phoneBindings, accountId)),
    db.delete(passkeys).where(ofAccount(passkeys, accountId)),
  ] as const
}
