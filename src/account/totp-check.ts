// A typed TOTP code against an account: counted, compared, and used up, in that order. A code counts once,
// however many requests bring it at the same moment (RFC 6238 §5.2).

import { and, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import {
  returnVisitTry,
  takeVisitTry,
  type VisitTries,
  type VisitTry,
  type VisitTryKey,
} from '../guard/visit-tries.ts'
import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { ofAccount } from '../lib/slot.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { type Account, openField } from './accounts.ts'
import { readSixDigits } from './six-digits.ts'
import { accounts } from './tables.ts'
import { matchTotpStep } from './totp.ts'

/**
 * A visit has five tries, and one more every five minutes. An account has thirty, and one more every ten minutes; the last
 * ten are for first tries of a visit: a stranger with a hijacked session at the exchange, who may make visits too, must
 * make ten more of them to shut the owner out, and then for minutes. Three codes of a million are right at any time, so
 * thirty tries guess one in 11,000 accounts, and a day of it, 30 + 144, one in 1,900; every wrong code is a line in the log.
 */
const TOTP_TRIES: VisitTries = {
  kind: 'totp',
  perVisit: { max: 5, refillMs: 5 * MINUTE_MS },
  perAccount: { max: 30, refillMs: 10 * MINUTE_MS },
  leftForFirstTries: 10,
}

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

/** What is no code at all costs no try. Throws when D1 is away. */
export async function checkTotp(db: Db, attempt: TotpTry, now: number): Promise<TotpVerdict> {
  const matched = await matchTotp(db, attempt, now)
  if (matched.kind !== 'matched') return matched
  const used = await useStepStatement(db, attempt.account.accountId, matched.step)
  if (used.meta.changes === 0) return { kind: 'used' }
  await returnVisitTry(db, matched.taken)
  return { kind: 'ok' }
}

/** Right, and not used up yet: `useStepStatement` is for the batch of what it proves, `returnVisitTry` for after it. */
export type MatchedTotp = {
  readonly kind: 'matched'
  readonly step: number
  readonly taken: Extract<VisitTry, { kind: 'taken' }>
}

/** Counted as `checkTotp` counts it. */
export async function matchTotp(
  db: Db,
  { account, visitId, typed, dataKeys }: TotpTry,
  now: number,
): Promise<MatchedTotp | Exclude<TotpVerdict, { kind: 'ok' | 'used' }>> {
  const { accountId } = account
  const secret = await openField(dataKeys, accountId, 'totp', account.totpSealed)
  if (secret === null) return { kind: 'not_set_up' }
  const code = readSixDigits(typed)
  if (code === null) return { kind: 'refused' }
  const taken = await takeTotpTry(db, { accountId, visitId, dataKeys }, now)
  if (taken.kind === 'limited') return taken
  const step = matchTotpStep(secret, code, now)
  return step === null ? { kind: 'refused' } : { kind: 'matched', step, taken }
}

/** Also for the code that sets an authenticator up: the same tries, so that neither adds to the other. */
export function takeTotpTry(db: Db, key: VisitTryKey, now: number): Promise<VisitTry> {
  return takeVisitTry(db, TOTP_TRIES, key, now)
}

/** One conditional update: of two requests with one code, one wins. */
export function useStepStatement(db: Db, accountId: string, step: number) {
  return db
    .update(accounts)
    .set({ totpLastStep: step })
    .where(
      and(
        ofAccount(accounts, accountId),
        or(isNull(accounts.totpLastStep), lt(accounts.totpLastStep, step)),
      ),
    )
}

/** Over a row of `accounts`. */
export function isStepUnusedSql(step: number): SQL {
  return sql`coalesce(${accounts.totpLastStep}, -1) < ${step}`
}
