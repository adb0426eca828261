// What is kept of a login: its session, its alert and every attempt in one row; the marks of its account; and ends that
// overtook their login. An activity that is no login is a row like it, since it is told by the same numbers, links and codes.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import type { ReservedKind } from '../place/reserved-range.ts'
import type { ActivityKind } from '../words/activity-words.ts'
import { attemptList } from './attempt-codec.ts'
import type { AlertState, PushNote, SessionEnd, SuppressionReason } from './state.ts'

/** A login, its session and its alert are one row: one row read shows all of it. */
export const logins = sqliteTable(
  'logins',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    /** 1, 2, 3 … per account, every login. */
    seq: integer('seq').notNull(),
    alertId: text('alert_id').notNull(),
    sessionId: text('session_id').notNull(),
    occurredAt: integer('occurred_at').notNull(),
    receivedAt: integer('received_at').notNull(),
    country: text('country'),
    city: text('city'),
    hosting: text('hosting'),
    reserved: text('reserved').$type<ReservedKind>(),
    ipTail: text('ip_tail').notNull(),
    browser: text('browser'),
    os: text('os'),
    deviceName: text('device_name'),
    locale: text('locale'),
    isParallel: integer('is_parallel', { mode: 'boolean' }).notNull(),
    sessionExpiresAt: integer('session_expires_at'),
    sessionEndedAt: integer('session_ended_at'),
    sessionEnd: text('session_end').$type<SessionEnd>(),
    /** Sequences of the sessions that were live then, its own included: the next login looks there. 0 stands for more of them. */
    liveSeqs: text('live_seqs', { mode: 'json' }).$type<readonly number[]>().notNull(),
    /** 1, 2, 3 … per account, only logins that are to be told; null when suppressed. */
    alertNumber: integer('alert_number'),
    /** The account's alerts up to and including this login: the next number, without an account write. */
    alertCount: integer('alert_count').notNull(),
    state: text('state').$type<AlertState>().notNull(),
    suppressionReason: text('suppression_reason').$type<SuppressionReason>(),
    /** 1 while the sweep must look at it; the partial index holds only these. */
    isOpen: integer('is_open', { mode: 'boolean' }).notNull(),
    leaseUntil: integer('lease_until'),
    wave: integer('wave').notNull().default(1),
    version: integer('version').notNull().default(0),
    attempts: attemptList('attempts').notNull(),
    /** Of former deployments: read where the account has no row of its own marks yet, written no more. */
    knownMarks: text('known_marks', { mode: 'json' })
      .$type<Readonly<Record<string, number>>>()
      .notNull()
      .default({}),
    /** Device, country and network were all known. */
    isFamiliar: integer('is_familiar', { mode: 'boolean' }).notNull().default(false),
    /** Sequence of the login whose SMS tells of this one; its own for the one that tells of others. */
    mergedInto: integer('merged_into'),
    /** The owner said "it was me", with a passkey. */
    confirmedAt: integer('confirmed_at'),
    pushes: text('pushes', { mode: 'json' }).$type<readonly PushNote[]>().notNull().default([]),
    /** The token of who stored the row or claimed it last: while the lease runs, of its holder. */
    claim: text('claim'),
    /** SMS of one login alone in the account's day, from midnight UTC, up to and including this login's. */
    alertsToday: integer('alerts_today').notNull().default(0),
    /** Sequence of the newest login whose SMS tells of others, up to and including this one. */
    carrierSeq: integer('carrier_seq'),
    /** The account had not been seen in the login's country. */
    isNewCountry: integer('is_new_country', { mode: 'boolean' }).notNull().default(false),
    /** Which trace of the exchange's its webhook belongs to: see lib/trace.ts. */
    trace: text('trace'),
    /** Nor on its device, of which something was known. */
    isNewDevice: integer('is_new_device', { mode: 'boolean' }).notNull().default(false),
    /** Until when it began a hold; null where it began none. */
    holdUntil: integer('hold_until'),
    /** What this row is where it is no login: see activity.ts. Nothing that asks for logins or sessions may find it. */
    activity: text('activity').$type<ActivityKind>(),
    /** What the exchange called it, where that is no kind of ours. */
    activityAsSent: text('activity_as_sent'),
    /** What the exchange says of it: only shown. */
    detail: text('detail'),
    /** Of an activity: the sequence of the newest login before it; null where there was none. */
    loginSeq: integer('login_seq'),
    /** What the kinds have used up of the day so far, as insert-activity.ts has it; null for nothing. */
    activitiesToday: text('activities_today'),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.seq] })],
)

/** By what the account's next login is recognised: one row per account, however many logins. */
export const knownMarks = sqliteTable(
  'known_marks',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    /** Mark → the day it was last seen, counted from 1970. */
    marks: text('marks', { mode: 'json' }).$type<Readonly<Record<string, number>>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)

/** Activities beyond what is told and kept of one kind: that they came, and no more. */
export const countedActivities = sqliteTable(
  'counted_activities',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    alertId: text('alert_id').notNull(),
    activity: text('activity').$type<ActivityKind>().notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.alertId] })],
)

/** Ends of sessions whose login has not come yet: webhooks may overtake each other. */
export const earlySessionEnds = sqliteTable(
  'early_session_ends',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    sessionId: text('session_id').notNull(),
    endedAt: integer('ended_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.sessionId] })],
)
