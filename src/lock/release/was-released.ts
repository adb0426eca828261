// Whether the owner has ended before what a form asks for: a double tap, or a page that is loaded again, is no failure. Reads alone.

import type { Db } from '../../lib/db.ts'
import { findHoldsStatement } from '../holds.ts'
import { holdsShown } from './release.ts'
import { BY_OWNER } from './release-holds.ts'

/** `form`: of the page that ends what holds withdrawals; of any other page it asks for nothing. */
export async function wasReleased(
  db: Db,
  accountId: string,
  form: URLSearchParams,
): Promise<boolean> {
  const holdIds = holdsShown(form.get('shown') ?? '')
  if (holdIds.length === 0) return false
  const holds = await findHoldsStatement(db, accountId, holdIds)
  return holds.length === holdIds.length && holds.every(({ liftReason }) => liftReason === BY_OWNER)
}
