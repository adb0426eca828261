// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { notices } from './tables.ts'

export function moveNoticeStatements(db: Db, accountId: string) {
  return [moveToSlotStatement(db, notices, accountId)] as const
}
