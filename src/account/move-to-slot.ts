// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { accounts, passkeys, phoneBindings } from './tables.ts'

export function moveAccountStatements(db: Db, accountId: string) {
  return [
    moveToSlotStatement(db, accounts, accountId),
    moveToSlotStatement(db, phoneBindings, accountId),
    moveToSlotStatement(db, passkeys, accountId),
  ] as const
}
