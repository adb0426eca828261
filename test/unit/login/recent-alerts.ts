// The alerts whose codes lock an account now, as a reply or the lock page looks for them.

import { sql } from 'drizzle-orm'
import type { Db } from '../../../src/lib/db.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { listRecentAlerts } from '../../../src/login/by-number.ts'
import { ACCOUNT } from './owner-logins.ts'

export function findRecent(db: Db, after: number) {
  return listRecentAlerts(
    db,
    sql`SELECT ${slotOf(ACCOUNT)} AS slot, ${ACCOUNT} AS account_id`,
    after,
  )
}
