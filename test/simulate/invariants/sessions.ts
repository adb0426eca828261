// A lock ends the sessions too: the exchange is told each by its name.

import type { LockAct } from '../acts.ts'
import { type Ledger, type LoginFacts, lastHistories } from '../ledger.ts'
import type { Invariant } from './invariant.ts'
import { isPromised } from './locks.ts'

export const lockEndsAllSessions: Invariant = {
  name: 'lock-ends-all-sessions',
  why: 'a thief keeps no session: every login accepted before the tap is named to the exchange as ended',
  check: (ledger) => {
    const named = namedSessions(ledger)
    return ledger.locks
      .filter((act) => isFirstAndTaken(ledger, act))
      .flatMap((act) =>
        ledger.logins
          .filter((login) => isLiveAt(ledger, login, act) && !named.has(login.sessionId))
          .map((login) => ({
            subject: login.accountId,
            what: `${login.sessionId} of ${login.accountId} was live at ${whichLock(ledger, login, act)} and is named nowhere`,
            at: act.at,
          })),
      )
  },
}

function whichLock(ledger: Ledger, login: LoginFacts, act: LockAct): string {
  const leadMs = act.at - (login.acceptedAt ?? act.at)
  if (leadMs <= 2 * ledger.skewMs) return `a lock that came ${leadMs} ms later`
  const isHeld = ledger.locks.some(
    ({ accountId, at, status }) => accountId === act.accountId && at < act.at && status !== null,
  )
  if (isHeld) return 'a further lock'
  const isLifted = [...ledger.lifts, ...ledger.signs].some(
    ({ accountId, at }) => accountId === act.accountId && at > act.at,
  )
  return isLifted ? 'a lock lifted since' : 'the first lock'
}

function namedSessions(ledger: Ledger): ReadonlySet<unknown> {
  return new Set(
    ledger.callbacks.flatMap(({ type, data }): unknown[] => {
      if (type === 'session.revoked') return [data.session_id]
      return type === 'account.locked' && Array.isArray(data.session_ids) ? data.session_ids : []
    }),
  )
}

/** A second tap of an alert repeats its first lock, and ends nothing that began since. */
function isFirstAndTaken(ledger: Ledger, act: LockAct): boolean {
  // A card pressed again while its lock stands is the same lock.
  if (act.via === 'card') return false
  const isRepeated = ledger.locks.some(
    (other) =>
      other !== act &&
      other.at <= act.at &&
      other.accountId === act.accountId &&
      other.alertNumber !== null &&
      other.alertNumber === act.alertNumber,
  )
  return isPromised(act) && !isRepeated
}

/** As far as the exchange knows. */
function isLiveAt(ledger: Ledger, login: LoginFacts, act: LockAct): boolean {
  if (login.accountId !== act.accountId || login.endedAt !== null) return false
  if (login.acceptedAt === null || login.acceptedAt > act.at) return false
  // Accepted into the queue, it may be stored after another lock or an end that is not the exchange's.
  return (
    lastHistories(ledger)
      .get(login.accountId)
      ?.logins.some(({ alertId }) => alertId === login.alertId) ?? false
  )
}
