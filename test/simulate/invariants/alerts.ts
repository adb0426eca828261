// Logins and their alerts: accepted is told or visibly not told, counted without gaps, shown as it is.

import {
  type CallbackFacts,
  type CallFacts,
  type EventFacts,
  type Ledger,
  lastHistories,
  type ShownLogin,
} from '../ledger.ts'
import type { Invariant, Violation } from './invariant.ts'

export const acceptedIsTold: Invariant = {
  name: 'accepted-is-told',
  why: '202 means kept: every accepted login ends as an alert that a provider took, or with a reason that can be seen',
  check: (ledger, counter) => {
    const histories = lastHistories(ledger)
    return ledger.logins.flatMap((login) => {
      if (login.acceptedAt === null) return []
      const shown = histories
        .get(login.accountId)
        ?.logins.find(({ alertId }) => alertId === login.alertId)
      if (!shown) return [violation(login, 'was accepted and is in no history')]
      if (shown.state === 'merged') counter.note('alert_merged')
      if (shown.state === 'suppressed') counter.note('alert_suppressed')
      if (shown.state === 'undelivered') counter.note('alert_undelivered')
      const wrong = wrongEnd(ledger, login, shown)
      return wrong === null ? [] : [violation(login, `is ${shown.state}: ${wrong}`)]
    })
  },
}

export function violation(login: EventFacts, what: string): Violation {
  return {
    subject: login.alertId ?? login.webhookId,
    what: `${login.webhookId} of ${login.accountId} ${what}`,
  }
}

/** Why this cannot be how the login ended; null when it can. */
export function wrongEnd(ledger: Ledger, login: EventFacts, shown: ShownLogin): string | null {
  switch (shown.state) {
    case 'accepted':
    case 'sent':
    case 'delivered':
      return callsOf(ledger, login.accountId, shown.number).some(({ isTaken }) => isTaken)
        ? null
        : 'no provider ever took it'
    case 'merged':
      return callsOf(ledger, login.accountId, shown.number).some(({ isTaken }) => isTaken)
        ? null
        : 'no text that a provider took names it'
    case 'suppressed':
      return isSuppressedRightly(ledger, login, shown.reason) ? null : `because ${shown.reason}?`
    case 'undelivered':
      return ledger.callbacks.some(
        ({ type, data, status, accountId }) =>
          type === 'alert.undelivered' &&
          accountId === login.accountId &&
          status !== null &&
          (data.alert_id === shown.alertId ||
            namesSession(data, shown.sessionId) ||
            countsActivity(data, shown)),
      )
        ? null
        : 'the exchange was not told'
    default:
      return 'nobody is at it any more'
  }
}

/** Of several activities that one SMS was to tell of: they need have no session. */
function countsActivity(data: CallbackFacts['data'], { activity }: ShownLogin): boolean {
  return activity !== null && data.activity === activity && Number(data.logins) > 1
}

/** Of several logins that one SMS was to tell of. */
function namesSession(data: CallbackFacts['data'], sessionId: string): boolean {
  return Array.isArray(data.session_ids) && data.session_ids.includes(sessionId)
}

export function callsOf(
  ledger: Ledger,
  accountId: string,
  number: number | null,
): readonly CallFacts[] {
  if (number === null) return []
  return ledger.calls.filter(
    (call) => call.accountId === accountId && call.alertNumbers.includes(number),
  )
}

function isSuppressedRightly(ledger: Ledger, login: EventFacts, reason: string | null): boolean {
  const account = ledger.accounts.get(login.accountId)
  if (!account) return false
  switch (reason) {
    case 'no_number':
      // Also where the number went out of use between the login and its SMS.
      return account.phone === null || !login.isCalm || account.stops.length > 0
    case 'alerts_off':
      return account.alerts === 'off'
    case 'usual':
      return account.alerts === 'unusual' && !login.isCalm
    case 'number_invalid':
      return account.goneAt < ledger.calmAt
    case 'opted_out':
      return account.stops.length > 0
    default:
      return false
  }
}

export const numbersAreGapless: Invariant = {
  name: 'numbers-are-gapless',
  why: 'a missing number in the inbox is how an owner sees a suppressed SMS: we must not make gaps, or count twice',
  check: (ledger) =>
    [...lastHistories(ledger).values()].flatMap(({ accountId, logins }) => {
      const numbers = logins.flatMap(({ number }) => number ?? []).reverse()
      const at = numbers.findIndex((number, index) => number !== index + 1)
      return at < 0 ? [] : [{ subject: accountId, what: `number ${at + 1} is ${numbers[at]}` }]
    }),
}

export const shownIsEvidence: Invariant = {
  name: 'shown-is-evidence',
  why: 'no sham: "sent" and "delivered" stand only where a provider signed that it was so',
  check: (ledger) =>
    [...lastHistories(ledger).values()].flatMap(({ accountId, logins }) =>
      logins.flatMap(({ alertId, number, state }) => {
        const steps = callsOf(ledger, accountId, number)
          .flatMap(({ receipts }) => receipts)
          .filter(({ isForged }) => !isForged)
          .map(({ step }) => step)
        const isShown =
          state === 'delivered'
            ? steps.includes('delivered')
            : state !== 'sent' || steps.includes('sent')
        return isShown
          ? []
          : [{ subject: alertId, what: `is shown as ${state}, and no receipt says so` }]
      }),
    ),
}

const FIVE_SECONDS_MS = 5_000

export const calmIsQuick: Invariant = {
  name: 'calm-is-told-in-five-seconds',
  why: 'once all is well again, an alert is at a provider within five seconds: nothing of an outage may linger',
  check: (ledger) =>
    ledger.logins.flatMap((login) => {
      if (!login.isCalm || login.acceptedAt === null) return []
      const shown = lastHistories(ledger)
        .get(login.accountId)
        ?.logins.find(({ alertId }) => alertId === login.alertId)
      if (!shown || shown.state === 'suppressed') return []
      const account = ledger.accounts.get(login.accountId)
      if (!account || account.goneAt <= login.occurredAt) return []
      const [first] = callsOf(ledger, login.accountId, shown.number)
      const delayMs = first ? first.at - login.occurredAt : null
      if (delayMs !== null && delayMs <= FIVE_SECONDS_MS) return []
      return [
        violation(login, delayMs === null ? 'was never sent' : `was sent after ${delayMs} ms`),
      ]
    }),
}
