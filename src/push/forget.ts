// Erasure of an account's devices. None has its time: a subscription goes when its push service says it has ended, or
// its owner does.

import { eq } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { pushSubscriptions } from './tables.ts'

export function eraseSubscriptionsStatements(db: Db, accountId: string) {
  return [db.delete(pushSubscriptions).where(eq(pushSubscriptions.accountId, accountId))] as const
}
