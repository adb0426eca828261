// What a round came to, as plain data: so that whoever is there can write it, this invocation, another one of the
// isolate, or a consumer of the queue. It holds no number and no text, and is sealed where it leaves the isolate.

import * as v from 'valibot'
import { parseJson } from '../lib/json.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import type { Attempt } from '../login/attempt.ts'
import { AttemptSchema } from '../login/attempt-schema.ts'
import type { Login } from '../login/login.ts'
import type { RouteNote } from '../routing/route-notes.ts'

/**
 * Beside how a round over providers ends: `no_number`, the number was taken away before there was a round, or may not be
 * told any more (`opted_out`, `number_invalid`);
 * `unserved`, a rule of its country bars every sender there is;
 * `dead_letter`, the queue's retries are used.
 */
const CONCLUSIONS = [
  'accepted',
  'stopped',
  'rejected',
  'exhausted',
  'no_route',
  'unserved',
  'no_number',
  'opted_out',
  'number_invalid',
  'dead_letter',
] as const

export type FinishedRound = {
  readonly conclusion: (typeof CONCLUSIONS)[number]
  readonly attempts: readonly Attempt[]
  /** Whether the provider that took the message will report what became of it. */
  readonly awaitsReceipt: boolean
}

export type Outcome = FinishedRound & {
  readonly accountId: string
  readonly seq: number
  readonly alertId: string
  /** Under which it was made: whoever has the alert by another one may be at it. */
  readonly claim: string | null
  /** Former numbers that could not be told yet; sealed as they are stored. */
  readonly copiesToSealed: readonly string[]
}

export type OutcomeToWrite = {
  readonly outcome: Outcome
  /** As it was claimed; null where it has to be read first. */
  readonly login: Login | null
  /** Stored with it, and let go of where it has to take the queue. */
  readonly notes: readonly RouteNote[]
}

const OutcomeSchema = v.object({
  accountId: v.string(),
  seq: v.number(),
  alertId: v.string(),
  claim: v.nullable(v.string()),
  conclusion: v.picklist(CONCLUSIONS),
  attempts: v.array(AttemptSchema),
  awaitsReceipt: v.boolean(),
  copiesToSealed: v.optional(v.array(v.string()), []),
})

const purpose = (alertId: string): SealPurpose => ({
  use: 'outcome',
  context: `outcome/${alertId}`,
})

export function sealOutcome(
  random: Ports['randomBytes'],
  keys: SealKeys,
  outcome: Outcome,
): Promise<string> {
  return seal(random, keys, purpose(outcome.alertId), JSON.stringify(outcome))
}

/** Null for what no key opens, or another deployment wrote in another form. */
export async function openOutcome(
  keys: SealKeys,
  alertId: string,
  sealed: string,
): Promise<Outcome | null> {
  const text = await open(keys, purpose(alertId), sealed)
  const parsed = v.safeParse(OutcomeSchema, text === null ? undefined : parseJson(text))
  return parsed.success ? parsed.output : null
}
