// Whether the owner may end what holds withdrawals: by a proof that was his long before the first of the holds began, and of
// all that happened since, so that nobody says "it was me" to a login and frees a thief's. Pure. A lock's hold and a planned
// one are not his to end here.

import type { Account } from '../../account/accounts.ts'
import { type LiftPolicy, type OwnerProofs, proofsBefore } from '../../account/owner-proofs.ts'
import type { Passkey } from '../../account/passkeys.ts'
import type { Login } from '../../login/login.ts'
import { UNFAMILIAR_MAX } from '../../login/unfamiliar.ts'
import type { StoredHold } from '../holds.ts'

export type ReleaseFacts = {
  readonly account: Account
  readonly passkeys: readonly Passkey[]
  /** Those that run and no lock made, the oldest first. */
  readonly holds: readonly StoredHold[]
  /** What was not recognised since the first of them began, the newest first. */
  readonly events: readonly Login[]
  readonly policy: LiftPolicy
}

export type Release = Pick<ReleaseFacts, 'holds' | 'events'> & {
  readonly accountId: string
  readonly heldSince: number
  readonly until: number
  /** Of the newest event; 0 where there is none. */
  readonly newestSeq: number
  readonly proofs: OwnerProofs
}

/** Null where nothing holds that an owner may end. */
export function decideRelease({
  account,
  passkeys,
  holds,
  events,
  policy,
}: ReleaseFacts): Release | null {
  const [first] = holds
  if (!first || holds.some(({ reason }) => reason === 'planned')) return null
  const heldSince = Math.min(...holds.map(({ startedAt }) => startedAt))
  const isTooMuch = events.length > UNFAMILIAR_MAX
  const proofs = isTooMuch ? NO_PROOFS : proofsBefore(account, passkeys, heldSince, policy)
  return {
    ...{ accountId: account.accountId, holds, events, heldSince, proofs },
    until: Math.max(...holds.map(({ until }) => until)),
    newestSeq: events[0]?.seq ?? 0,
  }
}

/** Nobody reads so long a list: what he has not seen, he has not said to be his. */
const NO_PROOFS: OwnerProofs = { passkeys: [], hasTotp: false }

export function canBeEnded({ proofs }: Release): boolean {
  return proofs.hasTotp || proofs.passkeys.length > 0
}

/** Names all that the owner was shown: an answer to another list is worth nothing. */
export function shownName({ holds, newestSeq }: Release): string {
  return [newestSeq, ...holds.map(({ holdId }) => holdId)].join(' ')
}
