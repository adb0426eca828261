// An instant as text, where the database alone knows it.

import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** Epoch milliseconds → RFC 3339, as `formatInstant` does. In integers: SQLite's own fractions round. */
export function instantSql(milliseconds: SQLWrapper): SQL {
  return sql`strftime('%Y-%m-%dT%H:%M:%S', ${milliseconds} / 1000, 'unixepoch')
    || printf('.%03dZ', ${milliseconds} % 1000)`
}
