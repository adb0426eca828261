// For the operator: jobs that died, and how far the walk of retention has come.

import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Jobs that used all their retries, for the operator. Says which, never what was in it. */
export const deadLetters = sqliteTable('dead_letters', {
  messageId: text('message_id').primaryKey(),
  queue: text('queue').notNull(),
  kind: text('kind').notNull(),
  accountId: text('account_id'),
  subjectId: text('subject_id'),
  reason: text('reason').notNull(),
  diedAt: integer('died_at').notNull(),
})

/** How far the walk over accounts that forgets old rows has come. */
export const retentionCursor = sqliteTable('retention_cursor', {
  name: text('name').primaryKey(),
  accountId: text('account_id').notNull(),
})
