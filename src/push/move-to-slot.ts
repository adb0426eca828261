// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { pushSubscriptions } from './tables.ts'

export function moveSubscriptionStatements(db: Db, accountId: string) {
  return [moveToSlotStatement(db, pushSubscriptions, accountId)] as const
}
