// Devices that are registered for push.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'

export const pushSubscriptions = sqliteTable(
  'push_subscriptions',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    subscriptionId: text('subscription_id').notNull(),
    /** Endpoint and keys, sealed: the endpoint names a device. */
    subscriptionSealed: text('subscription_sealed').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    lastAcceptedAt: integer('last_accepted_at'),
    /** In a row, since its push service last took something. */
    refusals: integer('refusals').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.subscriptionId] })],
)
