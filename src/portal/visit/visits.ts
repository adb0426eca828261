// The SQL of visits: started once per entry link, found by the cookie's secret, ended by time, by the owner
// or by a lock. The secret itself is nowhere stored.

import { and, eq, max, ne, sql } from 'drizzle-orm'
import {
  type Account,
  ensureAccountStatement,
  findAccountsStatement,
} from '../../account/accounts.ts'
import { listPasskeysStatement, type Passkey } from '../../account/passkeys.ts'
import { rememberedAtSql } from '../../guard/limits.ts'
import { utf8 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/constant-time.ts'
import type { Db } from '../../lib/db.ts'
import { insertWhen } from '../../lib/insert-when.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { ofAccount, whoseAccount } from '../../lib/slot.ts'
import { runningHoldsStatement, type StoredHold } from '../../lock/holds.ts'
import { findOutsideLockStatement, isLockedSinceSql } from '../../lock/lock-state.ts'
import type { Entry } from './entry-link.ts'
import { forgetVisitsStatements } from './forget.ts'
import { portalVisits } from './tables.ts'
import { VISIT_LIFETIME_MS } from './visit-lifetime.ts'

export type Visit = typeof portalVisits.$inferSelect

/**
 * Starts the visit of an entry link; false when another request did before, and when somebody has locked the account, or a
 * visit ended all others, or the account was erased, since the link was made: its bearer may be who was meant. The account
 * has a row from then on, if it starts one.
 */
export async function startVisit(
  db: Db,
  entry: Entry,
  {
    secretTag,
    erasedScopes,
  }: { readonly secretTag: string; readonly erasedScopes: readonly string[] },
  now: number,
): Promise<boolean> {
  const { accountId, visitId, hasOtp, mintedAt } = entry
  const otpAt = hasOtp ? mintedAt : null
  const visit = { accountId, visitId, secretTag, startedAt: now, otpAt }
  const isOutdated = sql`${isLockedSinceSql(accountId, mintedAt)} OR EXISTS (
    SELECT 1 FROM ${portalVisits} WHERE ${ofAccount(portalVisits, accountId)} AND ended_others_at >= ${mintedAt}) OR coalesce(${rememberedAtSql(erasedScopes)}, 0) >= ${mintedAt}`
  const [, started] = await db.batch([
    ...forgetVisitsStatements(db, whoseAccount(accountId), now),
    insertWhen(
      db,
      portalVisits,
      { ...visit, expiresAt: now + VISIT_LIFETIME_MS },
      sql`NOT (${isOutdated})`,
    ).onConflictDoNothing(),
    ensureAccountStatement(
      db,
      accountId,
      now,
      sql`EXISTS (SELECT 1 FROM ${portalVisits} WHERE ${isVisit(entry)})`,
    ),
  ])
  return started.meta.changes > 0
}

export type VisitKey = Pick<Visit, 'accountId' | 'visitId'>

/** `unknown`: no such visit · `forged`: not its secret · `over`: by time, its owner, a lock or another visit */
export type VisitRefusal = { readonly reason: 'unknown' | 'forged' | 'over' }

export type FoundVisit = {
  readonly visit: Visit
  readonly account: Account
  /** Those that run and no lock made. */
  readonly holds: readonly StoredHold[]
  /** Oldest first. */
  readonly passkeys: readonly Passkey[]
}

/** `secretTags` from `visitSecretTags`. Over as well for one that began before somebody locked the account from outside, or another visit ended it. */
export async function findVisit(
  db: Db,
  key: VisitKey,
  secretTags: readonly string[],
  now: number,
): Promise<Result<FoundVisit, VisitRefusal>> {
  const { visitId } = portalVisits
  const [[visit], [account], [lock], [ended], holds, passkeys] = await db.batch([
    db.select().from(portalVisits).where(isVisit(key)),
    findAccountsStatement(db, [key.accountId]),
    findOutsideLockStatement(db, key.accountId),
    db
      .select({ at: max(portalVisits.endedOthersAt) })
      .from(portalVisits)
      .where(and(ofAccount(portalVisits, key.accountId), ne(visitId, key.visitId))),
    runningHoldsStatement(db, key.accountId, now),
    listPasskeysStatement(db, key.accountId),
  ])
  if (!visit || !account) return err({ reason: 'unknown' })
  if (visit.secretTag === '') return err({ reason: 'over' })
  const stored = utf8(visit.secretTag)
  const matches = secretTags.map((tag) => timingSafeEqual(stored, utf8(tag)))
  if (!matches.includes(true)) return err({ reason: 'forged' })
  const endedAt = Math.max(lock?.lockedAt ?? 0, ended?.at ?? 0)
  if (visit.expiresAt <= now || endedAt >= visit.startedAt) return err({ reason: 'over' })
  return ok({ visit, account, holds, passkeys })
}

/** All other visits of the account are over, and entry links that were made until now start none. */
export async function endOtherVisits(db: Db, key: VisitKey, now: number): Promise<void> {
  await db.update(portalVisits).set({ endedOthersAt: now }).where(isVisit(key))
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
  return and(ofAccount(portalVisits, key.accountId), eq(portalVisits.visitId, key.visitId))
}
