// Whether the owner may end what holds withdrawals: by a proof that was his long before the first of the holds began, and of
// all that happened since, so that nobody says "it was me" to a login and frees a thief's. Pure. A lock's hold and a planned
// one are not his to end here.

import type { Account } from '../../account/accounts.ts'
import { type LiftPolicy, type OwnerProofs, proofsBefore } from '../../account/owner-proofs.ts'
import type { Passkey } from '../../account/passkeys.ts'
import type { Login } from '../../login/login.ts'
import { UNFAMILIAR_MAX, type Unfamiliar } from '../../login/unfamiliar.ts'
import type { StoredHold } from '../holds.ts'

export type ReleaseFacts = {
  readonly account: Account
  readonly passkeys: readonly Passkey[]
  /** Those that run and no lock made, the oldest first. */
  readonly holds: readonly StoredHold[]
  /** What was not recognised since the first of them began. */
  readonly unfamiliar: Unfamiliar
  readonly policy: LiftPolicy
}

export type Release = Pick<ReleaseFacts, 'holds'> & {
  readonly accountId: string
  /** The newest first. */
  readonly events: readonly Login[]
  readonly heldSince: number
  readonly until: number
  /** Of the newest event; where there is none, of the newest row there was: what comes later was not seen. */
  readonly newestSeq: number
  readonly proofs: OwnerProofs
}

/** Null where nothing holds that an owner may end. */
export function decideRelease({
  account,
  passkeys,
  holds,
  unfamiliar,
  policy,
}: ReleaseFacts): Release | null {
  const [first] = holds
  if (!first || holds.some(({ reason }) => reason === 'planned')) return null
  const heldSince = Math.min(...holds.map(({ startedAt }) => startedAt))
  const { events, lastSeq, isWhole } = unfamiliar
  const isTooMuch = events.length > UNFAMILIAR_MAX || !isWhole
  const proofs = isTooMuch ? NO_PROOFS : proofsBefore(account, passkeys, heldSince, policy)
  return {
    ...{ accountId: account.accountId, holds, events, heldSince, proofs },
    until: Math.max(...holds.map(({ until }) => until)),
    newestSeq: events[0]?.seq ?? lastSeq,
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

/** More than ever run at a time: one for each reason. */
const SHOWN_MAX = 8

/** The holds that such a name has in it; none of what is no such name. */
export function holdsShown(name: string): readonly string[] {
  const [, ...holdIds] = name.split(' ')
  return holdIds.length <= SHOWN_MAX ? [...new Set(holdIds)] : []
}
