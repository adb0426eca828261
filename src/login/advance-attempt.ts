// The usual receipt in one statement: the attempt is known, the alert waits for just this, nothing else has to follow.
// Whatever is not exactly so changes nothing, and is left to who reads, decides and writes.

import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import type { ProviderName } from '../sms/registry.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

type Progress = { readonly from: ('accepted' | 'sent')[]; readonly instant: string }

const PROGRESS: Readonly<Record<'sent' | 'delivered', Progress>> = {
  sent: { from: ['accepted'], instant: 'sentAt' },
  delivered: { from: ['accepted', 'sent'], instant: 'deliveredAt' },
}

export type AttemptKey = Pick<Login, 'accountId' | 'seq'> & {
  readonly attempt: number
  readonly provider: ProviderName
}

/** The attempt, and its alert, come to `state` at `at`. */
export function advanceAttemptStatement(
  db: Db,
  key: AttemptKey,
  { state, at }: { readonly state: 'sent' | 'delivered'; readonly at: number },
) {
  const { from, instant } = PROGRESS[state]
  // Attempts are stored in order of their numbers; where some were let go, the check below fails.
  const path = `$[${key.attempt - 1}]`
  const attempt = (field: string) => sql`json_extract(${logins.attempts}, ${`${path}.${field}`})`
  return db
    .update(logins)
    .set({
      state,
      attempts: sql`json_set(${logins.attempts},
        ${`${path}.state`}, ${state}, ${`${path}.${instant}`}, ${at})`,
      version: sql`${logins.version} + 1`,
      ...(state === 'delivered' ? { isOpen: false, leaseUntil: null } : {}),
    })
    .where(
      and(
        eq(logins.accountId, key.accountId),
        eq(logins.seq, key.seq),
        inArray(logins.state, from),
        eq(attempt('number'), key.attempt),
        eq(attempt('provider'), key.provider),
        inArray(attempt('state'), from),
      ),
    )
}
