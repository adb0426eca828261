// Stores an activity as store-login.ts stores a login: one D1 batch, which also reads all that sending it needs.

import { accountRowStatement } from '../account/accounts.ts'
import type { Db } from '../lib/db.ts'
import type { RawRow } from '../lib/stored-row.ts'
import {
  type ActivityToInsert,
  countActivityStatement,
  insertActivityStatement,
} from '../login/insert-activity.ts'
import { countListenersStatement } from '../push/subscriptions.ts'
import { readClaim, type StoredAlert } from './store-login.ts'

export async function storeActivity(db: Db, activity: ActivityToInsert): Promise<StoredAlert> {
  const database = db.$client
  const [inserted, counted, ...read] = await database.batch<RawRow>([
    insertActivityStatement(database, activity),
    countActivityStatement(database, activity),
    accountRowStatement(database, activity.accountId),
    countListenersStatement(database, activity.accountId),
  ])
  const claim = readClaim(inserted, ...read)
  if (claim) return { kind: 'new', claim }
  return { kind: (counted?.meta.changes ?? 0) > 0 ? 'counted' : 'again' }
}
