// What the statement that stores a login or an activity has to know of the account's holds before it runs.

import { erasedScopes } from '../guard/erased-scope.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { LoginToInsert } from '../login/insert-login.ts'
import { type CoolingOffConfig, coolingOffMs } from './hold-settings.ts'

export type HoldTerms = Pick<LoginToInsert, 'coolingOffMs' | 'erasedScopes'>

/** Where nothing holds, nobody asks whether the account was erased before. */
export async function holdTerms(
  config: CoolingOffConfig & { readonly dataKeys: SealKeys },
  accountId: string,
): Promise<HoldTerms> {
  const ms = coolingOffMs(config)
  const scopes = ms > 0 ? await erasedScopes(config.dataKeys, accountId) : []
  return { coolingOffMs: ms, erasedScopes: scopes }
}
