// How long alerts take, and whether the minute's work runs: control data, without any account in it.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { MeasureCell } from './measure-cells.ts'

/** What isolates counted, a lump of each a minute at most; taken into its hour and deleted by the next minute's work. */
export const measures = sqliteTable(
  'measures',
  {
    flushedAt: integer('flushed_at').notNull(),
    measureId: text('measure_id').notNull(),
    cells: text('cells', { mode: 'json' }).$type<readonly MeasureCell[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.flushedAt, table.measureId] })],
)

/** One row per hour: all isolates together. */
export const measureHours = sqliteTable('measure_hours', {
  hourAt: integer('hour_at').primaryKey(),
  cells: text('cells', { mode: 'json' }).$type<readonly MeasureCell[]>().notNull(),
  /** How large the database was at last. */
  databaseBytes: integer('database_bytes'),
})

/** When something that shall come again and again came last. */
export const heartbeats = sqliteTable('heartbeats', {
  name: text('name').primaryKey(),
  beatAt: integer('beat_at').notNull(),
  /** What was seen then, as JSON; whoever reads it parses it. */
  detail: text('detail').notNull().default('{}'),
})
