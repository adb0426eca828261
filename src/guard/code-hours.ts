// How many code SMS were sent, hour by hour, all countries together: by key, a day's rows.

import { and, gte, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { codeCounts } from './tables.ts'

export function readCodeHoursStatement(db: Db, sinceAt: number) {
  const { scope, hourAt, sent, segments } = codeCounts
  return db
    .select({ hourAt, sent, segments })
    .from(codeCounts)
    .where(and(sql`${scope} = '*'`, gte(hourAt, sinceAt)))
}
