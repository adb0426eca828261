// What the exchange is told: signed, about something that happened, and once everything works, confirmed.

import { type CallbackFacts, type Ledger, lastHistories } from '../ledger.ts'
import { callsOf } from './alerts.ts'
import type { Invariant } from './invariant.ts'

export const callbacksWereAskedFor: Invariant = {
  name: 'callbacks-were-asked-for',
  why: 'the exchange acts on what we tell it: nothing may be told that did not happen',
  check: (ledger) =>
    ledger.callbacks.flatMap((callback) => {
      const what = callback.isSigned ? unasked(ledger, callback) : 'is not signed'
      if (what === null) return []
      return [{ subject: callback.accountId, what: `${callback.type} ${what}`, at: callback.at }]
    }),
}

/** Null where the event has its cause; of locks, locks.ts knows. */
function unasked(
  ledger: Ledger,
  { webhookId, type, accountId, data, at }: CallbackFacts,
): string | null {
  const isOf = (act: { readonly accountId: string; readonly at: number }) =>
    act.accountId === accountId && act.at <= at
  switch (type) {
    case 'account.locked':
    // Of holds, holds.ts knows.
    case 'hold.started':
      return null
    case 'protection.changed': {
      const isAsked =
        data.change === 'lift_stopped'
          ? ledger.liftStops.some(isOf)
          : ledger.ways.some((act) => isOf(act) && data.change === WAYS[act.way])
      return isAsked ? null : 'but nobody changed it'
    }
    case 'hold.lifted': {
      const { lifts, releases, signs } = ledger
      const isAsked =
        data.reason === 'owner' ? [...releases, ...signs].some(isOf) : lifts.some(isOf)
      return isAsked ? null : 'but nobody lifted'
    }
    case 'session.confirmed':
      return ledger.releases.some((act) => isOf(act) && act.by === 'passkey')
        ? null
        : 'but nobody confirmed'
    case 'session.revoked': {
      const isRevoked = ledger.revokes.some((act) => isOf(act) && act.sessionId === data.session_id)
      return isRevoked || ledger.locks.some(isOf) ? null : 'but nobody revoked'
    }
    case 'phone.changed':
      return (ledger.accounts.get(accountId)?.stops ?? []).some((stop) => stop.at <= at)
        ? null
        : 'but nobody wrote STOP'
    case 'alert.undelivered': {
      const shown = lastHistories(ledger)
        .get(accountId)
        ?.logins.find(({ alertId }) => alertId === data.alert_id)
      if (shown?.state === 'undelivered') return null
      if (shown?.reason === 'login_too_old' && data.reason === shown.reason) return null
      const toldAt = ledger.callbacks.find((one) => one.webhookId === webhookId)?.at ?? at
      // A receipt of a call whose end was not known may say later that it arrived after all.
      const isLate = callsOf(ledger, accountId, shown?.number ?? null).some(({ receipts }) =>
        receipts.some((receipt) => receipt.answeredAt > toldAt && receipt.step === 'delivered'),
      )
      return isLate ? null : `but the alert is ${shown?.state ?? 'unknown'}`
    }
    case 'alert.budget_used':
      // An account of a simulated exchange may well log in so often.
      return null
    default:
      return 'is an event nobody could have caused'
  }
}

const WAYS = { card: 'card_made', contact: 'contact_added' } as const

export const everyCallbackIsConfirmed: Invariant = {
  name: 'every-callback-is-confirmed',
  why: 'what the exchange answered with an error comes again until it says yes; only 410 ends it, and never a lock',
  check: (ledger) =>
    unconfirmed(ledger).map(({ webhookId, type, accountId, at }) => {
      const tries = ledger.callbacks.filter((callback) => callback.webhookId === webhookId)
      const minutes = Math.ceil(((tries.at(-1)?.at ?? at) - at) / 60_000)
      const how = `in ${tries.length} tries within ${minutes} minutes`
      return { subject: webhookId, what: `${type} of ${accountId} was never confirmed ${how}` }
    }),
}

export function isConfirming(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}

/** The first delivery of each that the exchange has not said yes to, and may still say it. */
export function unconfirmed(ledger: Ledger): readonly CallbackFacts[] {
  const byId = Map.groupBy(ledger.callbacks, ({ webhookId }) => webhookId)
  return [...byId.values()].flatMap((all) => {
    const [first] = all
    if (!first) return []
    const isStopped =
      !/^(account\.locked|hold\.(started|lifted))$/.test(first.type) &&
      all.some(({ status }) => status === 410)
    return isStopped || all.some(({ status }) => isConfirming(status)) ? [] : [first]
  })
}
