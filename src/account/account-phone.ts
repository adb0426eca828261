// What the number of an account finds, and what is known of it: whose it is, whether it takes our texts.

import { and, eq, inArray, isNotNull, lt, lte, ne, not, type SQL, sql } from 'drizzle-orm'
import { type ProfileRules, STEPS } from '../country/profile-rules.ts'
import { createBoundStatement } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { accountValues, ofAccount, ofBoundAccount } from '../lib/slot.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { type Account, CLEAN_PHONE } from './accounts.ts'
import { accountIdsByFormerPhoneSql, hasFormerPhoneSql } from './former-phone.ts'
import { isTold } from './preferences.ts'
import { accounts } from './tables.ts'

/** Accounts of one number that are looked at one by one: a bound on the cost, far beyond any person's phone. */
export const SAME_NUMBER_MAX = 200

/** Accounts whose number has one of these tags (see phone-tag.ts). */
export async function findAccountsByPhone(
  db: Db,
  phoneTags: readonly string[],
): Promise<readonly Account[]> {
  return db.select().from(accounts).where(hasPhoneTag(phoneTags)).limit(SAME_NUMBER_MAX)
}

/**
 * A SELECT of `slot` and `account_id`, for a query of another room's: accounts of which this is the number, or a former one while
 * that is told. Its SMS say how to lock too.
 */
export function accountIdsByPhoneSql(phoneTags: readonly string[], now: number): SQL {
  return sql`SELECT * FROM (SELECT ${accounts.slot}, ${accounts.accountId} FROM ${accounts}
      WHERE ${hasPhoneTag(phoneTags)} LIMIT ${SAME_NUMBER_MAX})
    UNION SELECT * FROM (${accountIdsByFormerPhoneSql(phoneTags, now)})`
}

function hasPhoneTag(phoneTags: readonly string[]) {
  return and(inArray(accounts.phoneTag, [...phoneTags]), isNotNull(accounts.phoneTag))
}

/** A day, then providers are asked again: numbers come to life, and what was said of one may have been false. */
const MARK_MS = DAY_MS

/** What holds of the number now; a login's insert has the same rule as SQL (login/insert-login.ts). */
export function phoneStateAt(
  account: Pick<Account, 'phoneState' | 'phoneStateUntil'>,
  now: number,
): Account['phoneState'] {
  const { phoneState, phoneStateUntil } = account
  return phoneStateUntil !== null && phoneStateUntil <= now ? 'ok' : phoneState
}

/**
 * Writes down an opt-out or takes it back, if the account has the number still, or for every account of the number that is
 * in this database; changes nothing where it stands already, or `when` is not true in its batch.
 */
export function optOutStatement(
  db: Db,
  phoneTags: readonly string[],
  isOptedOut: boolean,
  now: number,
  when: SQL = sql`true`,
  accountId?: string,
) {
  const isMeant = accountId === undefined ? undefined : ofAccount(accounts, accountId)
  return db
    .update(accounts)
    .set({
      phoneState: isOptedOut ? 'opted_out' : 'ok',
      phoneStateCode: isOptedOut ? 'stop_reply' : null,
      phoneStateUntil: null,
      updatedAt: now,
    })
    .where(and(isMeant, hasPhoneTag(phoneTags), wouldChange(isOptedOut), when))
}

/** True before `optOutStatement` in the same batch, if that is going to change anything. */
export function optOutIsNewsSql(accountId: string, isOptedOut: boolean): SQL {
  const isNews = and(ofAccount(accounts, accountId), wouldChange(isOptedOut))
  return sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${isNews})`
}

/** START takes back an opt-out, nothing else: a number that does not exist stays so. */
function wouldChange(isOptedOut: boolean) {
  return isOptedOut ? not(isStopped()) : eq(accounts.phoneState, 'opted_out')
}

/** By the owner's own STOP. */
function isStopped(): SQL {
  return sql`(${accounts.phoneState} = 'opted_out' AND ${accounts.phoneStateUntil} IS NULL)`
}

export type PhoneMark = {
  readonly accountId: string
  readonly state: 'invalid' | 'opted_out'
  readonly code: string
  /** When the number was called: a newer one must not inherit the mark. */
  readonly calledAt: number
  /** Of a login whose device, country and network were known. */
  readonly isFamiliar: boolean
  readonly profile: Pick<ProfileRules, 'alerts'>
}

/**
 * Shows on the account what providers proved of its number, if `when` is true in its batch; a STOP stays. What the account
 * did not want at its number went to the former one alone (`isTold`): that says nothing of the present one.
 */
export function markPhoneStatement(db: Db, mark: PhoneMark, when: SQL, now: number) {
  const { accountId, state, code, calledAt, isFamiliar, profile } = mark
  const wanting = STEPS.alerts.filter((choice) => isTold(choice, profile, isFamiliar))
  return db
    .update(accounts)
    .set({
      phoneState: state,
      phoneStateCode: code,
      phoneStateUntil: now + MARK_MS,
      // Not `updatedAt`: what was called before the mark may still prove it false, what was called before a new number not.
    })
    .where(
      and(
        ofAccount(accounts, accountId),
        // While it is marked, the former number alone is called.
        sql`(${accounts.phoneState} = 'ok' OR ${accounts.phoneStateUntil} <= ${calledAt})`,
        inArray(accounts.alerts, wanting),
        lte(accounts.updatedAt, calledAt),
        when,
      ),
    )
}

export type PhoneProof = {
  readonly accountId: string
  /** When the number was called, in whole seconds; absent where nobody knows, and then it proves nothing. */
  readonly startedAt?: number
}

/**
 * A text arrived: whatever providers said of the number was false, or is over. Not of a number that came after the call. A STOP
 * stays, and so does all while a former number is told, which may have got it instead. Writes only where a mark is.
 */
export function healPhoneStatement(
  db: Db,
  { accountId, startedAt }: PhoneProof,
  now: number,
): D1PreparedStatement {
  const calledBefore = startedAt === undefined ? 0 : startedAt + SECOND_MS
  return bindHeal(db, 'heal', { ...accountValues(accountId), now, calledBefore })
}

const bindHeal = createBoundStatement((db, _shape: 'heal') => {
  const now = sql`${sql.placeholder('now')}`
  return db
    .update(accounts)
    .set({ phoneState: 'ok', phoneStateCode: null, phoneStateUntil: null, updatedAt: now })
    .where(
      and(
        ofBoundAccount(accounts),
        ne(accounts.phoneState, 'ok'),
        isNotNull(accounts.phoneStateUntil),
        not(hasFormerPhoneSql(now)),
        lt(accounts.updatedAt, sql`${sql.placeholder('calledBefore')}`),
      ),
    )
})

/** By hand: what providers said of the number is over. A STOP of the owner's stays. */
export function undoMarkStatement(db: Db, accountId: string, now: number) {
  return db
    .update(accounts)
    .set({ ...CLEAN_PHONE, updatedAt: now })
    .where(
      and(
        ofAccount(accounts, accountId),
        ne(accounts.phoneState, 'ok'),
        isNotNull(accounts.phoneStateUntil),
      ),
    )
}
