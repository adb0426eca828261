// How many activities of a kind came beyond the rows that one SMS tells of: its text says so, since they are told by no other.

import { and, count, eq, gte, lt } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { GATHERED_LATER_MS } from './activity.ts'
import type { Login } from './login.ts'
import { countedActivities } from './tables.ts'

/** While it gathered, and for the rest of the longest time that one gathers: at most those of an hour. */
export async function countBeyond(
  db: Db,
  { accountId, activity, receivedAt }: Pick<Login, 'accountId' | 'activity' | 'receivedAt'>,
): Promise<number> {
  if (activity === null) return 0
  const [found] = await db
    .select({ beyond: count() })
    .from(countedActivities)
    .where(
      and(
        ofAccount(countedActivities, accountId),
        eq(countedActivities.activity, activity),
        gte(countedActivities.receivedAt, receivedAt),
        lt(countedActivities.receivedAt, receivedAt + GATHERED_LATER_MS),
      ),
    )
  return found?.beyond ?? 0
}
