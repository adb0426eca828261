// The owner's "it was me", as it stands in the login's row.

import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

/** Once, while the session runs and `when` holds. */
export function confirmLoginStatement(
  db: Db,
  login: Pick<Login, 'accountId' | 'seq'>,
  when: SQL,
  now: number,
) {
  return db
    .update(logins)
    .set({ confirmedAt: now })
    .where(
      and(
        ofAccount(logins, login.accountId),
        eq(logins.seq, login.seq),
        isNull(logins.confirmedAt),
        isNull(logins.sessionEndedAt),
        when,
      ),
    )
}

/** True for the batch that has just confirmed it. */
export function isConfirmedSql(
  { accountId, seq }: Pick<Login, 'accountId' | 'seq'>,
  now: number,
): SQL {
  return sql`EXISTS (SELECT 1 FROM ${logins}
    WHERE ${ofAccount(logins, accountId)} AND seq = ${seq} AND confirmed_at = ${now})`
}
