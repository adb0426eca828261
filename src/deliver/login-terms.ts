// On what terms a login is stored, as the settings have them: the same where it comes and where the queue brings it.

import { keyNames } from '../lib/derived-key.ts'
import { coolingOffMs } from '../lock/hold-settings.ts'
import type { LoginToInsert } from '../login/insert-login.ts'
import type { DeliverContext } from './deliver-context.ts'

type LoginTerms = Pick<
  LoginToInsert,
  'alertsPerWindow' | 'alertsPerDay' | 'alertsLeast' | 'coolingOffMs' | 'keyNames'
>

export async function loginTerms(config: DeliverContext['config']): Promise<LoginTerms> {
  return {
    alertsPerWindow: config.alertsPerWindow,
    alertsPerDay: config.alertsPerDay,
    alertsLeast: config.profile.alerts,
    coolingOffMs: coolingOffMs(config),
    keyNames: await keyNames(config.dataKeys),
  }
}
