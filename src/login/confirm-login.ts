// The owner's "it was me", as it stands in the login's row.

import { and, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { isSameLogin, type LoginKey } from './logins.ts'
import { logins } from './tables.ts'

/** Once, while the session runs and `when` holds. */
export function confirmLoginStatement(db: Db, login: LoginKey, when: SQL, now: number) {
  return db
    .update(logins)
    .set({ confirmedAt: now })
    .where(and(isSameLogin(login), isNull(logins.confirmedAt), isNull(logins.sessionEndedAt), when))
}

/** True for the batch that has just confirmed it. */
export function isConfirmedSql(login: LoginKey, now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${logins}
    WHERE ${isSameLogin(login)} AND confirmed_at = ${now})`
}
