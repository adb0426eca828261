// How often the answers of passkeys are checked for one account, whichever link they come by. Nobody guesses a signature:
// this bounds what checking them costs.

import { countTry, limitScope } from '../guard/limits.ts'
import { HOUR_MS } from '../lib/time.ts'
import type { LockContext } from './lock-context.ts'

const TRIES_PER_HOUR = 20

export async function countPasskeyTry({ config, dbOf, now }: LockContext, accountId: string) {
  const scope = await limitScope(config.dataKeys, 'confirm-account', accountId)
  return countTry(dbOf(accountId), [{ scope, max: TRIES_PER_HOUR, windowMs: HOUR_MS }], now())
}
