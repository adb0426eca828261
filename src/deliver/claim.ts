// A claim is somebody's right to an alert until its lease runs out: one conditional update, so that
// of two consumers holding the same message one wins and the other has nothing to do. One D1 batch
// claims the whole queue batch and reads all that delivering it needs. (A login that is sent where it
// arrived is claimed by being stored: store-login.ts.)

import { type Account, findAccountsStatement } from '../account/accounts.ts'
import type { Db } from '../lib/db.ts'
import { SECOND_MS } from '../lib/time.ts'
import { latestEndsStatement } from '../lock/latest-end.ts'
import { type ClaimTerms, claimLoginStatement, type LoginToClaim } from '../login/claim-login.ts'
import type { Login } from '../login/login.ts'
import { findSubscribersStatement } from '../push/subscriptions.ts'

/** What a round needs beside its provider calls: D1 twice, and a slow moment of either. */
const LEASE_SPARE_MS = 7 * SECOND_MS

/** Longer than a round over all providers takes, of whom one is asked twice; after it, the alert is anybody's again. */
export function leaseMs(providerCount: number, attemptTimeoutMs: number): number {
  return (providerCount + 1) * attemptTimeoutMs + LEASE_SPARE_MS
}

/** The end of a lease that begins now. */
export function leaseEnd(
  config: { readonly providers: readonly unknown[]; readonly attemptTimeoutMs: number },
  now: number,
): number {
  return now + leaseMs(config.providers.length, config.attemptTimeoutMs)
}

export type Claim = {
  readonly login: Login
  readonly account: Account | null
  /** A device is registered for push. */
  readonly hasPush: boolean
  /** Of holds that no lock made; null while none runs. */
  readonly latestEnd: number | null
  /** Of a login before, where the text may need it (alert-language.ts); undefined where it was not read. */
  readonly familiarLocale?: string | null
}

/** By alert id; an alert that is missing was claimed or finished by another. */
export async function claimAlerts(
  db: Db,
  alerts: readonly LoginToClaim[],
  terms: ClaimTerms,
  now: number,
): Promise<ReadonlyMap<string, Claim>> {
  const accountIds = alerts.map(({ accountId }) => accountId)
  const [accounts, subscribers, ends, ...claimed] = await db.batch([
    findAccountsStatement(db, accountIds),
    findSubscribersStatement(db, accountIds),
    latestEndsStatement(db, accountIds, now),
    ...alerts.map((alert) => claimLoginStatement(db, alert, terms, now)),
  ])
  const subscribed = new Set(subscribers.map(({ accountId }) => accountId))
  const accountById = new Map(accounts.map((account) => [account.accountId, account]))
  const endById = new Map(ends.map(({ accountId, until }) => [accountId, until]))
  const claims = claimed.flat().map((login): [string, Claim] => [
    login.alertId,
    {
      login,
      account: accountById.get(login.accountId) ?? null,
      hasPush: subscribed.has(login.accountId),
      latestEnd: endById.get(login.accountId) ?? null,
    },
  ])
  return new Map(claims)
}
