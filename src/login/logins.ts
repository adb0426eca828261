// The SQL of logins: read, move on (insert-login.ts stores them). Every statement names one account or one alert; only
// `findOpenLogins` crosses accounts, through the partial index of what is still open.

import { and, between, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { type Login, SESSION_DEFAULT_LIFETIME_MS } from './login.ts'
import type { SessionEndFacts } from './login-facts.ts'
import { earlySessionEnds, logins } from './tables.ts'

/** Session ids are the exchange's; should it use one for many logins, the newest tell. */
const SAME_SESSION_MAX = 20

/**
 * Marks a session as ended by the exchange. Where its login has not come yet, the end is kept for it.
 * False when this changes nothing.
 */
export async function endSession(db: Db, session: SessionEndFacts): Promise<boolean> {
  const { accountId, sessionId, endedAt } = session
  const isSession = and(eq(logins.sessionId, sessionId), eq(logins.accountId, accountId))
  const [ended, kept] = await db.batch([
    db
      .update(logins)
      .set({ sessionEndedAt: endedAt, sessionEnd: 'ended' })
      .where(and(isSession, isNull(logins.sessionEndedAt))),
    db
      .insert(earlySessionEnds)
      .select(sql`SELECT ${accountId}, ${sessionId}, ${endedAt}
        WHERE NOT EXISTS (SELECT 1 FROM logins WHERE ${isSession})`)
      .onConflictDoNothing(),
  ])
  return ended.meta.changes > 0 || kept.meta.changes > 0
}

export async function findLogin(
  db: Db,
  key: { readonly accountId: string; readonly seq: number },
): Promise<Login | null> {
  const [login] = await db
    .select()
    .from(logins)
    .where(and(eq(logins.accountId, key.accountId), eq(logins.seq, key.seq)))
  return login ?? null
}

export async function findLoginByAlert(db: Db, alertId: string): Promise<Login | null> {
  const [login] = await db.select().from(logins).where(eq(logins.alertId, alertId))
  return login ?? null
}

export async function findLoginsBySession(db: Db, sessionId: string): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(eq(logins.sessionId, sessionId))
    .orderBy(desc(logins.receivedAt))
    .limit(SAME_SESSION_MAX)
}

/** Live sessions of the account, newest first; a session that logged in twice shows once. */
export async function listLiveSessions(
  db: Db,
  accountId: string,
  now: number,
  limit: number,
): Promise<readonly Login[]> {
  const live = await db
    .select()
    .from(logins)
    .where(and(eq(logins.accountId, accountId), isLiveAt(now)))
    .orderBy(desc(logins.seq))
    .limit(limit)
  return oncePerSession(live)
}

/** The session has neither ended nor run out. */
export function isLiveAt(now: number) {
  return and(
    isNull(logins.sessionEndedAt),
    sql`coalesce(${logins.sessionExpiresAt}, ${logins.occurredAt} + ${SESSION_DEFAULT_LIFETIME_MS})
      > ${now}`,
  )
}

/** The first of each session. */
export function oncePerSession(all: readonly Login[]): readonly Login[] {
  return all.filter(
    (login, index) => all.findIndex((other) => other.sessionId === login.sessionId) === index,
  )
}

/** Newest first; `before` is the cursor: the sequence of the last login already seen. */
export async function listLogins(
  db: Db,
  accountId: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(
      page.before === null
        ? eq(logins.accountId, accountId)
        : and(eq(logins.accountId, accountId), lt(logins.seq, page.before)),
    )
    .orderBy(desc(logins.seq))
    .limit(page.limit)
}

/** More in ten minutes are not told by number. */
const MERGED_MAX = 100

/** The logins that the SMS of `carrier` tells of, itself the first, in order. */
export async function listMerged(db: Db, carrier: Login): Promise<readonly Login[]> {
  return db
    .select()
    .from(logins)
    .where(
      and(
        eq(logins.accountId, carrier.accountId),
        between(logins.seq, carrier.seq, carrier.seq + MERGED_MAX),
        eq(logins.mergedInto, carrier.seq),
      ),
    )
    .orderBy(logins.seq)
}

/** What may change after the insert. */
export type LoginChange = Partial<
  Pick<Login, 'state' | 'suppressionReason' | 'isOpen' | 'leaseUntil' | 'wave' | 'attempts'>
>

/**
 * The statement that moves a login on, if nobody did since `login` was read; the version is what
 * makes a receipt and a consumer, writing at once, take turns.
 */
export function changeLoginStatement(db: Db, login: Login, change: LoginChange) {
  const { isOpen, ...rest } = change
  return db
    .update(logins)
    .set({
      ...rest,
      // Naming the column rewrites its index entry, one more row billed, even if nothing changes.
      ...(isOpen === undefined || isOpen === login.isOpen ? {} : { isOpen }),
      version: login.version + 1,
    })
    .where(
      and(
        eq(logins.accountId, login.accountId),
        eq(logins.seq, login.seq),
        eq(logins.version, login.version),
      ),
    )
}

/** Alerts the sweep must look at, oldest first; `after` is the cursor of the page before. */
export async function findOpenLogins(
  db: Db,
  after: Pick<Login, 'receivedAt' | 'accountId' | 'seq'> | null,
  limit: number,
): Promise<readonly Login[]> {
  const { receivedAt, accountId, seq } = after ?? { receivedAt: 0, accountId: '', seq: 0 }
  const position = sql`(${receivedAt}, ${accountId}, ${seq})`
  return db
    .select()
    .from(logins)
    .where(
      and(
        // A literal 1: with a bound value SQLite may not use the partial index.
        sql`${logins.isOpen} = 1`,
        sql`(${logins.receivedAt}, ${logins.accountId}, ${logins.seq}) > ${position}`,
      ),
    )
    .orderBy(logins.receivedAt, logins.accountId, logins.seq)
    .limit(limit)
}
