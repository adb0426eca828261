// The page of a lock that has no link of its own: its address names account and lock, sealed. It shows and does nothing, and
// says nothing to whoever finds it later.

import * as v from 'valibot'
import { AccountIdSchema } from '../lib/fields.ts'
import { parseJson } from '../lib/json.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { DAY_MS } from '../lib/time.ts'

/** A hold of a day, and as long to look at what became of it. */
const REF_LIFETIME_MS = 2 * DAY_MS

/** Of the longest account id, and some room. */
const REF_MAX_LENGTH = 400

const PURPOSE: SealPurpose = { use: 'lock-status', context: 'lock-status' }

const RefSchema = v.object({
  accountId: AccountIdSchema,
  lockId: v.string(),
  expiresAt: v.number(),
})

export type StatusRef = { readonly accountId: string; readonly lockId: string }

export function sealStatusRef(
  random: Ports['randomBytes'],
  keys: SealKeys,
  { accountId, lockId }: StatusRef,
  now: number,
): Promise<string> {
  const expiresAt = now + REF_LIFETIME_MS
  return seal(random, keys, PURPOSE, JSON.stringify({ accountId, lockId, expiresAt }))
}

/** Null for one that is forged, or of a lock that nobody looks at any more. */
export async function openStatusRef(
  keys: SealKeys,
  ref: string,
  now: number,
): Promise<StatusRef | null> {
  if (ref.length > REF_MAX_LENGTH) return null
  const read = v.safeParse(RefSchema, parseJson((await open(keys, PURPOSE, ref)) ?? ''))
  return read.success && read.output.expiresAt > now ? read.output : null
}
