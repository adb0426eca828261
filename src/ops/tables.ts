// How far the walks of retention have come, and which accounts wait for their slot.

import { sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A row for each walk that is under way: over accounts, and through tables too long for one page. */
export const retentionCursor = sqliteTable('retention_cursor', {
  name: text('name').primaryKey(),
  /** The last key of the page before: an account, or what else the table has for its key. */
  accountId: text('account_id').notNull(),
})

/** Accounts whose rows are older than slots and have not been moved yet; lib/slot.ts looks here with every statement. */
export const slotlessAccounts = sqliteTable('slotless_accounts', {
  accountId: text('account_id').primaryKey(),
})
