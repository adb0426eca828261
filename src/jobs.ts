// Every queue message. A body is unknown until parsed here: a producer may be an older deployment.
// The D1 row is the truth and the message a nudge, except `login`, `activity`, `session_end`, `outcome` and all kinds of `lock`: those
// carry what D1 could not take, and are the truth until it can.

import * as v from 'valibot'
import { AccountIdSchema } from './lib/fields.ts'
import { HOME } from './lib/slot-guard.ts'
import { ActivityFactsSchema } from './login/activity-facts.ts'
import { LoginFactsSchema, SessionEndSchema } from './login/login-facts.ts'
import { ProviderNameSchema } from './sms/registry.ts'

const DeliverSchema = v.object({
  kind: v.literal('deliver'),
  accountId: AccountIdSchema,
  alertId: v.string(),
})

const AlertJobSchema = v.variant('kind', [
  DeliverSchema,
  v.object({ kind: v.literal('push'), accountId: AccountIdSchema, alertId: v.string() }),
  v.object({ kind: v.literal('notice'), accountId: AccountIdSchema, noticeId: v.string() }),
  v.object({
    kind: v.literal('login'),
    login: LoginFactsSchema,
    // Of who put it here and has let go of it, should D1 have stored it after all.
    claim: v.exactOptional(v.string()),
  }),
  v.object({ kind: v.literal('session_end'), session: SessionEndSchema }),
  // Not a login with a field more: a former deployment would store it as one.
  v.object({
    kind: v.literal('activity'),
    activity: ActivityFactsSchema,
    claim: v.exactOptional(v.string()),
  }),
  v.object({
    kind: v.literal('outcome'),
    accountId: AccountIdSchema,
    alertId: v.string(),
    /** What a round came to: see deliver/outcome.ts. */
    sealed: v.string(),
  }),
])
/** What goes through ALERTS: work to do now, or when a retry is due. */
export type AlertJob = v.InferOutput<typeof AlertJobSchema>

/** What goes through NET: look at this alert once its lease has run out, or its receipt is missing. */
export type NetJob = v.InferOutput<typeof DeliverSchema>

/** Keyed hashes: see guard/address-tries.ts. */
const PlaceOfTrySchema = v.object({ wide: v.string(), narrow: v.string(), scope: v.string() })

/** Nothing but keyed hashes, and a code that is nothing without its number: see lock/code-lock.ts. */
const CodeTrySchema = v.object({
  tags: v.pipe(v.array(v.string()), v.readonly()),
  code: v.string(),
  counted: v.variant('via', [
    v.object({ via: v.literal('reply'), scope: v.string() }),
    v.object({
      via: v.literal('code'),
      place: PlaceOfTrySchema,
    }),
  ]),
  triedAt: v.number(),
})

const CallbackJobSchema = v.variant('kind', [
  v.object({ kind: v.literal('callback'), accountId: AccountIdSchema, callbackId: v.string() }),
  v.object({
    kind: v.literal('lock'),
    accountId: AccountIdSchema,
    alertNumber: v.number(),
    expiresAtSeconds: v.number(),
    lockedAt: v.number(),
  }),
  v.object({ kind: v.literal('lock_by_code'), attempt: CodeTrySchema }),
  v.object({
    kind: v.literal('lock_by_reply'),
    attempt: CodeTrySchema,
    provider: ProviderNameSchema,
    providerMessageId: v.string(),
  }),
  v.object({
    kind: v.literal('lock_by_visit'),
    accountId: AccountIdSchema,
    visitId: v.string(),
    /** A keyed hash of the cookie's secret; and those under older keys, absent in messages of former deployments. */
    secretTag: v.string(),
    olderSecretTags: v.optional(v.pipe(v.array(v.string()), v.readonly()), []),
    lockId: v.string(),
    lockedAt: v.number(),
  }),
  v.object({
    kind: v.literal('lock_by_api'),
    accountId: AccountIdSchema,
    lockId: v.string(),
    lockedAt: v.number(),
    /** The short hash of who asked; absent in messages of former deployments. */
    key: v.optional(v.string()),
  }),
  v.object({
    kind: v.literal('lock_by_card'),
    accountId: AccountIdSchema,
    cardNumber: v.number(),
    issuedAtSeconds: v.number(),
    lockId: v.string(),
    lockedAt: v.number(),
  }),
  v.object({
    kind: v.literal('lock_by_passkey'),
    /** The browser's answer, unverified, and the challenge that we had asked for. */
    credential: v.string(),
    challenge: v.string(),
    place: PlaceOfTrySchema,
    triedAt: v.number(),
  }),
  v.object({
    kind: v.literal('lock_by_contact'),
    tags: v.pipe(v.array(v.string()), v.readonly()),
    /** As it was typed, folded; nothing without the number. */
    word: v.string(),
    provider: ProviderNameSchema,
    providerMessageId: v.string(),
    triedAt: v.number(),
  }),
])
/** What goes through CALLBACKS. */
export type CallbackJob = v.InferOutput<typeof CallbackJobSchema>

/** `shard`: the binding of the database that is swept; messages of former deployments know of one alone. */
const sweepFields = { startedAt: v.number(), shard: v.optional(v.string(), HOME) }
/** `after`: where the page before ended; null for the first page. */
const SweepJobSchema = v.variant('kind', [
  v.object({
    kind: v.literal('alerts'),
    after: v.nullable(v.object({ receivedAt: v.number(), accountId: v.string(), seq: v.number() })),
    ...sweepFields,
  }),
  v.object({
    kind: v.literal('notices'),
    after: v.nullable(
      v.object({ createdAt: v.number(), accountId: v.string(), noticeId: v.string() }),
    ),
    ...sweepFields,
  }),
  v.object({
    kind: v.literal('callbacks'),
    after: v.nullable(
      v.object({ createdAt: v.number(), accountId: v.string(), callbackId: v.string() }),
    ),
    ...sweepFields,
  }),
  v.object({
    kind: v.literal('lifts'),
    after: v.nullable(v.object({ dueAt: v.number(), accountId: v.string(), holdId: v.string() })),
    ...sweepFields,
  }),
  v.object({ kind: v.literal('retention'), ...sweepFields }),
  v.object({ kind: v.literal('slots'), ...sweepFields }),
  v.object({ kind: v.literal('keys'), ...sweepFields }),
  /** `after`: the slot that the page before was done with; -1 for the first. */
  v.object({ kind: v.literal('leftovers'), after: v.number(), ...sweepFields }),
  /** To be told of: it was opened or closed. */
  v.object({ kind: v.literal('incident'), incidentId: v.string() }),
  /** D1 did not take it: the truth until it can. */
  v.object({
    kind: v.literal('unstored_incident'),
    incidentId: v.string(),
    incidentKind: v.string(),
    scope: v.string(),
    openedAt: v.number(),
    evidence: v.string(),
    /** Posted and taken already. */
    isTold: v.optional(v.boolean()),
  }),
])
/** What goes through SWEEP: one page of one part of a sweep that began at `startedAt`, or an incident. */
export type SweepJob = v.InferOutput<typeof SweepJobSchema>

/** A message as it came, and the job that was in it. */
export type Queued<Job> = { readonly message: Message<unknown>; readonly job: Job }

export function parseAlertJob(body: unknown): AlertJob | null {
  const parsed = v.safeParse(AlertJobSchema, body)
  return parsed.success ? parsed.output : null
}

export function parseNetJob(body: unknown): NetJob | null {
  const parsed = v.safeParse(DeliverSchema, body)
  return parsed.success ? parsed.output : null
}

export function parseCallbackJob(body: unknown): CallbackJob | null {
  const parsed = v.safeParse(CallbackJobSchema, body)
  return parsed.success ? parsed.output : null
}

export function parseSweepJob(body: unknown): SweepJob | null {
  const parsed = v.safeParse(SweepJobSchema, body)
  return parsed.success ? parsed.output : null
}
