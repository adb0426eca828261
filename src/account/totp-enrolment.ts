// Setting up an authenticator: a secret is proposed, and stored once a code of it has been typed. Until then it
// travels sealed in the form, so nothing is kept of an attempt that is given up.

import { and, eq, isNull } from 'drizzle-orm'
import { countTry, forgetTries } from '../guard/limits.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, seal } from '../lib/seal.ts'
import { sealField } from './accounts.ts'
import { readSixDigits } from './six-digits.ts'
import { accounts } from './tables.ts'
import { matchTotpStep } from './totp.ts'
import { totpLimits } from './totp-check.ts'

/** Bound to account and visit: proposed to somebody else, it is none. */
export type EnrolmentKey = { readonly accountId: string; readonly visitId: string }

function context({ accountId, visitId }: EnrolmentKey): string {
  return `totp-enrolment/${accountId}/${visitId}`
}

export function sealProposal(
  random: Ports['randomBytes'],
  keys: SealKeys,
  key: EnrolmentKey,
  secret: string,
): Promise<string> {
  return seal(random, keys, context(key), secret)
}

/** Null for what was not proposed in this visit. */
export function openProposal(
  keys: SealKeys,
  key: EnrolmentKey,
  sealed: string,
): Promise<string | null> {
  return open(keys, context(key), sealed)
}

export type EnrolmentVerdict =
  | { readonly kind: 'ok' | 'refused' | 'already' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

/** Stores the secret if the code fits, and none was stored meanwhile; the code is used up with it. */
export async function enrolTotp(
  { db, randomBytes }: { readonly db: Db } & Pick<Ports, 'randomBytes'>,
  attempt: {
    readonly accountId: string
    readonly secret: string
    readonly typed: string
    readonly dataKeys: SealKeys
  },
  now: number,
): Promise<EnrolmentVerdict> {
  const { accountId, secret, dataKeys } = attempt
  const code = readSixDigits(attempt.typed)
  if (code === null) return { kind: 'refused' }
  const limits = await totpLimits(dataKeys, accountId)
  const counted = await countTry(db, limits, now)
  if (!counted.isAllowed) return { kind: 'limited', retryAfterMs: counted.retryAfterMs }
  const step = matchTotpStep(secret, code, now)
  if (step === null) return { kind: 'refused' }
  const totpSealed = await sealField(randomBytes, dataKeys, accountId, 'totp', secret)
  const stored = await db
    .update(accounts)
    .set({ totpSealed, totpLastStep: step, updatedAt: now })
    .where(and(eq(accounts.accountId, accountId), isNull(accounts.totpSealed)))
  if (stored.meta.changes === 0) return { kind: 'already' }
  await forgetTries(
    db,
    limits.map(({ scope }) => scope),
  )
  return { kind: 'ok' }
}
