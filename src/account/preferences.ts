// Preferences as their owner's pages change them: only what was changed, and only where it is still what the change was
// judged by. Two at once must not make of one another's something that nobody has judged.

import { and, type SQL, sql } from 'drizzle-orm'
import { alertsFor, type ProfileRules } from '../country/profile-rules.ts'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import type { Account } from './accounts.ts'
import { accounts } from './tables.ts'

/** Whether an owner who has chosen `chosen` is told of a login, by what he wants or by what the profile gives him. */
export function isTold(
  chosen: Account['alerts'],
  profile: Pick<ProfileRules, 'alerts'>,
  isFamiliar: boolean,
): boolean {
  const alerts = alertsFor(chosen, profile)
  return alerts === 'all' || (alerts === 'unusual' && !isFamiliar)
}

export type PreferenceChange = Partial<Pick<Account, 'alerts' | 'locale' | 'phraseSealed'>>

/** What is to be changed, and the account by which that was judged. */
export type JudgedChange = { readonly judged: Account; readonly change: PreferenceChange }

/** True before `changePreferencesStatement` in its batch, if that is going to change them. */
export function isAsJudgedSql(judgedChange: JudgedChange): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${isAsJudged(judgedChange)})`
}

export function changePreferencesStatement(db: Db, judgedChange: JudgedChange, now: number) {
  return db
    .update(accounts)
    .set({ ...judgedChange.change, updatedAt: now })
    .where(isAsJudged(judgedChange))
}

/** Whether nobody but the owner's passkey ends a hold early; taken back only while no lock holds. */
export function setOwnerLiftsStatement(db: Db, accountId: string, isSet: boolean, now: number) {
  return db
    .update(accounts)
    .set({ ownerLifts: isSet ? 1 : 0, updatedAt: now })
    .where(
      and(
        ofAccount(accounts, accountId),
        isSet ? undefined : sql`coalesce(${accounts.holdUntil}, 0) <= ${now}`,
      ),
    )
}

/** Number and app as well: they decide what is asked for as proof. */
function isAsJudged({ judged, change }: JudgedChange): SQL | undefined {
  const is = (column: 'alerts' | 'locale' | 'phraseSealed') =>
    change[column] === undefined ? undefined : sql`${accounts[column]} IS ${judged[column]}`
  return and(
    ofAccount(accounts, judged.accountId),
    is('alerts'),
    is('locale'),
    is('phraseSealed'),
    sql`${accounts.phoneSealed} IS ${judged.phoneSealed}`,
    sql`${accounts.totpSealed} IS ${judged.totpSealed}`,
  )
}

/** Whether this is so of the account now; false where there is none. `fact` is over its row. */
export function hasSettingSql(accountId: string, fact: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${ofAccount(accounts, accountId)} AND ${fact})`
}
