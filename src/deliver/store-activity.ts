// Stores an activity as store-login.ts stores a login: one D1 batch, which also reads all that sending it needs.

import { asBound } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import type { RawRow } from '../lib/stored-row.ts'
import {
  activityHold,
  activityHoldStatements,
  noteActivityHoldStatement,
} from '../lock/activity-hold.ts'
import type { HoldTerms } from '../lock/hold-terms.ts'
import { latestEndStatement } from '../lock/latest-end.ts'
import {
  type ActivityToInsert,
  countActivityStatement,
  insertActivityStatement,
} from '../login/insert-activity.ts'
import { ownerRowStatement } from './owner-row.ts'
import { readClaim, type StoredAlert } from './store-login.ts'

/** `terms`: how long such a change holds withdrawals by itself, as for a login. */
export async function storeActivity(
  db: Db,
  activity: ActivityToInsert,
  terms: HoldTerms,
): Promise<StoredAlert> {
  const database = db.$client
  const { accountId } = activity
  const hold = await activityHold(activity, terms)
  const start = hold ? activityHoldStatements(db, hold) : []
  const results = await database.batch<RawRow>([
    ...start.map((statement) => asBound(db, statement)),
    insertActivityStatement(database, activity),
    countActivityStatement(database, activity),
    ownerRowStatement(database, activity),
    ...(hold
      ? [
          latestEndStatement(database, { accountId, now: activity.receivedAt }),
          asBound(db, noteActivityHoldStatement(db, hold)),
        ]
      : []),
  ])
  const [started] = results
  const [inserted, counted, owner, ends] = results.slice(start.length)
  const begun = (started?.meta.changes ?? 0) > 0 ? hold : null
  const holdCallbackId = begun?.callbackId ?? null
  const claim = readClaim({ inserted, owner, ends })
  if (!claim) {
    return { kind: (counted?.meta.changes ?? 0) > 0 ? 'counted' : 'again', holdCallbackId }
  }
  // Read before its hold was noted in the row.
  const login = { ...claim.login, holdUntil: begun?.until ?? null }
  return { kind: 'new', claim: { ...claim, login }, holdCallbackId }
}
