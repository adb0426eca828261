// What one login is to us: a session at the exchange, and an alert with its attempts, in one row.
// Rules that need no storage; the SQL sits in logins.ts.

import type { logins } from './tables.ts'

/** The stored row, as read. */
export type Login = typeof logins.$inferSelect

/** No SMS about a login that is older: late, it would frighten and could no longer help. */
export const ALERT_MAX_AGE_MS = 15 * 60_000

/**
 * How far the exchange's clock may be ahead of ours, and those of two isolates apart. A lock ends what began up to this
 * long after it: better a session too many than a thief's.
 */
const CLOCKS_APART_MS = 5_000

/**
 * SQL over a row of locks: what began later is not its to end. Nor is what began after it was lifted, however soon that
 * was: by then the owner was there.
 */
export const LOCK_ENDS_UNTIL = `max(locked_at,
  min(locked_at + ${CLOCKS_APART_MS}, coalesce(lifted_at, locked_at + ${CLOCKS_APART_MS})))`

/** A session counts as live until it ended, was revoked or ran out; without an expiry, for 30 days. */
export const SESSION_DEFAULT_LIFETIME_MS = 30 * 24 * 3_600_000

/** Other live sessions carried from login to login; more at once is rarely a person. */
export const LIVE_CARRIED_MAX = 20

/** Carried in the place of a sequence where there were more: then the account's own rows are looked through. */
export const MORE_LIVE = 0

export function isSessionLive(
  session: Pick<Login, 'sessionEndedAt' | 'sessionExpiresAt' | 'occurredAt'>,
  now: number,
): boolean {
  const expiresAt = session.sessionExpiresAt ?? session.occurredAt + SESSION_DEFAULT_LIFETIME_MS
  return session.sessionEndedAt === null && expiresAt > now
}

/** Too old to frighten anybody with: delivery stops here. */
export function isTooOldToSend(login: Pick<Login, 'receivedAt'>, now: number): boolean {
  return now - login.receivedAt > ALERT_MAX_AGE_MS
}

/** The session that the exchange named; an activity may have none. */
export function sessionOf({ sessionId }: Pick<Login, 'sessionId'>): string | null {
  return sessionId === '' ? null : sessionId
}

/** What the exchange calls an activity; null for a login. */
export function kindNameOf({
  activity,
  activityAsSent,
}: Pick<Login, 'activity' | 'activityAsSent'>): string | null {
  return activityAsSent ?? activity
}
