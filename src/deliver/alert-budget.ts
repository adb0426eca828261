// The account's daily budget of alert SMS, told to the exchange when it is spent: who logs in so often is a machine, and
// the exchange can do what we cannot. What goes out alone is decided where the login is stored (login/insert-login.ts).

import type { NudgeContext } from '../exchange/exchange-context.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement, type NewCallback } from '../exchange/outbox.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import type { Ports } from '../lib/ports.ts'
import type { DbOf } from '../lib/shards.ts'
import { DAY_MS, formatInstant } from '../lib/time.ts'
import type { Login } from '../login/login.ts'

type BudgetContext = NudgeContext &
  Pick<Ports, 'now'> & {
    readonly dbOf: DbOf
    readonly config: { readonly alertsPerDay: number }
  }

type Spender = Pick<
  Login,
  'accountId' | 'seq' | 'alertId' | 'receivedAt' | 'alertsToday' | 'mergedInto' | 'activity'
>

/** True for the one SMS of a day that leaves nothing of the budget, and for those that gather what comes after it. */
export function isBudgetNews(login: Spender, alertsPerDay: number): boolean {
  // An activity's row carries the logins' budget on, and takes nothing from it.
  if (login.activity !== null) return false
  if (login.mergedInto === null) return login.alertsToday === alertsPerDay
  return login.mergedInto === login.seq && login.alertsToday >= alertsPerDay
}

/** Once a day, however often it is asked; the next SMS that gathers others asks again. Never throws. */
export async function tellBudgetUsed(context: BudgetContext, login: Spender): Promise<void> {
  const { config } = context
  try {
    const callback = await budgetCallback(login, config.alertsPerDay)
    const told = await insertCallbackStatement(
      context.dbOf(login.accountId),
      callback,
      context.now(),
    )
    if (told.meta.changes === 0) return
    logInfo('alert.budget_used', { alert_id: login.alertId, alerts: config.alertsPerDay })
    await nudgeCallback(context, login.accountId, callback.callbackId)
  } catch (error) {
    logError('request.failed', { alert_id: login.alertId, ...errorFields(error) })
  }
}

async function budgetCallback(
  { accountId, alertId, receivedAt }: Spender,
  alertsPerDay: number,
): Promise<NewCallback> {
  const dayAt = receivedAt - (receivedAt % DAY_MS)
  return {
    accountId,
    callbackId: await deriveId('cbk', 'alert.budget_used', accountId, String(dayAt)),
    type: 'alert.budget_used',
    data: {
      account_id: accountId,
      alert_id: alertId,
      alerts: alertsPerDay,
      resumes_at: formatInstant(dayAt + DAY_MS),
    },
  }
}
