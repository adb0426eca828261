// Every D1 table, on one page. Each is clustered on the account it belongs to and WITHOUT ROWID,
// because D1 bills rows and every extra index is one more row written. docs/storage.md says why
// each exists, how long it is kept and what in it is sealed or masked.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { CallbackState, CallbackType } from './exchange/callback.ts'
import type { LockVia } from './lock/hold.ts'
import type { Attempt } from './login/attempt.ts'
import type { AlertState, PushNote, SessionEnd, SuppressionReason } from './login/state.ts'
import type { NoticeKind, NoticeState } from './notice/notice-kind.ts'
import type { ReservedKind } from './place/reserved-range.ts'
import type { RouteWeight } from './routing/decide-weights.ts'
import type { SampleCell } from './routing/route-samples.ts'
import type { ProviderName } from './sms/provider.ts'

export const accounts = sqliteTable('accounts', {
  accountId: text('account_id').primaryKey(),
  phoneSealed: text('phone_sealed'),
  phoneState: text('phone_state').$type<'ok' | 'invalid' | 'opted_out'>().notNull().default('ok'),
  phoneStateCode: text('phone_state_code'),
  locale: text('locale'),
  alerts: text('alerts').$type<'all' | 'unusual' | 'off'>().notNull().default('all'),
  phraseSealed: text('phrase_sealed'),
  totpSealed: text('totp_sealed'),
  holdUntil: integer('hold_until'),
  holdLockId: text('hold_lock_id'),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
  /** Keyed hash of the number, so that a reply finds its account; null without a number. */
  phoneTag: text('phone_tag'),
  /** Of the last TOTP code that was used: none counts twice. */
  totpLastStep: integer('totp_last_step'),
  /** The number before this one, which gets every alert until then. */
  formerPhoneSealed: text('former_phone_sealed'),
  formerPhoneUntil: integer('former_phone_until'),
})

/** A login, its session and its alert are one row: one row read shows all of it. */
export const logins = sqliteTable(
  'logins',
  {
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
    /** Sequences of the sessions that were live then, its own included: the next login looks there. */
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
    attempts: text('attempts', { mode: 'json' }).$type<readonly Attempt[]>().notNull(),
    /** Mark → when it was last seen: what the next login is compared with. */
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
  },
  (table) => [primaryKey({ columns: [table.accountId, table.seq] })],
)

export const locks = sqliteTable(
  'locks',
  {
    accountId: text('account_id').notNull(),
    lockId: text('lock_id').notNull(),
    alertId: text('alert_id'),
    via: text('via').$type<LockVia>().notNull(),
    lockedAt: integer('locked_at').notNull(),
    holdUntil: integer('hold_until').notNull(),
    liftedAt: integer('lifted_at'),
    liftReason: text('lift_reason'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.lockId] })],
)

/** Ends of sessions whose login has not come yet: webhooks may overtake each other. */
export const earlySessionEnds = sqliteTable(
  'early_session_ends',
  {
    accountId: text('account_id').notNull(),
    sessionId: text('session_id').notNull(),
    endedAt: integer('ended_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.sessionId] })],
)

/** The outbox: a callback is written in the batch of the act it reports. */
export const callbacks = sqliteTable(
  'callbacks',
  {
    accountId: text('account_id').notNull(),
    callbackId: text('callback_id').notNull(),
    type: text('type').$type<CallbackType>().notNull(),
    /** The JSON text exactly as it is signed and sent. */
    body: text('body').notNull(),
    state: text('state').$type<CallbackState>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    leaseUntil: integer('lease_until').notNull().default(0),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    createdAt: integer('created_at').notNull(),
    confirmedAt: integer('confirmed_at'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.callbackId] })],
)

/** A text that answers the owner: not an alert, and no login stands behind it. */
export const notices = sqliteTable(
  'notices',
  {
    accountId: text('account_id').notNull(),
    noticeId: text('notice_id').notNull(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    /** Of a `locked` notice: the end of the hold. */
    untilAt: integer('until_at'),
    /** Whose number was written to: it answers first. */
    provider: text('provider').$type<ProviderName>(),
    state: text('state').$type<NoticeState>().notNull(),
    attempts: text('attempts', { mode: 'json' }).$type<readonly Attempt[]>().notNull(),
    leaseUntil: integer('lease_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    /** To another number than the account's. */
    phoneSealed: text('phone_sealed'),
    /** What it is about: a login's sequence, a binding. */
    subject: text('subject'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.noticeId] })],
)

/** A visit to the owner's pages; the row is also what makes its entry link work once. */
export const portalVisits = sqliteTable(
  'portal_visits',
  {
    accountId: text('account_id').notNull(),
    visitId: text('visit_id').notNull(),
    /** Keyed hash of the cookie's secret; empty once the owner has left. */
    secretTag: text('secret_tag').notNull(),
    startedAt: integer('started_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** When the exchange, or we, last saw a TOTP code. */
    otpAt: integer('otp_at'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.visitId] })],
)

/** The number that is being bound, until its code is typed; the code is derived from the binding's id. */
export const phoneBindings = sqliteTable('phone_bindings', {
  accountId: text('account_id').primaryKey(),
  bindingId: text('binding_id').notNull(),
  phoneSealed: text('phone_sealed').notNull(),
  phoneTag: text('phone_tag').notNull(),
  startedAt: integer('started_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  tries: integer('tries').notNull().default(0),
  codesSentAt: text('codes_sent_at', { mode: 'json' }).$type<readonly number[]>().notNull(),
})

export const passkeys = sqliteTable(
  'passkeys',
  {
    accountId: text('account_id').notNull(),
    credentialId: text('credential_id').notNull(),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    signCount: integer('sign_count').notNull(),
    transports: text('transports', { mode: 'json' }).$type<readonly string[]>().notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.credentialId] })],
)

export const pushSubscriptions = sqliteTable(
  'push_subscriptions',
  {
    accountId: text('account_id').notNull(),
    subscriptionId: text('subscription_id').notNull(),
    /** Endpoint and keys, sealed: the endpoint names a device. */
    subscriptionSealed: text('subscription_sealed').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    lastAcceptedAt: integer('last_accepted_at'),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.subscriptionId] })],
)

/** One row per provider (or provider and country) whose breaker tripped; no row means closed. */
export const breakers = sqliteTable('breakers', {
  scope: text('scope').primaryKey(),
  openedAt: integer('opened_at').notNull(),
  openUntil: integer('open_until').notNull(),
  probeUntil: integer('probe_until').notNull().default(0),
  trips: integer('trips').notNull(),
  code: text('code').notNull(),
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

/** How far the walk over accounts that forgets old rows has come. */
export const retentionCursor = sqliteTable('retention_cursor', {
  name: text('name').primaryKey(),
  accountId: text('account_id').notNull(),
})
