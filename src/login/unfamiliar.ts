// What happened in an account that its owner may not have done: logins that were not recognised, and changes that only
// somebody inside could make. Whoever ends a hold says that all of it was him, so all of it is found, and nothing that came
// after he looked.

import { and, desc, gt, gte, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { ACTIVITY_KINDS } from '../words/activity-words.ts'
import { ACTIVITIES } from './activity.ts'
import { logins } from './tables.ts'

const INSIDE_KINDS = ACTIVITY_KINDS.filter((kind) => ACTIVITIES[kind].startsHold)

/** Of the account's newest: a bound on what one look costs. */
const RECENT_ROWS = 300

/** More than these are no list that anybody reads. */
export const UNFAMILIAR_MAX = 20

/** The newest first; one more than the most, where there are more. */
export function listUnfamiliarStatement(db: Db, accountId: string, since: number) {
  return db
    .select()
    .from(logins)
    .where(
      and(
        ofAccount(logins, accountId),
        sql`${logins.seq} > (SELECT max(seq) FROM ${logins} WHERE ${ofAccount(logins, accountId)}) - ${RECENT_ROWS}`,
        gte(logins.receivedAt, since),
        isUnfamiliar(),
      ),
    )
    .orderBy(desc(logins.seq))
    .limit(UNFAMILIAR_MAX + 1)
}

/** Whether there is such a row beyond this sequence: for a `WHERE`. */
export function isUnfamiliarAfterSql(accountId: string, seq: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${logins}
    WHERE ${and(ofAccount(logins, accountId), gt(logins.seq, seq), isUnfamiliar())})`
}

function isUnfamiliar() {
  return or(
    isNotNull(logins.holdUntil),
    and(isNull(logins.activity), sql`${logins.isFamiliar} = 0`),
    inArray(logins.activity, INSIDE_KINDS),
  )
}
