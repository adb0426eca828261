// Forgets what is no longer needed: each minute, in each database, a page of accounts, whatever of theirs has expired, and a
// page of each table that accounts do not lead to; each room its own rows. How long what is kept, and why, each room says
// in its forget.ts.

import { eq, inArray, sql } from 'drizzle-orm'
import { accountPageEnd, forgetAccountStatements } from '../account/forget.ts'
import { deadLettersWalk } from '../dead-letter/forget.ts'
import { callbackPageEnd, forgetCallbacksStatements } from '../exchange/forget.ts'
import { forgetCodeStopsStatement } from '../guard/code-stops.ts'
import { codeCountsWalk, forgetCodeCapsStatement, limitsWalk } from '../guard/forget.ts'
import type { Db } from '../lib/db.ts'
import type { KeyRange } from '../lib/key-walk.ts'
import { whoseRange } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { forgetContactsStatements, forgetHoldsStatements, holdPageEnd } from '../lock/forget.ts'
import {
  countedPageEnd,
  earlyEndPageEnd,
  forgetLoginsStatements,
  loginPageEnd,
} from '../login/forget.ts'
import { forgetNoticesStatements, noticePageEnd } from '../notice/forget.ts'
import { forgetVisitsStatements, visitPageEnd } from '../portal/visit/forget.ts'
import { receiptIdsWalk } from '../routing/receipt-ids.ts'
import { forgetActsStatement } from './acts/record.ts'
import { KEPT_BY_DEFAULT, type KeptDays } from './kept-settings.ts'
import { retentionCursor } from './tables.ts'

/** Rows of one table that a page of accounts has at most, but for those of one account: what a minute reads, and may delete. */
export const ROWS_PER_PAGE = 5_000

const ACCOUNTS = 'accounts'

/** Tables that are walked by their own key. */
const WALKS = [
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

  const until = await findPageEnd(db, after(ACCOUNTS))
  const [first, ...rest] = WALKS
  const pageEnds = await db.batch([
    first.pageEnd(db, after(first.name)),
    ...rest.map((walk) => walk.pageEnd(db, after(walk.name))),
  ])
  const pages = WALKS.map((walk, index) => {
    const range: KeyRange = { after: after(walk.name), until: pageEnds[index]?.[0]?.key ?? null }
    return { walk, range }
  })

  const whose = whoseRange({ after: after(ACCOUNTS), until })
  const results = await db.batch([
    forgetCodeCapsStatement(db, now),
    forgetCodeStopsStatement(db, now),
    forgetActsStatement(db, asOf('acts')),
    ...pages.map(({ walk, range }) =>
      walk.forget(db, range, walk.name === 'dead_letters' ? asOf('deadLetters') : now),
    ),
    ...forgetLoginsStatements(db, whose, asOf('logins')),
    ...forgetHoldsStatements(db, whose, now),
    ...forgetCallbacksStatements(db, whose, asOf('callbacks')),
    ...forgetNoticesStatements(db, whose, asOf('notices')),
    ...forgetVisitsStatements(db, whose, now),
    ...forgetAccountStatements(db, whose, now),
    ...forgetContactsStatements(db, whose, now),
  ])
  await moveCursors(db, cursors, [
    { name: ACCOUNTS, last: until },
    ...pages.map(({ walk, range }) => ({ name: walk.name, last: range.until })),
  ])
  return results.reduce((total, result) => total + result.meta.changes, 0)
}

/** Where the walk over accounts stands; no row at its beginning. */
export function readAccountsCursorStatement(db: Db) {
  return db.select().from(retentionCursor).where(eq(retentionCursor.name, ACCOUNTS))
}

/** The account with which the page ends: of all tables, the first that is full. Null where none is. */
async function findPageEnd(db: Db, after: string): Promise<string | null> {
  const ends = await db.batch([
    loginPageEnd(db, after, ROWS_PER_PAGE),
    earlyEndPageEnd(db, after, ROWS_PER_PAGE),
    holdPageEnd(db, after, ROWS_PER_PAGE),
    countedPageEnd(db, after, ROWS_PER_PAGE),
    callbackPageEnd(db, after, ROWS_PER_PAGE),
    noticePageEnd(db, after, ROWS_PER_PAGE),
    visitPageEnd(db, after, ROWS_PER_PAGE),
    accountPageEnd(db, after, ROWS_PER_PAGE),
  ])
  // Ids are ASCII: compared as here, they stand as SQLite has them.
  const [nearest] = ends
    .flat()
    .sort((a, b) => a.slot - b.slot || (a.accountId < b.accountId ? -1 : 1))
  return nearest?.accountId ?? null
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
