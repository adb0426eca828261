// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { callbacks } from './tables.ts'

export function moveCallbackStatements(db: Db, accountId: string) {
  return [moveToSlotStatement(db, callbacks, accountId)] as const
}
