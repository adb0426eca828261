// What is kept of a lock: who, by which way, until when. Its hold itself stands in the account; those that no lock made stand
// here. And of the ways to lock without an alert: the owner's card, the number and word of a trusted contact.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import type { LockVia } from './hold.ts'
import type { StoredReason } from './hold-reason.ts'
import type { ActionAnswers, LockAction } from './lock-actions.ts'

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
    /** As asked when it was made; null of locks that are older than the choice: the two of every lock. */
    actions: text('actions', { mode: 'json' }).$type<readonly LockAction[]>(),
    /** Null: nothing was said of a single action. Only grows, so that two answers may come in any order. */
    answers: text('answers', { mode: 'json' }).$type<ActionAnswers>(),
    /** Of a lock that was answered in part and not lifted: when it was made. The index of those has a row for them alone. */
    partlySince: integer('partly_since'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.lockId] })],
)

export const holds = sqliteTable(
  'holds',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    holdId: text('hold_id').notNull(),
    reason: text('reason').$type<StoredReason>().notNull(),
    startedAt: integer('started_at').notNull(),
    until: integer('until').notNull(),
    /** Of the login or activity that began it; null of one that the owner planned. */
    alertId: text('alert_id'),
    /** An activity's kind; what of a login was new, as `device country network`; `owner`. */
    cause: text('cause').notNull(),
    /** Alert → mark → day, of logins that were not recognised since it began: known only once the owner releases it. */
    pendingMarks: text('pending_marks', { mode: 'json' }).$type<
      Readonly<Record<string, Readonly<Record<string, number>>>>
    >(),
    liftedAt: integer('lifted_at'),
    liftReason: text('lift_reason'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.holdId] })],
)

/** Asked for by the exchange and due later: one for each hold, so that none is asked for twice. */
export const holdLifts = sqliteTable(
  'hold_lifts',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    /** Of a lock's hold, the lock's id. */
    holdId: text('hold_id').notNull(),
    /** Of the request, which may have named several holds: random, in the link that stops it. */
    requestNumber: integer('request_number').notNull(),
    reason: text('reason').notNull(),
    askedAt: integer('asked_at').notNull(),
    dueAt: integer('due_at').notNull(),
    /** Null while it waits; `done` also where the hold was over by then. */
    ended: text('ended').$type<'stopped' | 'done'>(),
    endedAt: integer('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.holdId] })],
)

/** The account's own card; there is none after it was revoked, and another takes its place. */
export const lockCards = sqliteTable(
  'lock_cards',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    /** Random: a card of an account that was erased and imported anew is none of that one. */
    cardNumber: integer('card_number').notNull(),
    issuedAt: integer('issued_at').notNull(),
    /** Of the key that signed it: once that is out of the list, the card on paper is worth nothing. */
    keyName: text('key_name').notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)

export const lockContacts = sqliteTable(
  'lock_contacts',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    contactId: text('contact_id').notNull(),
    /** As a number of the account's is: notices go to it. */
    phoneSealed: text('phone_sealed').notNull(),
    phoneTag: text('phone_tag').notNull(),
    wordSealed: text('word_sealed').notNull(),
    /** Until it is proven, of its code; since then, of wrong words. */
    tries: integer('tries').notNull().default(0),
    askedAt: integer('asked_at').notNull(),
    /** Of the code; null once it was typed. */
    expiresAt: integer('expires_at'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)
