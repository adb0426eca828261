// How long withdrawals are held. Pure; lock.ts carries the same rule into its one SQL batch, and a
// test holds the two against each other.

import { DAY_MS } from '../lib/time.ts'

/**
 * Who asked: the SMS link, a reply or typed code, the owner's portal, the exchange itself; without an alert, a printed card, a
 * passkey, or a trusted contact.
 */
export type LockVia = 'link' | 'reply' | 'code' | 'portal' | 'api' | 'card' | 'passkey' | 'contact'

export const HOLD_MS = DAY_MS

export type HoldFacts = {
  /** End of the hold in force, or null or past when there is none. */
  readonly heldUntil: number | null
  /** When the account's newest login happened, or null when none is known. */
  readonly latestLoginAt: number | null
}

/**
 * When a lock at `now` ends. A first lock holds for 24 h from now. A further lock of a held account
 * never moves the end past 24 h from the newest login, or whoever keeps the link could hold the
 * account for ever; and it never shortens the hold.
 */
export function decideHoldUntil(facts: HoldFacts, now: number): number {
  const { heldUntil, latestLoginAt } = facts
  if (heldUntil === null || heldUntil <= now) return now + HOLD_MS
  return Math.max(heldUntil, Math.min(now, latestLoginAt ?? 0) + HOLD_MS)
}
