// Under what an erasure is remembered for the entry links from before it: a keyed hash, which says of nobody that he was here.

import { limitScope } from '../../guard/limits.ts'
import type { SealKeys } from '../../lib/seal.ts'

export function erasedScope(keys: SealKeys, accountId: string): Promise<string> {
  return limitScope(keys, 'erased', accountId)
}
