// Rows that are older than slots: see lib/slot.ts.

import type { Db } from '../lib/db.ts'
import { moveToSlotStatement } from '../lib/slot.ts'
import { countedActivities, earlySessionEnds, knownMarks, logins } from './tables.ts'

export function moveLoginStatements(db: Db, accountId: string) {
  return [
    moveToSlotStatement(db, logins, accountId),
    moveToSlotStatement(db, knownMarks, accountId),
    moveToSlotStatement(db, earlySessionEnds, accountId),
    moveToSlotStatement(db, countedActivities, accountId),
  ] as const
}
