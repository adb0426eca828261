// The outbox: callbacks as they are signed and sent.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import type { CallbackState, CallbackType } from './callback.ts'

/** The outbox: a callback is written in the batch of the act it reports. */
export const callbacks = sqliteTable(
  'callbacks',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    callbackId: text('callback_id').notNull(),
    type: text('type').$type<CallbackType>().notNull(),
    /** The JSON text exactly as it is signed and sent. */
    body: text('body').notNull(),
    state: text('state').$type<CallbackState>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    leaseUntil: integer('lease_until').notNull().default(0),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    createdAt: integer('created_at').notNull(),
    confirmedAt: integer('confirmed_at'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.callbackId] })],
)
