// What all isolates know of providers together: breakers, samples, weights, and what some providers' receipts refer to.
// Control data; no account in it that could be read.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { RouteWeight } from './decide-weights.ts'
import type { ChangedBy } from './route-change.ts'
import type { SampleCell } from './route-samples.ts'

/** One row per provider (or provider and country) whose breaker tripped; no row means closed. */
export const breakers = sqliteTable('breakers', {
  scope: text('scope').primaryKey(),
  openedAt: integer('opened_at').notNull(),
  openUntil: integer('open_until').notNull(),
  probeUntil: integer('probe_until').notNull().default(0),
  trips: integer('trips').notNull(),
  code: text('code').notNull(),
  /** What it was decided on, in words. */
  figure: text('figure').notNull().default(''),
})

/** What isolates saw of a provider since somebody complained of it; judged over half a minute, then deleted. */
export const routeFaults = sqliteTable(
  'route_faults',
  {
    notedAt: integer('noted_at').notNull(),
    noteId: text('note_id').notNull(),
    scope: text('scope').notNull(),
    faults: integer('faults').notNull(),
    successes: integer('successes').notNull(),
    code: text('code').notNull(),
  },
  (table) => [primaryKey({ columns: [table.notedAt, table.noteId] })],
)

/** Every change that was made of the order of providers: who made it, on what figure, until when. For the operator. */
export const routeChanges = sqliteTable(
  'route_changes',
  {
    /** When what is changed began: a breaker's opening and its closing have the same. */
    openedAt: integer('opened_at').notNull(),
    scope: text('scope').notNull(),
    change: text('change').$type<'opened' | 'closed' | 'weight'>().notNull(),
    changedAt: integer('changed_at').notNull(),
    changedBy: text('changed_by').$type<ChangedBy>().notNull(),
    figure: text('figure').notNull(),
    untilAt: integer('until_at'),
  },
  (table) => [primaryKey({ columns: [table.openedAt, table.scope, table.change] })],
)

/** What an operator says by hand of the order of providers, for a while: see hand-orders.ts. */
export const routeOrders = sqliteTable('route_orders', {
  /** `twilio`, or `twilio/TH`. */
  scope: text('scope').primaryKey(),
  place: text('place').$type<'first' | 'last'>().notNull(),
  sinceAt: integer('since_at').notNull(),
  untilAt: integer('until_at').notNull(),
})

/** What calls and receipts came to, in lumps, for the minute's learning; deleted after a quarter of an hour. */
export const routeSamples = sqliteTable(
  'route_samples',
  {
    flushedAt: integer('flushed_at').notNull(),
    sampleId: text('sample_id').notNull(),
    cells: text('cells', { mode: 'json' }).$type<readonly SampleCell[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.flushedAt, table.sampleId] })],
)

/** One row per provider (or provider and country) that learning lowered lately; no row means never. */
export const routeWeights = sqliteTable('route_weights', {
  scope: text('scope').primaryKey(),
  /** Of its points at rest, in percent. */
  keptPercent: integer('kept_percent').notNull(),
  relapses: integer('relapses').notNull(),
  retryAt: integer('retry_at').notNull(),
  changedAt: integer('changed_at').notNull(),
  reason: text('reason').$type<RouteWeight['reason']>().notNull(),
})

/** What the receipts of a provider refer to that sends back nothing of ours: see receipt-ids.ts. */
export const receiptIds = sqliteTable('receipt_ids', {
  /** Its name and its own id, a space between them. */
  providerMessage: text('provider_message').primaryKey(),
  refSealed: text('ref_sealed').notNull(),
  notedAt: integer('noted_at').notNull(),
})
