// How far the walks of retention have come, which accounts wait for their slot, and what operators did by hand.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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

/** What was repaired by hand: who did it, when and why. */
export const opsActs = sqliteTable(
  'ops_acts',
  {
    actedAt: integer('acted_at').notNull(),
    actId: text('act_id').notNull(),
    act: text('act').notNull(),
    /** What it was done to: a provider, a callback, an alert, an account, a country, a queue. */
    subject: text('subject').notNull(),
    /** `key:` and the short hash of an API key, or the address of an operator who signed in. */
    who: text('who').notNull(),
    reason: text('reason').notNull(),
    /** How many rows or messages it concerned. */
    count: integer('count').notNull(),
    untilAt: integer('until_at'),
  },
  (table) => [primaryKey({ columns: [table.actedAt, table.actId] })],
)
