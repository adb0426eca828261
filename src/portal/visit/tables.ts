// Visits to the owner's pages.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../../lib/slot.ts'

/** A visit to the owner's pages; the row is also what makes its entry link work once. */
export const portalVisits = sqliteTable(
  'portal_visits',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    visitId: text('visit_id').notNull(),
    /** Keyed hash of the cookie's secret; empty once the owner has left. */
    secretTag: text('secret_tag').notNull(),
    startedAt: integer('started_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** When the exchange, or we, last saw a TOTP code. */
    otpAt: integer('otp_at'),
    /** When it ended all others of the account, and the entry links from before. */
    endedOthersAt: integer('ended_others_at'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.visitId] })],
)
