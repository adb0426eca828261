// On what terms a login is stored, as the settings have them: the same where it comes and where the queue brings it.

import { keyNames } from '../lib/derived-key.ts'
import { type HoldTerms, holdTerms } from '../lock/hold-terms.ts'
import type { LoginToInsert } from '../login/insert-login.ts'
import type { DeliverContext } from './deliver-context.ts'

type LoginTerms = HoldTerms &
  Pick<LoginToInsert, 'alertsPerWindow' | 'alertsPerDay' | 'alertsLeast' | 'keyNames'>

export async function loginTerms(
  config: DeliverContext['config'],
  accountId: string,
): Promise<LoginTerms> {
  return {
    alertsPerWindow: config.alertsPerWindow,
    alertsPerDay: config.alertsPerDay,
    alertsLeast: config.profile.alerts,
    ...(await holdTerms(config, accountId)),
    keyNames: await keyNames(config.dataKeys),
  }
}
