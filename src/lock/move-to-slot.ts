// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { holdLifts, holds, lockCards, lockContacts, locks } from './tables.ts'

export function moveLockStatements(db: Db, accountId: string) {
  return [
    moveToSlotStatement(db, locks, accountId),
    moveToSlotStatement(db, holds, accountId),
    moveToSlotStatement(db, holdLifts, accountId),
    moveToSlotStatement(db, lockCards, accountId),
    moveToSlotStatement(db, lockContacts, accountId),
  ] as const
}
