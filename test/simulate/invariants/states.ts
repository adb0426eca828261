// What is shown of an alert from one reading to the next: it only ever grows.

import type { ShownLogin } from '../ledger.ts'
import type { Invariant } from './invariant.ts'

/** Of more, the oldest calls in vain are let go. */
const ATTEMPTS_KEPT = 40

const RANKS: readonly string[] = ['unknown', 'accepted', 'sent', 'failed', 'delivered']
const rank = (state: string) => RANKS.indexOf(state)

export const statesGoForward: Invariant = {
  name: 'states-go-forward',
  why: 'what was evidence yesterday is evidence today: no attempt and no delivered alert ever falls back or vanishes',
  check: (ledger) => {
    const before = new Map<string, ShownLogin & { readonly answeredAt: number }>()
    return ledger.histories.flatMap(({ logins, askedAt, answeredAt }) =>
      logins.flatMap((login) => {
        const earlier = before.get(login.alertId)
        // Of two readings at the same time it is not known which saw more.
        if (earlier && earlier.answeredAt > askedAt) return []
        before.set(login.alertId, { ...login, answeredAt })
        const what = earlier ? fallBack(earlier, login) : null
        return what === null ? [] : [{ subject: login.alertId, what, at: answeredAt }]
      }),
    )
  },
}

function fallBack(earlier: ShownLogin, later: ShownLogin): string | null {
  if (earlier.number !== later.number) return `its number ${earlier.number} became ${later.number}`
  const isFinal =
    earlier.state === 'delivered' ||
    // Told by the SMS of another one, or it shares that one's end.
    (earlier.state === 'merged' && !['undelivered', 'suppressed'].includes(later.state))
  // Suppressed, it may have gone out before by a call whose caller died: then a receipt tells.
  const isRevived = earlier.state === 'suppressed' && ['queued', 'sending'].includes(later.state)
  if (isRevived || (isFinal && later.state !== earlier.state))
    return `${earlier.state} became ${later.state}`
  for (const attempt of earlier.attempts) {
    const now = later.attempts.find(
      ({ number, provider }) => number === attempt.number && provider === attempt.provider,
    )
    if (!now && later.attempts.length >= ATTEMPTS_KEPT) continue
    if (!now) return `attempt ${attempt.number} vanished`
    if (rank(now.state) < rank(attempt.state)) {
      return `attempt ${attempt.number} went from ${attempt.state} to ${now.state}`
    }
  }
  return null
}
