// What is kept of an account: its number, secrets and preferences, the number being bound, its passkeys.

import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { slotColumn } from '../lib/slot.ts'
import type { FormerPhone } from './former-phone-list.ts'

/**
 * The database has three columns more, `former_phone_sealed`, `…_until` and `…_tag`: emptied by migration 0017, which moved them into
 * `former_phones`, and named nowhere since. They cannot go yet: a deployment names each column it knows in every read, so
 * one that is dropped while the version before still answers would fail all its reads of accounts. A migration of a later
 * release may drop them.
 */
export const accounts = sqliteTable(
  'accounts',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
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
    /** Until when `phoneState` counts; null for a STOP of the owner's, which does not run out. */
    phoneStateUntil: integer('phone_state_until'),
    /** 1 while only a lock or a visit has made the row: its id may be a mistake of somebody's. */
    unseen: integer('unseen').notNull().default(0),
    /** The numbers before this one, each of which gets every alert until its time; see former-phone.ts. */
    formerPhones: text('former_phones', { mode: 'json' }).$type<readonly FormerPhone[]>(),
    /** When the number became the account's; null in rows of former deployments: with the account. */
    phoneSince: integer('phone_since'),
    /** When the authenticator's secret became the account's; null without one, and of one from before this was kept. */
    totpSince: integer('totp_since'),
    /** When a passkey was removed last; null of one that never was. */
    passkeyLostAt: integer('passkey_lost_at'),
    /** 1: only the owner's passkey ends a hold early, whatever the policy. */
    ownerLifts: integer('owner_lifts').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)

/**
 * The number that is being bound, until its code is typed; the code is derived from the binding's id. A code that proves
 * the number there is already stands here too, under an id of another kind (see proof-codes.ts).
 */
export const phoneBindings = sqliteTable(
  'phone_bindings',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    bindingId: text('binding_id').notNull(),
    phoneSealed: text('phone_sealed').notNull(),
    phoneTag: text('phone_tag').notNull(),
    startedAt: integer('started_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    tries: integer('tries').notNull().default(0),
    codesSentAt: text('codes_sent_at', { mode: 'json' }).$type<readonly number[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId] })],
)

export const passkeys = sqliteTable(
  'passkeys',
  {
    slot: slotColumn(),
    accountId: text('account_id').notNull(),
    credentialId: text('credential_id').notNull(),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    signCount: integer('sign_count').notNull(),
    transports: text('transports', { mode: 'json' }).$type<readonly string[]>().notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    /** 1 where its device names it by itself: such a one locks without a link. */
    isDiscoverable: integer('is_discoverable').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.slot, table.accountId, table.credentialId] })],
)
