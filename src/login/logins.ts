// The SQL of logins: read, move on (insert-login.ts stores them, claim-login.ts claims them, sessions.ts ends them).
// Every statement names one account or one alert; only `findOpenLogins` crosses accounts, through the partial index
// of what is still open.

import { and, desc, eq, getTableColumns, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { createBoundStatement } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { accountValues, ofAccount, ofBoundAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { PRIVATE_RELAY } from '../place/relay.ts'
import type { Login } from './login.ts'
import type { AlertState, PushNote, SuppressionReason } from './state.ts'
import { logins } from './tables.ts'

export async function findLogin(
  db: Db,
  key: { readonly accountId: string; readonly seq: number },
): Promise<Login | null> {
  const [login] = await db
    .select()
    .from(logins)
    .where(and(ofAccount(logins, key.accountId), eq(logins.seq, key.seq)))
  return login ?? null
}

export async function findLoginByAlert(db: Db, alertId: string): Promise<Login | null> {
  const [login] = await db.select().from(logins).where(eq(logins.alertId, alertId))
  return login ?? null
}

/** Any number of them, in no order: the ids are one bound value. */
export async function findLoginsByAlerts(
  db: Db,
  alertIds: readonly string[],
): Promise<readonly Login[]> {
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(alertIds)}))`
  return db.select().from(logins).where(sql`${logins.alertId} IN ${ids}`)
}

const carrier = alias(logins, 'carrier')

/** Of an SMS that told nobody. */
const UNTOLD = ['undelivered', 'suppressed'] as const satisfies readonly AlertState[]

/**
 * Newest first; `before` is the cursor: the sequence of the last login already seen. A merged login whose SMS told nobody
 * shows the end of that SMS: it is not stored twice, since a late receipt may still change it.
 */
export async function listLogins(
  db: Db,
  accountId: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Login[]> {
  const found = await db
    .select({
      ...getTableColumns(logins),
      endState: sql<AlertState | null>`${carrier.state}`.as('end_state'),
      endReason: sql<SuppressionReason | null>`${carrier.suppressionReason}`.as('end_reason'),
    })
    .from(logins)
    .leftJoin(
      carrier,
      and(
        eq(logins.state, 'merged'),
        ofAccount(carrier, accountId),
        eq(carrier.seq, logins.mergedInto),
        inArray(carrier.state, [...UNTOLD]),
      ),
    )
    .where(
      page.before === null
        ? ofAccount(logins, accountId)
        : and(ofAccount(logins, accountId), lt(logins.seq, page.before)),
    )
    .orderBy(desc(logins.seq))
    .limit(page.limit)
  return found.map(({ endState, endReason, ...login }) =>
    endState === null ? login : { ...login, state: endState, suppressionReason: endReason },
  )
}

/** Logins that one SMS tells of. */
export type Merged = {
  /** Of all alerts, in no order. */
  readonly numbers: readonly number[]
  /** Not all of them are usual: of a known device, country and network. */
  readonly isMixed: boolean
  /** Some of them were on devices that the account had not been seen on; its first login does not count. */
  readonly isNewDevice: boolean
  /** Whose facts are told: the most unusual of them, and of those alike the newest. */
  readonly told: Login | null
}

/** The logins that the SMS of `login` tells of, itself the first. However many there are, two rows come back. */
export async function readMerged(db: Db, login: Login): Promise<Merged> {
  const isMerged = isMergedInto(login)
  const [[all], [told]] = await db.batch([
    db
      .select({
        numbers: sql<string>`json_group_array(${logins.alertNumber})`,
        familiar: sql<number>`coalesce(sum(${logins.isFamiliar}), 0)`,
        newDevices: sql<number>`coalesce(sum(${logins.isNewDevice} AND ${logins.seq} > 1), 0)`,
      })
      .from(logins)
      .where(isMerged),
    db
      .select()
      .from(logins)
      .where(isMerged)
      .orderBy(
        logins.isFamiliar,
        desc(logins.isNewCountry),
        sql`${logins.isFamiliar} = 0 AND coalesce(${logins.hosting}, ${PRIVATE_RELAY}) <> ${PRIVATE_RELAY} DESC`,
        desc(logins.seq),
      )
      .limit(1),
  ])
  const numbers: readonly number[] = JSON.parse(all?.numbers ?? '[]')
  const isMixed = numbers.length > (all?.familiar ?? 0)
  return { numbers, isMixed, isNewDevice: (all?.newDevices ?? 0) > 0, told: told ?? null }
}

function isMergedInto({ accountId, seq }: Pick<Login, 'accountId' | 'seq'>) {
  return and(ofAccount(logins, accountId), gte(logins.seq, seq), eq(logins.mergedInto, seq))
}

/** How many logins the SMS of `login` was to tell of … */
export function mergedCountSql(login: Login): SQL {
  return sql`(SELECT count(*) FROM ${logins} WHERE ${isMergedInto(login)})`
}

/** … and a JSON list of their sessions, newest first; an activity may have none. */
export function mergedSessionsSql(login: Login, limit: number): SQL {
  return sql`(SELECT json_group_array(session_id) FROM (
    SELECT session_id FROM ${logins} WHERE ${isMergedInto(login)} AND session_id <> ''
    GROUP BY session_id ORDER BY max(seq) DESC LIMIT ${limit}))`
}

export type LoginKey = Pick<Login, 'accountId' | 'seq' | 'alertId'>

/** What may change after the insert. */
export type LoginChange = Partial<
  Pick<Login, 'state' | 'suppressionReason' | 'isOpen' | 'leaseUntil' | 'wave' | 'attempts'>
>

/** The row that was read, and not one that an account which was erased and came back has in its place. */
export function isSameLogin({ accountId, seq, alertId }: LoginKey) {
  return and(ofAccount(logins, accountId), eq(logins.seq, seq), eq(logins.alertId, alertId))
}

/**
 * The statement that moves a login on, if nobody did since `login` was read; the version is what
 * makes a receipt and a consumer, writing at once, take turns.
 */
export function changeLoginStatement(
  db: Db,
  login: Login,
  { isOpen, ...rest }: LoginChange,
): D1PreparedStatement {
  const change: LoginChange = {
    ...rest,
    // Naming the column rewrites its index entry, one more row billed, even if nothing changes.
    ...(isOpen === undefined || isOpen === login.isOpen ? {} : { isOpen }),
  }
  const { accountId, seq, alertId, version } = login
  return bindChange(db, Object.keys(change).sort().join(' '), {
    ...change,
    ...accountValues(accountId),
    seq,
    alertId,
    version,
  })
}

/** The shape: which columns change. */
const bindChange = createBoundStatement((db, columns: string) => {
  const changed = columns.split(' ').map((column) => [column, sql.placeholder(column)])
  return db
    .update(logins)
    .set({ ...Object.fromEntries(changed), version: sql`${logins.version} + 1` })
    .where(
      and(
        ofBoundAccount(logins),
        eq(logins.seq, sql.placeholder('seq')),
        eq(logins.alertId, sql.placeholder('alertId')),
        eq(logins.version, sql.placeholder('version')),
      ),
    )
})

/** True for the batch whose `changeLoginStatement` has just brought `login`, as it was read, to `state`. */
function hasJustComeTo(login: Login, state: AlertState): SQL {
  return sql`EXISTS (SELECT 1 FROM ${logins} WHERE ${isSameLogin(login)}
    AND version = ${login.version + 1} AND state = ${state})`
}

/** True for the batch that has just given it up. */
export function isGivenUpSql(login: Login): SQL {
  return hasJustComeTo(login, 'undelivered')
}

/** True for the batch that has just learnt of its delivery. */
export function isDeliveredSql(login: Login): SQL {
  return hasJustComeTo(login, 'delivered')
}

/** Stores what became of the push notifications, once. */
export function notePushesStatement(db: Db, login: LoginKey, pushes: readonly PushNote[]) {
  return db
    .update(logins)
    .set({ pushes })
    .where(and(isSameLogin(login), sql`${logins.pushes} = '[]'`))
}

export type OpenLoginKey = Pick<Login, 'receivedAt' | 'accountId' | 'seq'>

/** Alerts the sweep must look at, oldest first; `after` is the cursor of the page before. */
export async function findOpenLogins(
  db: Db,
  after: OpenLoginKey | null,
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

/** Whether the oldest login that is kept, or activity, came a day before or earlier: for a `WHERE`. One row read. */
export function isOldByLoginsSql(accountId: string, now: number): SQL {
  return sql`coalesce((SELECT received_at FROM ${logins} WHERE ${ofAccount(logins, accountId)}
    ORDER BY seq LIMIT 1), ${now}) <= ${now - DAY_MS}`
}
