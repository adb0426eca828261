// What makes a passkey's answer worth something once: a random text that only we can have asked for, for one
// purpose, for five minutes. It travels through the page, sealed; nothing is stored.

import * as v from 'valibot'
import { parseJson } from '../lib/json.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { MINUTE_MS } from '../lib/time.ts'

/** As long as the browser asks: somebody may have to find their key first. */
export const CHALLENGE_LIFETIME_MS = 5 * MINUTE_MS

const ChallengeSchema = v.object({ challenge: v.string(), expiresAt: v.number() })

function sealPurpose(purpose: string): SealPurpose {
  return { use: 'passkey-challenge', context: purpose }
}

/** `purpose` names all that the answer may be used for; `challenge` in base64url, as the browser gets it. */
export function sealChallenge(
  random: Ports['randomBytes'],
  keys: SealKeys,
  purpose: string,
  challenge: string,
  now: number,
): Promise<string> {
  const expiresAt = now + CHALLENGE_LIFETIME_MS
  return seal(random, keys, sealPurpose(purpose), JSON.stringify({ challenge, expiresAt }))
}

export type OpenChallenge = v.InferOutput<typeof ChallengeSchema>

/** Null for one that is forged, of another purpose, or too old. */
export async function openChallenge(
  keys: SealKeys,
  purpose: string,
  sealed: string,
  now: number,
): Promise<string | null> {
  return (await openWholeChallenge(keys, purpose, sealed, now))?.challenge ?? null
}

/** With the instant until which it counts. */
export async function openWholeChallenge(
  keys: SealKeys,
  purpose: string,
  sealed: string,
  now: number,
): Promise<OpenChallenge | null> {
  const text = await open(keys, sealPurpose(purpose), sealed)
  const read = v.safeParse(ChallengeSchema, parseJson(text ?? ''))
  return read.success && read.output.expiresAt > now ? read.output : null
}
