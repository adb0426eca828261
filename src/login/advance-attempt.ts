// The usual receipt in one statement: the attempt is known, the alert waits for just this, nothing else has to follow.
// Whatever is not exactly so changes nothing, and is left to who reads, decides and writes.

import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import type { ProviderName } from '../sms/registry.ts'
import { type AlertOrigin, isOfAlertSql } from './alert-tag.ts'
import type { Attempt } from './attempt.ts'
import { ATTEMPT_POSITION } from './attempt-codec.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

type Progress = {
  readonly from: ('accepted' | 'sent')[]
  readonly instant: 'sentAt' | 'deliveredAt'
}

const PROGRESS: Readonly<Record<'sent' | 'delivered', Progress>> = {
  sent: { from: ['accepted'], instant: 'sentAt' },
  delivered: { from: ['accepted', 'sent'], instant: 'deliveredAt' },
}

/** The first position that may be cut off. */
const ALWAYS = ATTEMPT_POSITION.country

export type AttemptKey = Pick<Login, 'accountId' | 'seq'> &
  AlertOrigin & {
    readonly attempt: number
    readonly provider: ProviderName
    /** As the receipt has it; that of the call, where it had an answer, must be the same. */
    readonly providerMessageId: string
  }

/** The attempt, and its alert, come to `state` at `at`. */
export function advanceAttemptStatement(
  db: Db,
  key: AttemptKey,
  { state, at }: { readonly state: 'sent' | 'delivered'; readonly at: number },
) {
  const { from, instant } = PROGRESS[state]
  // Attempts are stored in order of their numbers; where some were let go, or are of a former deployment's form, the
  // checks below fail.
  const path = (position: number) => `$[${key.attempt - 1}][${position}]`
  const attempt = (field: keyof Attempt) =>
    sql`json_extract(${logins.attempts}, ${path(ATTEMPT_POSITION[field])})`
  // Absent fields are cut from the end, and SQLite sets no position beyond the one that comes next: fill up first.
  const until = ATTEMPT_POSITION[instant]
  const filled = Array.from(
    { length: until - ALWAYS },
    (_, nth) => sql`${path(ALWAYS + nth)}, NULL`,
  )
  return db
    .update(logins)
    .set({
      state,
      attempts: sql`json_set(json_insert(${logins.attempts}, ${sql.join(filled, sql`, `)}),
        ${path(ATTEMPT_POSITION.state)}, ${state}, ${path(until)}, ${at} - ${attempt('startedAt')})`,
      version: sql`${logins.version} + 1`,
      ...(state === 'delivered' ? { isOpen: false, leaseUntil: null } : {}),
    })
    .where(
      and(
        ofAccount(logins, key.accountId),
        eq(logins.seq, key.seq),
        isOfAlertSql(key),
        inArray(logins.state, from),
        eq(attempt('number'), key.attempt),
        eq(attempt('provider'), key.provider),
        sql`coalesce(nullif(${attempt('providerMessageId')}, ''), ${key.providerMessageId}) = ${key.providerMessageId}`,
        inArray(attempt('state'), from),
      ),
    )
}
