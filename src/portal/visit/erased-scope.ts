// Under what an erasure is remembered for the entry links from before it: a keyed hash, which says of nobody that he was here.

import { limitScopes } from '../../guard/limits.ts'
import type { SealKeys } from '../../lib/seal.ts'

/** Remembered under the first; looked for under all. */
export function erasedScopes(
  keys: SealKeys,
  accountId: string,
): Promise<readonly [string, ...string[]]> {
  return limitScopes(keys, 'erased', accountId)
}
