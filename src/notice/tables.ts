// Texts that answer the owner, with their attempts.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import { attemptList } from '../login/attempt-codec.ts'
import type { ProviderName } from '../sms/registry.ts'
import type { NoticeKind, NoticeState } from './notice-kind.ts'

/** A text that answers the owner: not an alert, and no login stands behind it. */
export const notices = sqliteTable(
  'notices',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    noticeId: text('notice_id').notNull(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    /** Of a `locked` notice: the end of the hold. */
    untilAt: integer('until_at'),
    /** Whose number was written to: it answers first. */
    provider: text('provider').$type<ProviderName>(),
    state: text('state').$type<NoticeState>().notNull(),
    attempts: attemptList('attempts').notNull(),
    leaseUntil: integer('lease_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    /** To another number than the account's. */
    phoneSealed: text('phone_sealed'),
    /** What it is about: a login's sequence, a binding. */
    subject: text('subject'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.noticeId] })],
)
