// Setting up an authenticator: a secret is proposed, and stored once a code of it has been typed. Until then it
// travels sealed in the form, so nothing is kept of an attempt that is given up.

import { and, isNull, type SQL, sql } from 'drizzle-orm'
import { returnVisitTry } from '../guard/visit-tries.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { open, type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'
import { ofAccount } from '../lib/slot.ts'
import { readSixDigits } from './six-digits.ts'
import { accounts } from './tables.ts'
import { matchTotpStep } from './totp.ts'
import { takeTotpTry } from './totp-check.ts'

/** Bound to account and visit: proposed to somebody else, it is none. */
export type EnrolmentKey = { readonly accountId: string; readonly visitId: string }

function purpose({ accountId, visitId }: EnrolmentKey): SealPurpose {
  return { use: 'totp-enrolment', context: `totp-enrolment/${accountId}/${visitId}` }
}

export function sealProposal(
  random: Ports['randomBytes'],
  keys: SealKeys,
  key: EnrolmentKey,
  secret: string,
): Promise<string> {
  return seal(random, keys, purpose(key), secret)
}

/** Null for what was not proposed in this visit. */
export function openProposal(
  keys: SealKeys,
  key: EnrolmentKey,
  sealed: string,
): Promise<string | null> {
  return open(keys, purpose(key), sealed)
}

export type EnrolmentVerdict =
  /** `step` is used up with the secret. */
  | { readonly kind: 'ok'; readonly step: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

/** Whether the typed code is one of the proposed secret; counted like any other code of the app. */
export async function checkEnrolment(
  db: Db,
  attempt: {
    readonly accountId: string
    readonly visitId: string
    readonly secret: string
    readonly typed: string
    readonly dataKeys: SealKeys
  },
  now: number,
): Promise<EnrolmentVerdict> {
  const { accountId, visitId, secret, dataKeys } = attempt
  const code = readSixDigits(attempt.typed)
  if (code === null) return { kind: 'refused' }
  const taken = await takeTotpTry(db, { accountId, visitId, dataKeys }, now)
  if (taken.kind === 'limited') return taken
  const step = matchTotpStep(secret, code, now)
  if (step === null) return { kind: 'refused' }
  await returnVisitTry(db, taken)
  return { kind: 'ok', step }
}

export type Enrolment = {
  readonly accountId: string
  readonly totpSealed: string
  readonly step: number
}

/** Stores the secret, if none was stored meanwhile; the code is used up with it. */
export function enrolTotpStatement(
  db: Db,
  { accountId, totpSealed, step }: Enrolment,
  now: number,
  when = canEnrolSql(accountId),
) {
  return db
    .update(accounts)
    .set({ totpSealed, totpSince: now, totpLastStep: step, updatedAt: now })
    .where(and(ofAccount(accounts, accountId), isNull(accounts.totpSealed), when))
}

/** True before `enrolTotpStatement` in its batch if that is going to store it. */
export function canEnrolSql(accountId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND totp_sealed IS NULL)`
}
