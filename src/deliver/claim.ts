// A claim is a consumer's right to an alert until its lease runs out: one conditional update, so that
// of two consumers holding the same message one wins and the other has nothing to do. One D1 batch
// claims the whole queue batch and reads all that delivering it needs.

import { type Account, findAccountsStatement } from '../account/accounts.ts'
import type { Db } from '../lib/db.ts'
import { SECOND_MS } from '../lib/time.ts'
import { claimLoginStatement } from '../login/claim-login.ts'
import type { Login } from '../login/login.ts'
import { findSubscribersStatement } from '../push/subscriptions.ts'

/** What a round needs beside its provider calls: D1 twice, and a slow moment of either. */
const LEASE_SPARE_MS = 7 * SECOND_MS

/** Longer than a round over all providers takes; after it, the alert is anybody's again. */
export function leaseMs(providerCount: number, attemptTimeoutMs: number): number {
  return providerCount * attemptTimeoutMs + LEASE_SPARE_MS
}

export type Claim = {
  readonly login: Login
  readonly account: Account | null
  /** A device is registered for push. */
  readonly hasPush: boolean
}

export type ClaimedBatch = {
  /** By alert id; an alert that is missing was claimed or finished by another. */
  readonly claims: ReadonlyMap<string, Claim>
}

type AlertKey = { readonly accountId: string; readonly alertId: string }

export async function claimAlerts(
  db: Db,
  keys: readonly AlertKey[],
  leaseUntil: number,
  now: number,
): Promise<ClaimedBatch> {
  const accountIds = keys.map((key) => key.accountId)
  const [accounts, subscribers, ...claimed] = await db.batch([
    findAccountsStatement(db, accountIds),
    findSubscribersStatement(db, accountIds),
    ...keys.map((key) => claimLoginStatement(db, key, leaseUntil, now)),
  ])
  const subscribed = new Set(subscribers.map(({ accountId }) => accountId))
  const accountById = new Map(accounts.map((account) => [account.accountId, account]))
  const claims = claimed.flat().map((login): [string, Claim] => [
    login.alertId,
    {
      login,
      account: accountById.get(login.accountId) ?? null,
      hasPush: subscribed.has(login.accountId),
    },
  ])
  return { claims: new Map(claims) }
}
