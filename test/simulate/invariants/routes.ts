// Who is asked first.

import { lastHistories } from '../ledger.ts'
import { callsOf } from './alerts.ts'
import type { Invariant } from './invariant.ts'

export const theFirstComesBack: Invariant = {
  name: 'the-first-comes-back',
  why: 'distrust ends: minutes after its trouble, the provider the operator prefers is asked first again',
  check: (ledger) => {
    const [preferred] = ledger.providers
    return ledger.logins.flatMap((login) => {
      const shown = lastHistories(ledger)
        .get(login.accountId)
        ?.logins.find(({ alertId }) => alertId === login.alertId)
      const [first] = login.isCalm ? callsOf(ledger, login.accountId, shown?.number ?? null) : []
      if (!first || first.provider === preferred) return []
      const what = `${login.webhookId} was given to ${first.provider} and not to ${preferred}`
      return [{ subject: `call ${first.id} `, what, at: first.at }]
    })
  },
}
