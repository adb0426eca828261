// What the page "it was me" is about: the login or activity behind a link, and whether its owner can end what holds
// withdrawals since. Reads, and acts on nothing.

import { findAccountsStatement } from '../account/accounts.ts'
import type { LiftPolicy } from '../account/owner-proofs.ts'
import { listPasskeysStatement, type Passkey } from '../account/passkeys.ts'
import type { Db } from '../lib/db.ts'
import { findLoginByNumberStatement } from '../login/by-number.ts'
import type { Login } from '../login/login.ts'
import { findUnfamiliar } from '../login/unfamiliar.ts'
import { runningHoldsStatement } from './holds.ts'
import { policyOf } from './lift/decide-lift.ts'
import { lockClaims } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import { canBeEnded, decideRelease, type Release } from './release/release.ts'

/**
 * `release`: what holds can be ended here; `session`: the login, if there is a session to confirm with it · `open`: there is
 * a login to confirm; `waitsUntil`: of holds that nothing of the account's can end yet · `waits`: of such holds, and there is
 * nothing to confirm · `ended`: its session is over, or is to be · `held`: not while a lock holds · `unknown`: no such link
 */
export type ConfirmFacts =
  | { readonly kind: 'release'; readonly release: Release; readonly session: Login | null }
  | {
      readonly kind: 'open'
      readonly login: Login
      readonly passkeys: readonly Passkey[]
      readonly waitsUntil: number | null
    }
  | { readonly kind: 'waits'; readonly until: number }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'ended' | 'held' | 'unknown' }

export async function findConfirmFacts(
  db: Db,
  claims: LockClaims,
  now: number,
  policy: LiftPolicy,
): Promise<ConfirmFacts> {
  const { accountId, alertNumber } = claims
  const [[account], [login], passkeys, holds] = await db.batch([
    findAccountsStatement(db, [accountId]),
    findLoginByNumberStatement(db, accountId, alertNumber),
    listPasskeysStatement(db, accountId),
    runningHoldsStatement(db, accountId, now),
  ])
  if (!account || !login || !isOfLink(login, claims)) return { kind: 'unknown' }
  const isLocked = account.holdUntil !== null && account.holdUntil > now
  const isOpen = login.confirmedAt === null && login.sessionEndedAt === null
  if (holds.length > 0 && !isLocked) {
    const since = Math.min(...holds.map(({ startedAt }) => startedAt))
    const unfamiliar = await findUnfamiliar(db, accountId, since)
    const release = decideRelease({
      account,
      passkeys,
      holds,
      unfamiliar,
      policy: policyOf({ liftPolicy: policy }, account),
    })
    if (release && canBeEnded(release)) {
      const session = isOpen && login.activity === null ? login : null
      return { kind: 'release', release, session }
    }
    if (release && !isOpen) return { kind: 'waits', until: release.until }
    if (release) return { kind: 'open', login, passkeys, waitsUntil: release.until }
  }
  if (login.confirmedAt !== null) return { kind: 'confirmed' }
  if (login.sessionEndedAt !== null) return { kind: 'ended' }
  if (isLocked) return { kind: 'held' }
  return { kind: 'open', login, passkeys, waitsUntil: null }
}

/** An account that was erased and imported anew counts its alerts from one again. */
function isOfLink(login: Login, claims: LockClaims): boolean {
  const { expiresAtSeconds } = lockClaims(claims.accountId, claims.alertNumber, login.occurredAt)
  return expiresAtSeconds === claims.expiresAtSeconds
}
