// Queue messages that nobody could finish.

import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** For the operator: which message and why; what was in it is sealed, so that it can be sent again. */
export const deadLetters = sqliteTable('dead_letters', {
  messageId: text('message_id').primaryKey(),
  queue: text('queue').notNull(),
  kind: text('kind').notNull(),
  accountId: text('account_id'),
  subjectId: text('subject_id'),
  reason: text('reason').notNull(),
  diedAt: integer('died_at').notNull(),
  /** Its body; null in rows of former deployments. */
  messageSealed: text('message_sealed'),
})
