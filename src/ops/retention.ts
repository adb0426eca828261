// Forgets what is no longer needed: each minute a slice of accounts, and a page of each table that accounts do not lead
// to, each room its own rows. How long what is kept, and why, each room says in its forget.ts.

import { eq, inArray, sql } from 'drizzle-orm'
import { forgetAccountStatements } from '../account/forget.ts'
import { deadLettersWalk } from '../dead-letter/forget.ts'
import { forgetCallbacksStatements } from '../exchange/forget.ts'
import { forgetCodeStopsStatement } from '../guard/code-stops.ts'
import { codeCountsWalk, forgetCodeCapsStatement, limitsWalk } from '../guard/forget.ts'
import type { Db } from '../lib/db.ts'
import type { KeyRange } from '../lib/key-walk.ts'
import { DAY_MS } from '../lib/time.ts'
import { earlyEndsWalk, forgetLoginsStatements, listLoginAccounts } from '../login/forget.ts'
import { forgetNoticesStatements } from '../notice/forget.ts'
import { forgetVisitsStatements } from '../portal/visit/forget.ts'
import { receiptIdsWalk } from '../routing/receipt-ids.ts'
import { forgetActsStatement } from './acts/record.ts'
import { KEPT_BY_DEFAULT, type KeptDays } from './kept-settings.ts'
import { retentionCursor } from './tables.ts'

/** Six statements each, and an invocation may make a thousand. */
const ACCOUNTS_PER_RUN = 100
const ACCOUNTS = 'accounts'

/** Tables that are walked by their own key. */
const WALKS = [
  { name: 'early_session_ends', ...earlyEndsWalk },
  { name: 'attempt_limits', ...limitsWalk },
  { name: 'code_counts', ...codeCountsWalk },
  { name: 'dead_letters', ...deadLettersWalk },
  { name: 'receipt_ids', ...receiptIdsWalk },
] as const

/** Deletes what has expired in the next slice and moves the cursors; returns the number of rows deleted. */
export async function deleteExpired(
  db: Db,
  now: number,
  kept: KeptDays = KEPT_BY_DEFAULT,
): Promise<number> {
  // A room forgets by its own time; where the operator wants another, it is as if it were earlier there, or later.
  const asOf = (name: keyof KeptDays) => now - (kept[name] - KEPT_BY_DEFAULT[name]) * DAY_MS
  const rows = await db.select().from(retentionCursor)
  const cursors = new Map(rows.map(({ name, accountId }) => [name, accountId]))
  const after = (name: string) => cursors.get(name) ?? ''

  const accountIds = await listLoginAccounts(db, after(ACCOUNTS), ACCOUNTS_PER_RUN)
  const [first, ...rest] = WALKS
  const pageEnds = await db.batch([
    first.pageEnd(db, after(first.name)),
    ...rest.map((walk) => walk.pageEnd(db, after(walk.name))),
  ])
  const pages = WALKS.map((walk, index) => {
    const range: KeyRange = { after: after(walk.name), until: pageEnds[index]?.[0]?.key ?? null }
    return { walk, range }
  })

  const results = await db.batch([
    forgetCodeCapsStatement(db, now),
    forgetCodeStopsStatement(db, now),
    forgetActsStatement(db, asOf('acts')),
    ...pages.map(({ walk, range }) =>
      walk.forget(db, range, walk.name === 'dead_letters' ? asOf('deadLetters') : now),
    ),
    ...accountIds.flatMap((accountId) => [
      ...forgetLoginsStatements(db, accountId, asOf('logins')),
      ...forgetCallbacksStatements(db, accountId, asOf('callbacks')),
      ...forgetNoticesStatements(db, accountId, asOf('notices')),
      ...forgetVisitsStatements(db, accountId, now),
      ...forgetAccountStatements(db, accountId, now),
    ]),
  ])
  await moveCursors(db, cursors, [
    { name: ACCOUNTS, last: accountIds.at(-1) ?? null },
    ...pages.map(({ walk, range }) => ({ name: walk.name, last: range.until })),
  ])
  return results.reduce((total, result) => total + result.meta.changes, 0)
}

/** Where the walk over accounts stands; no row at its beginning. */
export function readAccountsCursorStatement(db: Db) {
  return db.select().from(retentionCursor).where(eq(retentionCursor.name, ACCOUNTS))
}

/** At the end of a walk its cursor goes, and the next run starts over; a table of one page has none. */
async function moveCursors(
  db: Db,
  cursors: ReadonlyMap<string, string>,
  walks: readonly { readonly name: string; readonly last: string | null }[],
): Promise<void> {
  const moved = walks.flatMap(({ name, last }) =>
    last === null ? [] : [{ name, accountId: last }],
  )
  const ended = walks.flatMap(({ name, last }) =>
    last === null && cursors.has(name) ? [name] : [],
  )
  if (moved.length > 0) {
    await db
      .insert(retentionCursor)
      .values(moved)
      .onConflictDoUpdate({
        target: retentionCursor.name,
        set: { accountId: sql`excluded.account_id` },
      })
  }
  if (ended.length > 0) {
    await db.delete(retentionCursor).where(inArray(retentionCursor.name, ended))
  }
}
