// What happened in an account that its owner may not have done: logins that were not recognised, and changes that only
// somebody inside could make. Whoever ends a hold says that all of it was him, so all of it is found, and nothing that came
// after he looked.

import { and, desc, gt, gte, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { HOLDING_KINDS } from '../words/activity-words.ts'
import type { Login } from './login.ts'
import { countedActivities, logins } from './tables.ts'

/** Of the account's newest: a bound on what one look costs. */
const RECENT_ROWS = 1_000

/** More than these are no list that anybody reads. */
export const UNFAMILIAR_MAX = 20

export type Unfamiliar = {
  /** The newest first; one more than the most, where there are more. */
  readonly events: readonly Login[]
  /** The account's newest row, whatever it is; 0 where there is none. */
  readonly lastSeq: number
  /** False where something cannot be listed: it has no row, or lies beyond those that are looked at. */
  readonly isWhole: boolean
}

/** Also what was received before and stored after the first that came since then: the database had been away. */
export async function findUnfamiliar(
  db: Db,
  accountId: string,
  since: number,
): Promise<Unfamiliar> {
  const isRecent = sql`${logins.seq} > ${lastSeqSql(accountId)} - ${RECENT_ROWS}`
  const firstSeq = sql`(SELECT min(${logins.seq}) FROM ${logins}
    WHERE ${and(ofAccount(logins, accountId), isRecent, gte(logins.receivedAt, since))})`
  const [events, [look]] = await db.batch([
    db
      .select()
      .from(logins)
      .where(
        and(
          ofAccount(logins, accountId),
          isRecent,
          sql`${logins.seq} >= ${firstSeq}`,
          isUnfamiliar(),
        ),
      )
      .orderBy(desc(logins.seq))
      .limit(UNFAMILIAR_MAX + 1),
    db
      .select({
        lastSeq: sql<number | null>`${lastSeqSql(accountId)}`,
        isUnlisted: sql<number>`${isUnlistedSql(accountId, since)}`,
      })
      .from(sql`(SELECT 1)`),
  ])
  return { events, lastSeq: look?.lastSeq ?? 0, isWhole: look?.isUnlisted === 0 }
}

/** Whether there is such a row beyond this sequence: for a `WHERE`. */
export function isUnfamiliarAfterSql(accountId: string, seq: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${logins}
    WHERE ${and(ofAccount(logins, accountId), gt(logins.seq, seq), isUnfamiliar())})`
}

/** Whether something since then is on no list: a change that was only counted, or so many rows that not all are looked at. */
export function isUnlistedSql(accountId: string, since: number): SQL {
  const { activity, receivedAt } = countedActivities
  const isCounted = and(
    ofAccount(countedActivities, accountId),
    inArray(activity, HOLDING_KINDS),
    gte(receivedAt, since),
  )
  const isBeyond = and(
    ofAccount(logins, accountId),
    sql`${logins.seq} = ${lastSeqSql(accountId)} - ${RECENT_ROWS}`,
    gte(logins.receivedAt, since),
  )
  return sql`(EXISTS (SELECT 1 FROM ${countedActivities} WHERE ${isCounted})
    OR EXISTS (SELECT 1 FROM ${logins} WHERE ${isBeyond}))`
}

function lastSeqSql(accountId: string): SQL {
  return sql`(SELECT max(${logins.seq}) FROM ${logins} WHERE ${ofAccount(logins, accountId)})`
}

function isUnfamiliar() {
  return or(
    isNotNull(logins.holdUntil),
    and(isNull(logins.activity), sql`${logins.isFamiliar} = 0`),
    inArray(logins.activity, HOLDING_KINDS),
  )
}
