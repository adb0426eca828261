// The lock from the owner's pages: the visit is checked as of the press, then all other visits are ended and the account
// locked. Also run by the queue, for a press that came while D1 was away.

import { logInfo } from '../../lib/log.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { shortHash } from '../../lib/short-hash.ts'
import { type Lock, lockAccount } from '../../lock/lock-account.ts'
import type { LockActContext } from '../../lock/lock-context.ts'
import { endOtherVisits, findVisit, type VisitRefusal } from '../visit/visits.ts'

export type Press = {
  readonly accountId: string
  readonly visitId: string
  /** From `visitSecretTags`. */
  readonly secretTag: string
  readonly olderSecretTags: readonly string[]
  readonly lockId: string
  /** When it was pressed. */
  readonly lockedAt: number
}

/** Pressed again while that lock stands, it is the same lock. Throws when D1 is away. */
export async function lockByVisit(
  context: LockActContext,
  press: Press,
): Promise<Result<Lock, VisitRefusal>> {
  const { accountId, visitId, secretTag, olderSecretTags, lockId, lockedAt } = press
  const key = { accountId, visitId }
  const db = context.dbOf(accountId)
  const found = await findVisit(db, key, [secretTag, ...olderSecretTags], lockedAt)
  if (!found.ok) {
    logInfo('cookie.refused', found.error)
    return err(found.error)
  }
  // First: whoever else is in these pages may be who is to be locked out.
  await endOtherVisits(db, key, lockedAt)
  const by = { visit: await shortHash(visitId) }
  const request = { accountId, lockId, via: 'portal', by, alertNumber: null, lockedAt } as const
  return ok(await lockAccount(context, { ...request, isOneWhileItStands: true }))
}
