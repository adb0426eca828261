// Moves accounts that are older than slots to theirs, one at a time, all their tables in one batch: whoever looks finds an
// account here or there, never half of it. The list of those that are left is the walk's cursor; once it is empty, the
// walk costs one read of nothing a minute.

import { asc, eq } from 'drizzle-orm'
import { moveAccountStatements } from '../account/move-to-slot.ts'
import { moveCallbackStatements } from '../exchange/move-to-slot.ts'
import type { Db } from '../lib/db.ts'
import { moveLockStatements } from '../lock/move-to-slot.ts'
import { moveLoginStatements } from '../login/move-to-slot.ts'
import { moveNoticeStatements } from '../notice/move-to-slot.ts'
import { moveVisitStatements } from '../portal/visit/move-to-slot.ts'
import { moveSubscriptionStatements } from '../push/move-to-slot.ts'
import { slotlessAccounts } from './tables.ts'

/** Fifteen statements each, and an invocation may make a thousand. */
const ACCOUNTS_PER_PAGE = 50

/** A page that has moved so many rows is at its end, whoever is left: each is billed with its index entries. */
const ROWS_PER_PAGE = 2_000

export async function isAnySlotless(db: Db): Promise<boolean> {
  const found = await db.select().from(slotlessAccounts).limit(1)
  return found.length > 0
}

/** Moves the next accounts; returns how many. */
export async function moveSlotlessAccounts(db: Db): Promise<number> {
  const page = await db
    .select()
    .from(slotlessAccounts)
    .orderBy(asc(slotlessAccounts.accountId))
    .limit(ACCOUNTS_PER_PAGE)
  let [accounts, rows] = [0, 0]
  for (const { accountId } of page) {
    if (rows >= ROWS_PER_PAGE) break
    rows += await moveAccount(db, accountId)
    accounts += 1
  }
  return accounts
}

async function moveAccount(db: Db, accountId: string): Promise<number> {
  const results = await db.batch([
    db.delete(slotlessAccounts).where(eq(slotlessAccounts.accountId, accountId)),
    ...moveAccountStatements(db, accountId),
    ...moveLoginStatements(db, accountId),
    ...moveLockStatements(db, accountId),
    ...moveCallbackStatements(db, accountId),
    ...moveNoticeStatements(db, accountId),
    ...moveVisitStatements(db, accountId),
    ...moveSubscriptionStatements(db, accountId),
  ])
  return results.reduce((total, { meta }) => total + meta.changes, 0)
}
