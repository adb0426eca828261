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
  /** Null for one that only its locks and logins are known of. */
  readonly account: Pick<Account, 'ownerLifts' | 'passkeyLostAt'> | null
  readonly passkeys: readonly Pick<Passkey, 'createdAt'>[]
  /** When each of the holds began: if one of them is the owner's to end, all are. */
  readonly startedAt: readonly number[]
  /** When an account of this id was erased last, with its passkeys; null where that is not remembered. */
  readonly erasedAt: number | null
}

export function decideLift(
  config: LiftConfig,
  { account, passkeys, startedAt, erasedAt }: LiftFacts,
): LiftVerdict {
  const policy = account === null ? config.liftPolicy : policyOf(config, account)
  // Erased between two holds, it has no passkey that anybody knows of, and would be as under `api`.
  const passkeyLostAt = latest(account?.passkeyLostAt ?? null, erasedAt)
  const isOwners = startedAt.some((at) => isOwnersAlone({ passkeyLostAt }, passkeys, at, policy))
  if (!isOwners) return { kind: 'at_once' }
  if (account?.ownerLifts === 1 || config.liftDelayHours === 0) return { kind: 'owner' }
  return { kind: 'later', delayMs: config.liftDelayHours * HOUR_MS }
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}
