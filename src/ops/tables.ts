// How far the walks of retention have come.

import { sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A row for each walk that is under way: over accounts, and through tables too long for one page. */
export const retentionCursor = sqliteTable('retention_cursor', {
  name: text('name').primaryKey(),
  /** The last key of the page before: an account, or what else the table has for its key. */
  accountId: text('account_id').notNull(),
})
