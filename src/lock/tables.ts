// What is kept of a lock: who, by which way, until when. The hold itself stands in the account.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import type { LockVia } from './hold.ts'

export const locks = sqliteTable(
  'locks',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    lockId: text('lock_id').notNull(),
    alertId: text('alert_id'),
    via: text('via').$type<LockVia>().notNull(),
    lockedAt: integer('locked_at').notNull(),
    holdUntil: integer('hold_until').notNull(),
    liftedAt: integer('lifted_at'),
    liftReason: text('lift_reason'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.lockId] })],
)
