// The numbers before the present one: each is told of everything for a while, so that nobody changes a number in silence.
// What is written when the number changes, and how one ends before its time.

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount, type Whose } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { FORMER_PHONE_MS, FORMER_PHONES_MAX } from './binding-rules.ts'
import type { FormerPhone } from './former-phone-list.ts'
import { accounts } from './tables.ts'

type Account = typeof accounts.$inferSelect

/** Whoever stood this long is put out by nobody who came later. */
const STOOD_MS = DAY_MS

const listOf = (entries: SQL) =>
  sql`(SELECT CASE WHEN count(*) > 0 THEN json_group_array(json(entry)) END FROM (${entries}))`

const MEMBERS = sql.raw('json_each(former_phones)')
const fact = (name: keyof FormerPhone) => sql.raw(`value ->> '${name}'`)

/**
 * For the statement that gives the account another number, or none: what it has now becomes a former one, if `isTold`. `nextTags`
 * are those of the next number: it may stand here already, stored under an older key. A former number that is back is none any
 * more, and is as old as it was.
 *
 * Three are kept at most. Whoever may change numbers quickly must not push out the owner's: a number that stood for a day
 * goes before those that did not, and of two alike the one that was there first.
 */
export function changedPhone(now: number, nextTags: readonly string[], isTold: boolean) {
  const isAny = nextTags.length > 0
  const since = sql`coalesce(phone_since, created_at)`
  const isNext = isTagged(nextTags)
  const isPresentNext = sql`coalesce(phone_tag IN ${[...nextTags]}, false)`
  const present = sql`SELECT json_object('sealed', phone_sealed, 'tag', phone_tag, 'since', ${since},
      'until', ${now + FORMER_PHONE_MS}, 'stood', ${since} <= ${now - STOOD_MS}) AS entry
    WHERE ${isTold ? sql`phone_sealed IS NOT NULL AND NOT ${isPresentNext}` : sql`false`}`
  // One that is the present number as well goes in anew, with that.
  const isPresent = isTold
    ? sql`(phone_tag IS NOT NULL AND ${fact('tag')} IS phone_tag)`
    : sql`false`
  const kept = sql`SELECT value AS entry FROM ${MEMBERS}
    WHERE ${fact('until')} > ${now} AND NOT ${isNext} AND NOT ${isPresent}`
  const wasThere = sql`(SELECT ${fact('since')} FROM ${MEMBERS}
    WHERE ${isNext} AND ${fact('stood')} AND ${fact('until')} > ${now})`
  return {
    formerPhones: listOf(sql`SELECT entry FROM (${kept} UNION ALL ${present})
      ORDER BY entry ->> 'stood' DESC, entry ->> 'since', entry ->> 'until' LIMIT ${FORMER_PHONES_MAX}`),
    phoneSince: isAny ? sql`coalesce(${wasThere}, ${now})` : null,
  }
}

/** Whether a former number is told, over the account's row; a login's insert has the same rule (login/insert-login.ts). */
export function hasFormerPhoneSql(now: number | SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM ${MEMBERS} WHERE ${fact('until')} > ${now})`
}

/** The one that was there first, sealed, while it is told; else NULL. Over the account's row. */
export function firstFormerPhoneSql(now: number): SQL {
  return sql`(SELECT ${fact('sealed')} FROM ${MEMBERS} WHERE ${fact('until')} > ${now} LIMIT 1)`
}

/** Accounts of which a former number has one of these tags, while it is told. */
export async function findAccountsByFormerPhone(
  db: Db,
  phoneTags: readonly string[],
  now: number,
): Promise<readonly Account[]> {
  return db.select().from(accounts).where(isFormerPhone(phoneTags, now))
}

/** The same as a SELECT of `slot` and `account_id`, for a query of another room's. */
export function accountIdsByFormerPhoneSql(phoneTags: readonly string[], now: number): SQL {
  return sql`SELECT ${accounts.slot}, ${accounts.accountId} FROM ${accounts} WHERE ${isFormerPhone(phoneTags, now)}`
}

/** Whether there is one to end, for a `WHERE` before `endFormerPhoneStatement` in its batch. */
export function isFormerToldSql(accountId: string, phoneTags: readonly string[], now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${accounts}
    WHERE ${ofAccount(accounts, accountId)} AND ${isToldOf(phoneTags, now)})`
}

/** It is told no more; the other former ones, the present number and its state stay as they are. */
export function endFormerPhoneStatement(
  db: Db,
  accountId: string,
  phoneTags: readonly string[],
  now: number,
) {
  return db
    .update(accounts)
    .set({
      formerPhones: listOf(
        sql`SELECT value AS entry FROM ${MEMBERS} WHERE NOT ${isTagged(phoneTags)}`,
      ),
    })
    .where(sql`${ofAccount(accounts, accountId)} AND ${isToldOf(phoneTags, now)}`)
}

/** Those that are told no more go. */
export function forgetFormerPhonesStatement(db: Db, whose: Whose, now: number) {
  const isOver = sql`${fact('until')} < ${now}`
  return db
    .update(accounts)
    .set({ formerPhones: listOf(sql`SELECT value AS entry FROM ${MEMBERS} WHERE NOT ${isOver}`) })
    .where(
      sql`${whose(accounts)} AND former_phones IS NOT NULL
        AND EXISTS (SELECT 1 FROM ${MEMBERS} WHERE ${isOver})`,
    )
}

/** Each place of the list has an index of its own. */
function isFormerPhone(phoneTags: readonly string[], now: number): SQL {
  const places = Array.from({ length: FORMER_PHONES_MAX }, (_, place) => {
    const tag = sql.raw(`json_extract(former_phones, '$[${place}].tag')`)
    return sql`${tag} IN ${[...phoneTags]}`
  })
  return sql`(${sql.join(places, sql` OR `)}) AND ${isToldOf(phoneTags, now)}`
}

function isToldOf(phoneTags: readonly string[], now: number): SQL {
  return sql`EXISTS (SELECT 1 FROM ${MEMBERS} WHERE ${isTagged(phoneTags)} AND ${fact('until')} > ${now})`
}

function isTagged(phoneTags: readonly string[]): SQL {
  return sql`coalesce(${fact('tag')} IN ${[...phoneTags]}, false)`
}
