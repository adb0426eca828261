// Whether the exchange's wish ends a hold early: at once, later, or not at all. Pure. The deployment says the least; an owner
// may ask for more, and whoever has no passkey of their own is as before.

import type { Account } from '../../account/accounts.ts'
import { isOwnersAlone, type LiftPolicy } from '../../account/owner-proofs.ts'
import type { Passkey } from '../../account/passkeys.ts'
import { HOUR_MS } from '../../lib/time.ts'

export type LiftConfig = { readonly liftPolicy: LiftPolicy; readonly liftDelayHours: number }

/** `at_once`: by the API alone · `owner`: never by it · `later`: `delayMs` after it was asked for, unless somebody stops it. */
export type LiftVerdict =
  | { readonly kind: 'at_once' }
  | { readonly kind: 'later'; readonly delayMs: number }
  | { readonly kind: 'owner' }

/** Who rules over this account's holds: the stricter of the two. */
export function policyOf(
  { liftPolicy }: Pick<LiftConfig, 'liftPolicy'>,
  { ownerLifts }: Pick<Account, 'ownerLifts'>,
): LiftPolicy {
  return ownerLifts === 1 ? 'owner' : liftPolicy
}

export type LiftFacts = {
  /** Null for one that only its locks are known of. */
  readonly account: Pick<Account, 'ownerLifts' | 'passkeyLostAt'> | null
  readonly passkeys: readonly Pick<Passkey, 'createdAt'>[]
  /** When each of the holds began: if one of them is the owner's to end, all are. */
  readonly startedAt: readonly number[]
}

export function decideLift(
  config: LiftConfig,
  { account, passkeys, startedAt }: LiftFacts,
): LiftVerdict {
  if (account === null) return { kind: 'at_once' }
  const policy = policyOf(config, account)
  const isOwners = startedAt.some((at) => isOwnersAlone(account, passkeys, at, policy))
  if (!isOwners) return { kind: 'at_once' }
  if (account.ownerLifts === 1 || config.liftDelayHours === 0) return { kind: 'owner' }
  return { kind: 'later', delayMs: config.liftDelayHours * HOUR_MS }
}
