// A typed TOTP code against an account: counted, compared, and used up, in that order. A code counts once,
// however many requests bring it at the same moment (RFC 6238 §5.2).

import { and, isNull, lt, or } from 'drizzle-orm'
import { countTry, forgetTries, type Limit, limitScope } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import type { SealKeys } from '../lib/seal.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS, MINUTE_MS } from '../lib/time.ts'
import { type Account, openField } from './accounts.ts'
import { readSixDigits } from './six-digits.ts'
import { accounts } from './tables.ts'
import { matchTotpStep } from './totp.ts'

/** Three codes are right at any time: five tries guess one in 66,666 windows, twenty a day one in 16,666. */
const TRIES_PER_WINDOW = 5
const WINDOW_MS = 15 * MINUTE_MS
const TRIES_PER_DAY = 20

export type TotpVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused' }
  /** It was right, and was used before. */
  | { readonly kind: 'used' }
  | { readonly kind: 'not_set_up' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export type TotpTry = {
  readonly account: Account
  /** As it was typed. */
  readonly typed: string
  readonly dataKeys: SealKeys
}

/** What is no code at all costs no try. Throws when D1 is away. */
export async function checkTotp(
  db: Db,
  { account, typed, dataKeys }: TotpTry,
  now: number,
): Promise<TotpVerdict> {
  const { accountId } = account
  const secret = await openField(dataKeys, accountId, 'totp', account.totpSealed)
  if (secret === null) return { kind: 'not_set_up' }
  const code = readSixDigits(typed)
  if (code === null) return { kind: 'refused' }
  const limits = await totpLimits(dataKeys, accountId)
  const counted = await countTry(db, limits, now)
  if (!counted.isAllowed) return { kind: 'limited', retryAfterMs: counted.retryAfterMs }
  const step = matchTotpStep(secret, code, now)
  if (step === null) return { kind: 'refused' }
  if (!(await useStep(db, account, step))) return { kind: 'used' }
  await forgetTries(
    db,
    limits.map(({ scope }) => scope),
  )
  return { kind: 'ok' }
}

/** Also for the code that sets an authenticator up: the same budget, so that neither adds to the other. */
export async function totpLimits(
  dataKeys: SealKeys,
  accountId: string,
): Promise<readonly [Limit, Limit]> {
  const scope = await limitScope(dataKeys, 'totp', accountId)
  const dayScope = await limitScope(dataKeys, 'totp-day', accountId)
  return [
    { scope, max: TRIES_PER_WINDOW, windowMs: WINDOW_MS },
    { scope: dayScope, max: TRIES_PER_DAY, windowMs: DAY_MS },
  ]
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
