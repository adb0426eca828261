// Of each database: how far the walks of retention and of keys have come, which slots are here, which accounts wait for theirs,
// and what each key has sealed. And, in `DB`, what was sick, and what operators did by hand.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { SlotState } from '../lib/slot-guard.ts'
import type { IncidentKind } from './incident-kinds.ts'
import type { HeldCounts, PassCounts } from './seal-pass.ts'

/** A row for each walk that is under way: over accounts, and through tables too long for one page. */
export const retentionCursor = sqliteTable('retention_cursor', {
  name: text('name').primaryKey(),
  /** The last key of the page before: an account, or what else the table has for its key. */
  accountId: text('account_id').notNull(),
})

/** Accounts whose rows are older than slots and have not been moved yet; lib/slot.ts looks here with every statement. */
export const slotlessAccounts = sqliteTable('slotless_accounts', {
  accountId: text('account_id').primaryKey(),
})

/** What was repaired by hand: who did it, when and why. */
export const opsActs = sqliteTable(
  'ops_acts',
  {
    actedAt: integer('acted_at').notNull(),
    actId: text('act_id').notNull(),
    act: text('act').notNull(),
    /** What it was done to: a provider, a callback, an alert, an account, a country, a queue. */
    subject: text('subject').notNull(),
    /** `key:` and the short hash of an API key, or the address of an operator who signed in. */
    who: text('who').notNull(),
    reason: text('reason').notNull(),
    /** How many rows or messages it concerned. */
    count: integer('count').notNull(),
    untilAt: integer('until_at'),
  },
  (table) => [primaryKey({ columns: [table.actedAt, table.actId] })],
)

/** The walk through all that is sealed: one row, of the pass that runs, or ran last. */
export const sealWalks = sqliteTable('seal_walks', {
  name: text('name').primaryKey(),
  /** Those of the setting as the pass began, the current one first. */
  keyNames: text('key_names', { mode: 'json' }).$type<readonly string[]>().notNull(),
  part: text('part').$type<'accounts' | 'dead_letters'>().notNull(),
  /** The last key of the page before; empty at the beginning of a part. */
  after: text('after').notNull(),
  startedAt: integer('started_at').notNull(),
  /** Null while it runs. */
  finishedAt: integer('finished_at'),
  /** Of the pages so far. */
  counts: text('counts', { mode: 'json' }).$type<PassCounts>().notNull(),
  /** Sealed values that were not the current key's at the end of the last whole pass. */
  outstanding: integer('outstanding').notNull().default(0),
  /** Of all accounts together, then: what is sealed for each is estimated by them. */
  alerts: integer('alerts').notNull().default(0),
  /** Accounts of which every mark was made with a key that is gone, then. */
  unrecognised: integer('unrecognised').notNull().default(0),
})

/** What each key holds, as the last whole pass has counted it. */
export const sealingKeys = sqliteTable('sealing_keys', {
  /** Empty for values that name none. */
  keyName: text('key_name').primaryKey(),
  /** When the walk first saw it at the head of the list; null where it never was. */
  currentFrom: integer('current_from'),
  /** When it saw another one there; null while it is. */
  currentUntil: integer('current_until'),
  held: text('held', { mode: 'json' }).$type<HeldCounts>().notNull(),
  /** When the pass began that counted them. */
  countedAt: integer('counted_at'),
  /** An estimate of how often its busiest derived key has sealed. */
  seals: integer('seals').notNull().default(0),
})

/** What was sick, since when, on what evidence, and until when; one of a kind and scope is open at a time. */
export const incidents = sqliteTable('incidents', {
  incidentId: text('incident_id').primaryKey(),
  kind: text('kind').$type<IncidentKind>().notNull(),
  scope: text('scope').notNull(),
  openedAt: integer('opened_at').notNull(),
  /** When its evidence was there last. */
  seenAt: integer('seen_at').notNull(),
  closedAt: integer('closed_at'),
  /** In words, the newest. */
  evidence: text('evidence').notNull(),
  /** False while whoever reads OPS_WEBHOOK_URL has not heard of its opening, or of its end. */
  isTold: integer('is_told', { mode: 'boolean' }).notNull().default(false),
})

/** What `DB` has no more, and what any other database has: lib/slot-guard.ts asks here before every batch of an account. */
export const slots = sqliteTable('slots', {
  slot: integer('slot').primaryKey(),
  state: text('state').$type<SlotState>().notNull(),
  /** The binding of the database that has it now, of one that was moved away from here; or shall have it, of one on its way. */
  movedTo: text('moved_to'),
  changedAt: integer('changed_at').notNull(),
})

/** Accounts of a slot that is being copied to another database, and have changed since; triggers put them here. */
export const changedAccounts = sqliteTable(
  'changed_accounts',
  {
    slot: integer('slot').notNull(),
    accountId: text('account_id').notNull(),
    /** How often, since they were copied last. */
    changes: integer('changes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)
