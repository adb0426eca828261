// Every queue message. A body is unknown until parsed here: a producer may be an older deployment.
// The D1 row is the truth and the message a nudge, except `login`, `session_end` and `lock`: those
// carry what D1 could not take, and are the truth until it can.

import * as v from 'valibot'

const AccountId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,64}$/))
const Text = v.nullable(v.string())

/** A login as it is stored: the full address and user agent are already gone. */
export const LoginFactsSchema = v.object({
  alertId: v.string(),
  accountId: AccountId,
  sessionId: v.string(),
  occurredAt: v.number(),
  receivedAt: v.number(),
  country: Text,
  city: Text,
  hosting: Text,
  reserved: v.nullable(
    v.picklist([
      'private',
      'loopback',
      'link_local',
      'carrier_nat',
      'documentation',
      'multicast',
      'reserved',
    ]),
  ),
  ipTail: v.string(),
  browser: Text,
  os: Text,
  deviceName: Text,
  locale: Text,
  sessionExpiresAt: v.nullable(v.number()),
  // Absent in a login that an older deployment put into the queue: then nothing is known of it.
  deviceMark: v.optional(v.nullable(v.string()), null),
  networkMark: v.optional(v.nullable(v.string()), null),
})
export type LoginFacts = v.InferOutput<typeof LoginFactsSchema>

const SessionEndSchema = v.object({
  accountId: AccountId,
  sessionId: v.string(),
  endedAt: v.number(),
})
export type SessionEndFacts = v.InferOutput<typeof SessionEndSchema>

const AlertJobSchema = v.variant('kind', [
  v.object({ kind: v.literal('deliver'), accountId: AccountId, alertId: v.string() }),
  v.object({ kind: v.literal('push'), accountId: AccountId, alertId: v.string() }),
  v.object({ kind: v.literal('notice'), accountId: AccountId, noticeId: v.string() }),
  v.object({ kind: v.literal('login'), login: LoginFactsSchema }),
  v.object({ kind: v.literal('session_end'), session: SessionEndSchema }),
])
/** What goes through ALERTS. */
export type AlertJob = v.InferOutput<typeof AlertJobSchema>

const CallbackJobSchema = v.variant('kind', [
  v.object({ kind: v.literal('callback'), accountId: AccountId, callbackId: v.string() }),
  v.object({
    kind: v.literal('lock'),
    accountId: AccountId,
    alertNumber: v.number(),
    expiresAtSeconds: v.number(),
    lockedAt: v.number(),
  }),
])
/** What goes through CALLBACKS. */
export type CallbackJob = v.InferOutput<typeof CallbackJobSchema>

export function parseAlertJob(body: unknown): AlertJob | null {
  const parsed = v.safeParse(AlertJobSchema, body)
  return parsed.success ? parsed.output : null
}

export function parseCallbackJob(body: unknown): CallbackJob | null {
  const parsed = v.safeParse(CallbackJobSchema, body)
  return parsed.success ? parsed.output : null
}
