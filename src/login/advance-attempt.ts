// The usual receipt in one statement: the attempt is known, the alert waits for just this, nothing else has to follow.
// Whatever is not exactly so changes nothing, and is left to who reads, decides and writes.

import { and, eq, inArray, sql } from 'drizzle-orm'
import { createBoundStatement } from '../lib/bound-statement.ts'
import type { Db } from '../lib/db.ts'
import { accountValues, ofBoundAccount } from '../lib/slot.ts'
import type { RawRow } from '../lib/stored-row.ts'
import { keysOf } from '../lib/table.ts'
import type { ProviderName } from '../sms/registry.ts'
import { isOfBoundAlert } from './alert-tag.ts'
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

export type AttemptKey = Pick<Login, 'accountId' | 'seq'> & {
  readonly alertTag: string
  readonly attempt: number
  readonly provider: ProviderName
  /** As the receipt has it; that of the call, where it had an answer, must be the same. */
  readonly providerMessageId: string
}

/** The attempt, and its alert, come to `state` at `at`. There are two a login: providers report both. */
export function advanceAttemptStatement(
  db: Db,
  key: AttemptKey,
  { state, at }: { readonly state: 'sent' | 'delivered'; readonly at: number },
): D1PreparedStatement {
  const { accountId, ...others } = key
  // Attempts are stored in order of their numbers; where some were let go, or are of a former deployment's form, the
  // checks of the statement fail.
  const paths = keysOf(ATTEMPT_POSITION).map((field) => [
    pathName(field),
    `$[${key.attempt - 1}][${ATTEMPT_POSITION[field]}]`,
  ])
  return bindAdvance(db, state, {
    ...Object.fromEntries(paths),
    ...accountValues(accountId),
    ...others,
    at,
  })
}

const bindAdvance = createBoundStatement((db, state: keyof typeof PROGRESS) => {
  const { from, instant } = PROGRESS[state]
  const value = (name: keyof AttemptKey | 'at') => sql`${sql.placeholder(name)}`
  const path = (field: keyof Attempt) => sql`${sql.placeholder(pathName(field))}`
  const attempt = (field: keyof Attempt) => sql`json_extract(${logins.attempts}, ${path(field)})`
  const filled = fieldsBefore(instant).map((field) => sql`${path(field)}, NULL`)
  const advance = db
    .update(logins)
    .set({
      state,
      attempts: sql`json_set(json_insert(${logins.attempts}, ${sql.join(filled, sql`, `)}),
        ${path('state')}, ${state}, ${path(instant)}, ${value('at')} - ${attempt('startedAt')})`,
      version: sql`${logins.version} + 1`,
      ...(state === 'delivered' ? { isOpen: false, leaseUntil: null } : {}),
    })
    .where(
      and(
        ofBoundAccount(logins),
        eq(logins.seq, value('seq')),
        isOfBoundAlert(),
        inArray(logins.state, from),
        eq(attempt('number'), value('attempt')),
        eq(attempt('provider'), value('provider')),
        sql`coalesce(nullif(${attempt('providerMessageId')}, ''), ${value('providerMessageId')}) = ${value('providerMessageId')}`,
        inArray(attempt('state'), from),
      ),
    )
  // For the figures; each row that is given back is one read more.
  return state === 'sent'
    ? advance
    : advance.returning({ receivedAt: logins.receivedAt, mergedInto: logins.mergedInto })
})

/** The alert that a receipt has moved on; when it came in is told only of one that has arrived. */
export type AdvancedAlert = {
  readonly receivedAt: number | null
  readonly mergedInto: number | null
}

/** What `advanceAttemptStatement` came to: null where it changed nothing. */
export function readAdvanced(result: D1Result<RawRow> | undefined): AdvancedAlert | null {
  if (!result || result.meta.changes === 0) return null
  const [row] = result.results
  const instant = (value: unknown) => (typeof value === 'number' ? value : null)
  return { receivedAt: instant(row?.received_at), mergedInto: instant(row?.merged_into) }
}

function pathName(field: keyof Attempt): string {
  return `path.${field}`
}

/** Absent fields are cut from the end, and SQLite sets no position beyond the one that comes next: these are filled up first. */
function fieldsBefore(instant: Progress['instant']): readonly (keyof Attempt)[] {
  const { country: firstAbsent, [instant]: end } = ATTEMPT_POSITION
  return keysOf(ATTEMPT_POSITION).filter(
    (field) => ATTEMPT_POSITION[field] >= firstAbsent && ATTEMPT_POSITION[field] < end,
  )
}
