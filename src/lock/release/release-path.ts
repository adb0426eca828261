// The way from the owner's pages to the page that ends what holds withdrawals by itself. A visit alone ends nothing: the link that it
// is shown can lock, which it may as well, and to release takes a proof there.

import type { Account } from '../../account/accounts.ts'
import type { LiftPolicy } from '../../account/owner-proofs.ts'
import type { Passkey } from '../../account/passkeys.ts'
import type { Db } from '../../lib/db.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { findUnfamiliar } from '../../login/unfamiliar.ts'
import { lockConfirmPath } from '../../paths.ts'
import type { StoredHold } from '../holds.ts'
import { policyOf } from '../lift/decide-lift.ts'
import { lockClaims, mintLockToken } from '../link.ts'
import { canBeEnded, decideRelease } from './release.ts'

type ReleaseConfig = { readonly linkKeys: SealKeys; readonly liftPolicy: LiftPolicy }

/** `holds`: those that run, and no lock beside them. Null where the owner cannot end them, or nothing that was told has begun them. */
export async function findReleasePath(
  db: Db,
  { linkKeys, liftPolicy }: ReleaseConfig,
  { account, passkeys }: { readonly account: Account; readonly passkeys: readonly Passkey[] },
  holds: readonly StoredHold[],
): Promise<string | null> {
  if (holds.length === 0) return null
  const { accountId } = account
  const since = Math.min(...holds.map(({ startedAt }) => startedAt))
  const unfamiliar = await findUnfamiliar(db, accountId, since)
  const policy = policyOf({ liftPolicy }, account)
  const release = decideRelease({ account, passkeys, holds, unfamiliar, policy })
  if (!release || !canBeEnded(release)) return null
  for (const { alertNumber, occurredAt } of release.events) {
    if (alertNumber === null) continue
    const claims = lockClaims(accountId, alertNumber, occurredAt)
    return lockConfirmPath(await mintLockToken(linkKeys, claims))
  }
  return null
}
