// The SQL of visits: started once per entry link, found by the cookie's secret, ended by time, by the owner
// or by a lock. The secret itself is nowhere stored.

import { and, eq } from 'drizzle-orm'
import {
  type Account,
  ensureAccountStatement,
  findAccountsStatement,
} from '../../account/accounts.ts'
import { utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import type { Db } from '../../lib/db.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import { findOutsideLockStatement } from '../../lock/lock-state.ts'
import type { Entry } from './entry-link.ts'
import { forgetVisitsStatements } from './forget.ts'
import { portalVisits } from './tables.ts'

export const VISIT_LIFETIME_MS = 30 * MINUTE_MS

export type Visit = typeof portalVisits.$inferSelect

/** Starts the visit of an entry link; false when another request did before. Knows the account from then on. */
export async function startVisit(
  db: Db,
  { accountId, visitId, hasOtp, mintedAt }: Entry,
  secretTag: string,
  now: number,
): Promise<boolean> {
  const otpAt = hasOtp ? mintedAt : null
  const visit = { accountId, visitId, secretTag, startedAt: now, otpAt }
  const [, started] = await db.batch([
    ...forgetVisitsStatements(db, accountId, now),
    db
      .insert(portalVisits)
      .values({ ...visit, expiresAt: now + VISIT_LIFETIME_MS })
      .onConflictDoNothing(),
    ensureAccountStatement(db, accountId, now),
  ])
  return started.meta.changes > 0
}

export type VisitKey = Pick<Visit, 'accountId' | 'visitId'>

/** Null when the visit is over, was never there, or began before somebody locked the account from outside. */
export async function findVisit(
  db: Db,
  key: VisitKey,
  secretTag: string,
  now: number,
): Promise<{ readonly visit: Visit; readonly account: Account } | null> {
  const [[visit], [account], [lock]] = await db.batch([
    db.select().from(portalVisits).where(isVisit(key)),
    findAccountsStatement(db, [key.accountId]),
    findOutsideLockStatement(db, key.accountId),
  ])
  if (!visit || !account || visit.expiresAt <= now) return null
  if (!timingSafeEqual(utf8(visit.secretTag), utf8(secretTag))) return null
  if (lock && lock.lockedAt >= visit.startedAt) return null
  return { visit, account }
}

/** The row stays until the entry link has expired too. */
export async function leaveVisit(db: Db, key: VisitKey): Promise<void> {
  await db.update(portalVisits).set({ secretTag: '' }).where(isVisit(key))
}

/** A TOTP code was seen in this visit. */
export function noteOtpStatement(db: Db, key: VisitKey, now: number) {
  return db.update(portalVisits).set({ otpAt: now }).where(isVisit(key))
}

function isVisit(key: VisitKey) {
  return and(eq(portalVisits.accountId, key.accountId), eq(portalVisits.visitId, key.visitId))
}
