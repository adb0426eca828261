// Forgets what is no longer needed: a slice of accounts each minute, each room its own rows. How long what is kept,
// and why, each room says in its forget.ts.

import { eq, lt } from 'drizzle-orm'
import { forgetAccountStatements } from '../account/forget.ts'
import { forgetCallbacksStatements } from '../exchange/forget.ts'
import { forgetCountsStatements } from '../guard/forget.ts'
import type { Db } from '../lib/db.ts'
import { DAY_MS } from '../lib/time.ts'
import {
  forgetEarlyEndsStatement,
  forgetLoginsStatements,
  listLoginAccounts,
} from '../login/forget.ts'
import { forgetNoticesStatements } from '../notice/forget.ts'
import { forgetVisitsStatements } from '../portal/visit/forget.ts'
import { deadLetters, retentionCursor } from './tables.ts'

export const DEAD_LETTERS_KEPT_MS = 30 * DAY_MS

const ACCOUNTS_PER_RUN = 100
const CURSOR = 'accounts'

/** Deletes expired rows of the next accounts and moves the cursor; returns the number of rows deleted. */
export async function deleteExpired(db: Db, now: number): Promise<number> {
  const [cursor] = await db.select().from(retentionCursor).where(eq(retentionCursor.name, CURSOR))
  const accountIds = await listLoginAccounts(db, cursor?.accountId ?? '', ACCOUNTS_PER_RUN)
  const last = accountIds.at(-1)
  if (last === undefined && !cursor) return 0

  const results = await db.batch([
    moveCursorStatement(db, last),
    forgetEarlyEndsStatement(db, now),
    ...forgetCountsStatements(db, now),
    db.delete(deadLetters).where(lt(deadLetters.diedAt, now - DEAD_LETTERS_KEPT_MS)),
    ...accountIds.flatMap((accountId) => [
      ...forgetLoginsStatements(db, accountId, now),
      ...forgetCallbacksStatements(db, accountId, now),
      ...forgetNoticesStatements(db, accountId, now),
      ...forgetVisitsStatements(db, accountId, now),
      ...forgetAccountStatements(db, accountId, now),
    ]),
  ])
  return results.slice(1).reduce((total, result) => total + result.meta.changes, 0)
}

/** At the end of the walk the cursor goes, and the next run starts over. */
function moveCursorStatement(db: Db, last: string | undefined) {
  return last === undefined
    ? db.delete(retentionCursor).where(eq(retentionCursor.name, CURSOR))
    : db
        .insert(retentionCursor)
        .values({ name: CURSOR, accountId: last })
        .onConflictDoUpdate({ target: retentionCursor.name, set: { accountId: last } })
}
