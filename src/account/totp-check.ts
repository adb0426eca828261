// A typed TOTP code against an account: counted, compared, and used up, in that order. A code counts once,
// however many requests bring it at the same moment (RFC 6238 §5.2).

import { and, isNull, lt, or } from 'drizzle-orm'
import { returnTry, takeTry } from '../guard/bucket.ts'
import { limitScope } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { ofAccount } from '../lib/slot.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { type Account, openField } from './accounts.ts'
import { readSixDigits } from './six-digits.ts'
import { accounts } from './tables.ts'
import { matchTotpStep } from './totp.ts'

/**
 * A visit has five tries, and one more every five minutes: whoever guesses in one visit is stopped there, and costs the
 * owner's own visit nothing.
 */
const PER_VISIT = { max: 5, refillMs: 5 * MINUTE_MS }

/**
 * An account has thirty, and one more every ten minutes. The last ten are for first tries of a visit: a stranger with a
 * hijacked session at the exchange, who may make visits too, must make ten more of them to shut the owner out, and then
 * for minutes. Three codes of a million are right at any time, so thirty tries guess one in 11,000 accounts, and a day
 * of it, 30 + 144, one in 1,900; every wrong code is a line in the log.
 */
const PER_ACCOUNT = { max: 30, refillMs: 10 * MINUTE_MS }
const LEFT_FOR_FIRST_TRIES = 10

export type TotpVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused' }
  /** It was right, and was used before. */
  | { readonly kind: 'used' }
  | { readonly kind: 'not_set_up' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export type TotpTry = {
  readonly account: Account
  readonly visitId: string
  /** As it was typed. */
  readonly typed: string
  readonly dataKeys: SealKeys
}

/** Whose tries are counted. */
export type TotpTryKey = {
  readonly accountId: string
  readonly visitId: string
  readonly dataKeys: SealKeys
}

/** What is no code at all costs no try. Throws when D1 is away. */
export async function checkTotp(
  db: Db,
  { account, visitId, typed, dataKeys }: TotpTry,
  now: number,
): Promise<TotpVerdict> {
  const { accountId } = account
  const secret = await openField(dataKeys, accountId, 'totp', account.totpSealed)
  if (secret === null) return { kind: 'not_set_up' }
  const code = readSixDigits(typed)
  if (code === null) return { kind: 'refused' }
  const taken = await takeTotpTry(db, { accountId, visitId, dataKeys }, now)
  if (taken.kind === 'limited') return taken
  const step = matchTotpStep(secret, code, now)
  if (step === null) return { kind: 'refused' }
  if (!(await useStep(db, account, step))) return { kind: 'used' }
  await returnTotpTry(db, taken)
  return { kind: 'ok' }
}

/** Where a try was taken from. */
type TakenTry = { readonly kind: 'taken'; readonly scopes: readonly [string, string] }

/** Also for the code that sets an authenticator up: the same tries, so that neither adds to the other. */
export async function takeTotpTry(
  db: Db,
  { accountId, visitId, dataKeys }: TotpTryKey,
  now: number,
): Promise<TakenTry | Extract<TotpVerdict, { kind: 'limited' }>> {
  const ofVisit = await limitScope(dataKeys, 'totp-visit', `${accountId} ${visitId}`)
  const ofAccount = await limitScope(dataKeys, 'totp-account', accountId)
  // The visit's first: beyond its own it costs the account none.
  const visit = await takeTry(db, { scope: ofVisit, ...PER_VISIT }, now)
  if (!visit.isAllowed) return { kind: 'limited', retryAfterMs: visit.retryAfterMs }
  const max = PER_ACCOUNT.max - (visit.missing === 1 ? 0 : LEFT_FOR_FIRST_TRIES)
  const account = await takeTry(db, { scope: ofAccount, ...PER_ACCOUNT, max }, now)
  if (!account.isAllowed) return { kind: 'limited', retryAfterMs: account.retryAfterMs }
  return { kind: 'taken', scopes: [ofVisit, ofAccount] }
}

/** It was right: a slip of the finger before it is the visit's own affair, and heals. */
export async function returnTotpTry(db: Db, { scopes }: TakenTry): Promise<void> {
  const [ofVisit, ofAccount] = scopes
  await db.batch([returnTry(db, { scope: ofVisit }), returnTry(db, { scope: ofAccount })])
}

/** One conditional update: of two requests with one code, one wins. */
async function useStep(db: Db, { accountId }: Account, step: number): Promise<boolean> {
  const used = await db
    .update(accounts)
    .set({ totpLastStep: step })
    .where(
      and(
        ofAccount(accounts, accountId),
        or(isNull(accounts.totpLastStep), lt(accounts.totpLastStep, step)),
      ),
    )
  return used.meta.changes > 0
}
