// The account's sessions as the owner's pages show them: those that are live, and those whose end was asked for within a day,
// with what the exchange has said to it. Nothing is over because we asked for it.

import { findOutcomes, type Outcome } from '../../exchange/outbox.ts'
import { sessionRevokedCallback } from '../../exchange/session-revoked.ts'
import type { Db } from '../../lib/db.ts'
import { findSessionsEndedAt } from '../../lock/lock-state.ts'
import type { Login } from '../../login/login.ts'
import {
  countLiveSessions,
  findRevokedSessions,
  findSessionRows,
  listLiveSessions,
} from '../../login/sessions.ts'

/** `not_confirmed`: it was told until it refused for good, or for three days in vain. */
export type SessionEnd = 'requested' | 'confirmed' | 'not_confirmed'

export type RevokedSession = { readonly login: Login; readonly end: SessionEnd }

export type Sessions = {
  readonly live: readonly Login[]
  /** Of all of them, on this page or not. */
  readonly liveCount: number
  /** Sequence that the page began before; null on the first. */
  readonly before: number | null
  /** Of the last that is shown, when there are older ones. */
  readonly next: number | null
  readonly revoked: readonly RevokedSession[]
}

const PAGE_SESSIONS = 20
/** Ended all at once they are many; D1 binds a hundred values. */
const REVOKED_MAX = 80

export async function readSessions(
  db: Db,
  accountId: string,
  now: number,
  before: number | null = null,
): Promise<Sessions> {
  const among = await findSessionRows(db, accountId)
  const [found, liveCount, revoked] = await Promise.all([
    // One more than shown tells whether there are older ones.
    listLiveSessions(db, accountId, now, { before, limit: PAGE_SESSIONS + 1, among }),
    countLiveSessions(db, accountId, now, among),
    findRevokedSessions(db, accountId, now, { limit: REVOKED_MAX, among }),
  ])
  const live = found.slice(0, PAGE_SESSIONS)
  const next = found.length > PAGE_SESSIONS ? (live.at(-1)?.seq ?? null) : null
  return { live, liveCount, before, next, revoked: await withEnds(db, accountId, revoked) }
}

async function withEnds(
  db: Db,
  accountId: string,
  sessions: readonly Login[],
): Promise<readonly RevokedSession[]> {
  if (sessions.length === 0) return []
  const ids = await Promise.all(
    sessions.map(async (login) => (await sessionRevokedCallback(login, 0)).callbackId),
  )
  const [outcomes, endedByLockAt] = await Promise.all([
    findOutcomes(db, accountId, ids),
    findSessionsEndedAt(db, accountId),
  ])
  return sessions.map((login, index) => {
    const outcome = outcomes.get(ids[index] ?? '') ?? null
    return { login, end: sessionEnd(outcome, endedByLockAt, login.sessionEndedAt) }
  })
}

/**
 * A session ends by a callback of its own, or by that of a lock: of whichever the exchange has confirmed since its end was
 * asked for, lifted or followed by another or not. What is confirmed stays so. Pure.
 */
export function sessionEnd(
  ofItself: Pick<Outcome, 'state'> | null,
  endedByLockAt: number | null,
  endedAt: number | null,
): SessionEnd {
  const isByLock = endedByLockAt !== null && endedAt !== null && endedByLockAt >= endedAt
  if (isByLock || ofItself?.state === 'confirmed') return 'confirmed'
  return ofItself === null || ofItself.state === 'open' ? 'requested' : 'not_confirmed'
}
