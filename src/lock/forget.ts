// Erasure of an account's locks. None has its time: it is the record of why withdrawals were held.

import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { locks } from './tables.ts'

export function eraseLocksStatements(db: Db, accountId: string) {
  return [db.delete(locks).where(ofAccount(locks, accountId))] as const
}
