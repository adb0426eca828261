// What proves that it is the owner who ends a hold: a passkey or an authenticator app that was the account's long before the
// hold began. A thief has a session, reads SMS, and may have added a proof of his own since: none of that counts. Pure; the
// same as SQL for the batch that acts on it.

import { type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../lib/slot.ts'
import type { Account } from './accounts.ts'
import {
  isPasskeyUsable,
  PASSKEY_PROVES_AFTER_MS,
  type Passkey,
  type PasskeyUse,
} from './passkeys.ts'
import { accounts, passkeys } from './tables.ts'
import { isStepUnusedSql } from './totp-check.ts'

/** How long before the hold began, at least: its owner must have had time to hear of it. */
export const PROVES_AFTER_MS = PASSKEY_PROVES_AFTER_MS

export type OwnerProofs = {
  /** Old enough, of the account's. */
  readonly passkeys: readonly Passkey[]
  /** The code of the authenticator app proves it too. */
  readonly hasTotp: boolean
}

/** Who may lift: the exchange by its API as well, or the owner alone. */
export type LiftPolicy = 'api' | 'owner'

type ProofRow = Pick<Account, 'totpSealed' | 'totpSince' | 'updatedAt' | 'passkeyLostAt'>

/** Of a hold, or of several: since the first of them. */
export function proofsBefore(
  account: ProofRow,
  passkeys: readonly Passkey[],
  heldSince: number,
  policy: LiftPolicy,
): OwnerProofs {
  const old = passkeys.filter(({ createdAt }) => isOldEnough(createdAt, heldSince))
  const since = totpSince(account)
  const hasTotp = since !== null && isOldEnough(since, heldSince)
  // The exchange has imported the secret, or could: it is not the owner's alone.
  const isOwners = isOwnersAlone(account, passkeys, heldSince, policy)
  return { passkeys: old, hasTotp: hasTotp && !isOwners }
}

/**
 * Under `owner`, whether the hold is the owner's alone to end: by a passkey. One that was removed lately counts as one that is
 * there, or whoever removes it first could have the exchange lift the hold at once.
 */
export function isOwnersAlone(
  { passkeyLostAt }: Pick<ProofRow, 'passkeyLostAt'>,
  passkeys: readonly Pick<Passkey, 'createdAt'>[],
  heldSince: number,
  policy: LiftPolicy,
): boolean {
  if (policy !== 'owner') return false
  const isLost = passkeyLostAt !== null && !isOldEnough(passkeyLostAt, heldSince)
  return isLost || passkeys.some(({ createdAt }) => isOldEnough(createdAt, heldSince))
}

export function isOldEnough(since: number, heldSince: number): boolean {
  return since <= heldSince - PROVES_AFTER_MS
}

/** Null without one. A secret from before its time was kept counts from the row's last change: it is no younger. */
export function totpSince({ totpSealed, totpSince: since, updatedAt }: ProofRow): number | null {
  return totpSealed === null ? null : (since ?? updatedAt)
}

/** What the owner has brought, verified. */
export type OwnerProof =
  | ({ readonly kind: 'passkey' } & PasskeyUse)
  | {
      readonly kind: 'totp'
      readonly accountId: string
      readonly totpSealed: string
      readonly step: number
    }

/** Whether it still counts, and counts for a hold since then: for a `WHERE`. */
export function isProofGoodSql(proof: OwnerProof, heldSince: number): SQL {
  const before = heldSince - PROVES_AFTER_MS
  const { accountId } = proof
  if (proof.kind === 'passkey') {
    return sql`(${isPasskeyUsable(proof)} AND EXISTS (SELECT 1 FROM ${passkeys}
      WHERE ${ofAccount(passkeys, accountId)} AND ${passkeys.credentialId} = ${proof.credentialId}
        AND ${passkeys.createdAt} <= ${before}))`
  }
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${accounts.totpSealed} = ${proof.totpSealed}
      AND coalesce(${accounts.totpSince}, ${accounts.updatedAt}) <= ${before} AND ${isStepUnusedSql(proof.step)})`
}
