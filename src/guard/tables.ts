// How often something was tried, and how many codes were sent.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** How often something was tried in its window; old windows are deleted. */
export const attemptLimits = sqliteTable('attempt_limits', {
  /** A keyed hash: whose tries these are, it does not say. */
  scope: text('scope').primaryKey(),
  windowStartedAt: integer('window_started_at').notNull(),
  count: integer('count').notNull(),
})

/** Code SMS per hour: in a country, in a block of 10,000 numbers, in all. */
export const codeCounts = sqliteTable(
  'code_counts',
  {
    /** `TH`, a keyed hash of the block, or `*`. */
    scope: text('scope').notNull(),
    hourAt: integer('hour_at').notNull(),
    sent: integer('sent').notNull().default(0),
    segments: integer('segments').notNull().default(0),
    /** Of those sent in this hour. */
    verified: integer('verified').notNull().default(0),
    /** In a country: codes sent to a bad block, which the country does not answer for. */
    excused: integer('excused').notNull().default(0),
    /** Or would have been, while the guard only records. */
    refused: integer('refused').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.scope, table.hourAt] })],
)

/** Days, from midnight UTC, on which the cap on code SMS was reached. */
export const codeCaps = sqliteTable('code_caps', {
  dayAt: integer('day_at').primaryKey(),
  reachedAt: integer('reached_at').notNull(),
  segments: integer('segments').notNull(),
  capSegments: integer('cap_segments').notNull(),
})

/** Countries that no code SMS goes to, by an operator's word. */
export const codeStops = sqliteTable('code_stops', {
  /** ISO 3166-1 alpha-2. */
  country: text('country').primaryKey(),
  sinceAt: integer('since_at').notNull(),
  /** Null: until it is undone. */
  untilAt: integer('until_at'),
})
