// How often the answers of passkeys are checked for one account from one place of the network, whichever link they come by. Nobody
// guesses a signature: this bounds what checking them costs. By place, since whoever reads the owner's SMS has the link too,
// and would use up the owner's tries.

import { TIMES_PER_48 } from '../guard/address-limits.ts'
import { countPlaceTry, placeOfTry } from '../guard/address-tries.ts'
import { HOUR_MS } from '../lib/time.ts'
import type { LockContext } from './lock-context.ts'

const TRIES_PER_HOUR = 20
/** Of one place, whichever accounts'. */
const TRIES_PER_PLACE_AND_HOUR = 60

const LIMITS = {
  kind: 'passkey-confirm',
  perSubject: TRIES_PER_HOUR,
  perPlace: TRIES_PER_PLACE_AND_HOUR,
  perWidePlace: TRIES_PER_PLACE_AND_HOUR * TIMES_PER_48,
  windowMs: HOUR_MS,
} as const

/** `ip` as the platform says it. */
export async function countPasskeyTry(
  { config, db, now }: LockContext,
  { accountId, ip }: { readonly accountId: string; readonly ip: string },
) {
  const place = await placeOfTry(config.dataKeys, LIMITS.kind, ip, accountId)
  return countPlaceTry(db, place, LIMITS, now())
}
