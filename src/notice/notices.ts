// The SQL of notices. A notice is stored once, under an id derived from what it answers; a claim with a
// lease keeps two consumers from sending it twice.

import { and, desc, eq, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { insertWhen } from '../lib/insert-when.ts'
import { ofAccount } from '../lib/slot.ts'
import { SWEEP_PAGE } from '../lib/sweep-page.ts'
import type { Attempt } from '../login/attempt.ts'
import { storedForms } from '../login/attempt-codec.ts'
import type { ProviderName } from '../sms/registry.ts'
import type { Notice } from './notice.ts'
import type { NoticeKind, NoticeState } from './notice-kind.ts'
import { notices } from './tables.ts'

export type NewNotice = {
  readonly accountId: string
  readonly noticeId: string
  readonly kind: NoticeKind
  readonly untilAt?: number | null
  /** Whose number was written to. */
  readonly provider?: ProviderName | null
  /** To another number than the account's, sealed as that is. */
  readonly phoneSealed?: string | null
  readonly subject?: string | null
}

/** False when this answer was given before. */
export async function insertNotice(db: Db, notice: NewNotice, now: number): Promise<boolean> {
  const result = await insertNoticeStatement(db, notice, now)
  return result.meta.changes > 0
}

/** To a number that only the database knows: it is one of the account's own. */
type NoticeOfFacts = Omit<NewNotice, 'phoneSealed'> & { readonly phoneSealed: SQL }

/** For the batch of what it tells of, if `when` is true there; `nudgeNotice` follows. */
export function insertNoticeStatement(
  db: Db,
  notice: NewNotice | NoticeOfFacts,
  now: number,
  when?: SQL,
) {
  const row = { ...notice, state: 'open', attempts: [], createdAt: now } as const
  return insertWhen(db, notices, row, when).onConflictDoNothing()
}

export async function findNotice(
  db: Db,
  key: Pick<Notice, 'accountId' | 'noticeId'>,
): Promise<Notice | null> {
  const [notice] = await db.select().from(notices).where(isNotice(key))
  return notice ?? null
}

/** The newest of a kind: ids say nothing of time, and an account has few. */
export async function findNewestNotice(
  db: Db,
  accountId: string,
  kind: NoticeKind,
  subject?: string,
): Promise<Notice | null> {
  const isOfSubject = subject === undefined ? undefined : eq(notices.subject, subject)
  const [notice] = await db
    .select()
    .from(notices)
    .where(and(ofAccount(notices, accountId), eq(notices.kind, kind), isOfSubject))
    .orderBy(desc(notices.createdAt))
    .limit(1)
  return notice ?? null
}

/** The notice, if it is still open and nobody else is at it. */
export async function claimNotice(
  db: Db,
  key: Pick<Notice, 'accountId' | 'noticeId'>,
  leaseUntil: number,
  now: number,
): Promise<Notice | null> {
  const [notice] = await db
    .update(notices)
    .set({ leaseUntil })
    .where(and(isNotice(key), eq(notices.state, 'open'), lte(notices.leaseUntil, now)))
    .returning()
  return notice ?? null
}

export type NoticeChange = {
  readonly state: NoticeState
  readonly attempts: readonly Attempt[]
  readonly leaseUntil: number
  /** Left out, as it is. */
  readonly subject?: string
}

/** What the holder of the lease came to; no change if a receipt came since `notice` was read. */
export function changeNoticeStatement(db: Db, notice: Notice, change: NoticeChange) {
  return db.update(notices).set(change).where(isUnchanged(notice))
}

/** What a receipt adds, if nobody else added something since `notice` was read. */
export function changeAttemptsStatement(db: Db, notice: Notice, attempts: readonly Attempt[]) {
  return db.update(notices).set({ attempts }).where(isUnchanged(notice))
}

function isUnchanged(notice: Notice) {
  // As texts: a row of a former deployment is unchanged as well.
  const forms = sql.join(
    storedForms(notice.attempts).map((form) => sql`${form}`),
    sql`, `,
  )
  return and(isNotice(notice), sql`${notices.attempts} IN (${forms})`)
}

function isNotice(key: Pick<Notice, 'accountId' | 'noticeId'>) {
  return and(ofAccount(notices, key.accountId), eq(notices.noticeId, key.noticeId))
}

export type OpenNoticeKey = Pick<Notice, 'createdAt' | 'accountId' | 'noticeId'>
export type OpenNotice = OpenNoticeKey & Pick<Notice, 'leaseUntil'>

/** A page of open notices, oldest first; `after` is the last of the page before. */
export async function findOpenNotices(
  db: Db,
  after: OpenNoticeKey | null,
): Promise<readonly OpenNotice[]> {
  const { createdAt, accountId, noticeId, leaseUntil } = notices
  const from = after ?? { createdAt: 0, accountId: '', noticeId: '' }
  return db
    .select({ createdAt, accountId, noticeId, leaseUntil })
    .from(notices)
    .where(
      and(
        // A literal, so that SQLite uses the partial index.
        sql`${notices.state} = 'open'`,
        sql`(${createdAt}, ${accountId}, ${noticeId})
          > (${from.createdAt}, ${from.accountId}, ${from.noticeId})`,
      ),
    )
    .orderBy(createdAt, accountId, noticeId)
    .limit(SWEEP_PAGE)
}
