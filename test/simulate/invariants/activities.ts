// Activities beside logins: told as they are, and in nobody's way.

import { type ActivityFacts, lastHistories, type ShownLogin } from '../ledger.ts'
import type { Counter } from '../sometimes.ts'
import { violation, wrongEnd } from './alerts.ts'
import type { Invariant, Violation } from './invariant.ts'
import { startsHold } from './told-holds.ts'

/** What anybody can cause who knows a name. */
const STRANGERS: readonly string[] = ['logins_failed', 'password_reset', 'withdrawal_requested']
const SMS_PER_DAY = 2
/** So many of one SMS have a place in the history. */
const ROWS_MAX = 20
const DAY_MS = 24 * 3_600_000

export const activitiesAreTold: Invariant = {
  name: 'activities-are-told',
  why: '202 means kept: what happened in the account is told, or shown with the reason why not; only what is one too many is counted',
  check: (ledger, counter) => {
    const histories = lastHistories(ledger)
    return ledger.activities.flatMap((activity) => {
      const { accountId, acceptedAt, alertId } = activity
      if (acceptedAt === null) return []
      const rows = histories.get(accountId)?.logins ?? []
      const shown = rows.find((row) => row.alertId === alertId)
      if (STRANGERS.includes(activity.kind)) counter.note('hold_of_strangers')
      if (!shown) return uncounted(activity, rows, counter)
      if (shown.activity !== activity.kind) {
        return [violation(activity, `is shown as ${shown.activity ?? 'a login'}`)]
      }
      noteState(shown, counter)
      const wrong = wrongEnd(ledger, activity, shown)
      const isLate = shown.state === 'suppressed' && shown.reason === 'login_too_old'
      if (wrong === null || (isLate && activity.isLate)) return []
      return [violation(activity, `is ${shown.state}: ${wrong}`)]
    })
  },
}

function noteState({ state }: ShownLogin, counter: Counter): void {
  if (state === 'merged') counter.note('activity_merged')
  if (['accepted', 'sent', 'delivered'].includes(state)) counter.note('activity_told')
}

/** Without a row, it has to be one too many: of a stranger's kind after two SMS, of any other after twenty rows. */
function uncounted(
  activity: ActivityFacts,
  rows: readonly ShownLogin[],
  counter: Counter,
): readonly Violation[] {
  const alike = rows.filter((row) => row.activity === activity.kind)
  const most = STRANGERS.includes(activity.kind) ? SMS_PER_DAY : ROWS_MAX
  if (alike.length < most) return [violation(activity, 'was accepted and is in no history')]
  counter.note('activity_counted')
  return []
}

export const activitiesAreNoLogins: Invariant = {
  name: 'activities-are-no-logins',
  why: 'a change to the account opens no session: none is listed, ended or named by a lock for it, and no login is shown as one',
  check: (ledger) => {
    const logins = new Set(ledger.logins.map(({ sessionId }) => sessionId))
    const alerts = new Set(ledger.logins.map(({ alertId }) => alertId))
    const named = ledger.callbacks.flatMap(({ type, data, accountId, at }) => {
      const ids = type === 'session.revoked' ? [data.session_id] : data.session_ids
      const isOfSessions = type === 'session.revoked' || type === 'account.locked'
      return isOfSessions && Array.isArray(ids) ? ids.map((id) => ({ id, accountId, at })) : []
    })
    const listed = ledger.sessions.flatMap(({ sessionIds, accountId, at }) =>
      sessionIds.map((id: unknown) => ({ id, accountId, at })),
    )
    const ghosts = [...named, ...listed]
      .filter(({ id }) => !logins.has(String(id)))
      .map(({ id, accountId, at }) => ({
        subject: String(id),
        what: `${String(id)} of ${accountId} is taken for a session`,
        at,
      }))
    const disguised = [...lastHistories(ledger).values()].flatMap(({ logins: rows }) =>
      rows
        .filter(({ alertId, activity }) => activity !== null && alerts.has(alertId))
        .map(({ alertId }) => ({ subject: alertId, what: `${alertId} is a login` })),
    )
    return [...ghosts, ...disguised]
  },
}

export const strangersAreBounded: Invariant = {
  name: 'strangers-are-bounded',
  why: 'what anybody can cause must not spend the exchange’s money or fill the phone: two SMS a day of each kind',
  check: (ledger) =>
    [...lastHistories(ledger).values()].flatMap(({ accountId, logins }) => {
      const called = new Set(
        ledger.calls
          .filter((call) => call.accountId === accountId)
          .map(({ alertNumbers }) => alertNumbers[0]),
      )
      const sent = logins.filter(
        ({ activity, number }) =>
          activity !== null &&
          STRANGERS.includes(activity) &&
          number !== null &&
          called.has(number),
      )
      const perDay = Map.groupBy(
        sent,
        ({ activity, receivedAt }) => `${activity} on day ${Math.floor(receivedAt / DAY_MS)}`,
      )
      return [...perDay].flatMap(([what, rows]) =>
        rows.length <= SMS_PER_DAY
          ? []
          : [{ subject: accountId, what: `${accountId} got ${rows.length} SMS of ${what}` }],
      )
    }),
}

export const strangersHoldNothing: Invariant = {
  name: 'strangers-hold-nothing',
  why: 'a stranger must not stop the owner’s money by knocking at the door',
  check: (ledger) => {
    const strangers = new Map(
      ledger.activities
        .filter((one) => !startsHold(one))
        .map(({ alertId, kind }) => [alertId, kind]),
    )
    return ledger.callbacks.flatMap(({ type, data, accountId, at }): Violation[] => {
      const kind = type === 'hold.started' ? strangers.get(String(data.alert_id)) : undefined
      if (kind === undefined) return []
      return [{ subject: accountId, what: `${accountId} is held because of ${kind}`, at }]
    })
  },
}
