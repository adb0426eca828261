// The exchange's trace of a login, for what follows from it.

import { eq } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { logins } from './tables.ts'

/** As it is stored; null without one, or without such an alert. */
export async function findTrace(db: Db, alertId: string): Promise<string | null> {
  const [login] = await db
    .select({ trace: logins.trace })
    .from(logins)
    .where(eq(logins.alertId, alertId))
  return login?.trace ?? null
}
