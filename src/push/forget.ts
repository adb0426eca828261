// Erasure of an account's devices. None has its time: a subscription goes when its push service says it has ended, or
// its owner does.

import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { pushSubscriptions } from './tables.ts'

export function eraseSubscriptionsStatements(db: Db, accountId: string) {
  return [db.delete(pushSubscriptions).where(ofAccount(pushSubscriptions, accountId))] as const
}
