// What an owner or the exchange said once and must not have to say again.

import { lastHistories } from '../ledger.ts'
import { callsOf } from './alerts.ts'
import type { Invariant } from './invariant.ts'

export const stopIsKept: Invariant = {
  name: 'stop-is-kept',
  why: 'an opt-out is never dodged: after a STOP that we took, no later login is sent to that phone',
  check: (ledger) =>
    ledger.logins.flatMap((login) => {
      const account = ledger.accounts.get(login.accountId)
      const isStopped = account?.stops.some(
        ({ answeredAt }) => answeredAt !== null && answeredAt < login.occurredAt,
      )
      if (!isStopped) return []
      const shown = lastHistories(ledger)
        .get(login.accountId)
        ?.logins.find(({ alertId }) => alertId === login.alertId)
      const [call] = callsOf(ledger, login.accountId, shown?.number ?? null)
      if (!call) return []
      const what = `${login.webhookId} was sent to ${login.accountId} after its STOP`
      return [{ subject: login.alertId ?? login.webhookId, what, at: call.at }]
    }),
}

export const oneWebhookOneAlert: Invariant = {
  name: 'one-webhook-one-alert',
  why: 'the exchange repeats a webhook until it hears 202: each repetition is the same alert',
  check: (ledger) =>
    ledger.logins
      .filter(({ otherIds }) => otherIds.length > 0)
      .map(({ webhookId, alertId, otherIds }) => ({
        subject: otherIds[0] ?? webhookId,
        what: `${webhookId} is ${alertId} and ${otherIds.join(' and ')}`,
      })),
}
