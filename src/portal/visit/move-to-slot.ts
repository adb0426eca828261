// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../../lib/db.ts'
import { moveToSlotStatement } from '../../lib/slot.ts'
import { portalVisits } from './tables.ts'

export function moveVisitStatements(db: Db, accountId: string) {
  return [moveToSlotStatement(db, portalVisits, accountId)] as const
}
