// Which alert is meant, beside the account and its sequence: an account that is erased and comes back counts from 1 again,
// and what was said of its former alerts is not of the new ones.

import { type SQL, sql } from 'drizzle-orm'
import { SECOND_MS } from '../lib/time.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

/** Of an id such as `alr_3f9…`, whose characters are those of a hash: 40 bits, enough between alerts of one sequence. */
const TAG_FROM = 4
const TAG_LENGTH = 8

export type AlertOrigin = {
  /** Absent in references of former deployments. */
  readonly alertTag?: string
  /** Of the call, in whole seconds; absent in those of still earlier ones. */
  readonly startedAt?: number
}

/** Short enough for a reference that providers carry. */
export function makeAlertTag(alertId: string): string {
  return alertId.slice(TAG_FROM, TAG_FROM + TAG_LENGTH)
}

/**
 * Whether what `origin` tells of was done for this alert. Without a tag as far as can be known: nobody is called for a login
 * that has not come yet.
 */
export function isOfAlert(
  { alertId, receivedAt }: Pick<Login, 'alertId' | 'receivedAt'>,
  { alertTag, startedAt }: AlertOrigin,
): boolean {
  if (alertTag !== undefined) return alertTag === makeAlertTag(alertId)
  return startedAt === undefined || receivedAt < startedAt + SECOND_MS
}

/** The same of a row of logins and a value `alertTag`, for a statement that is spelled once. */
export function isOfBoundAlert(): SQL {
  // Counted from 1.
  return sql`substr(${logins.alertId}, ${TAG_FROM + 1}, ${TAG_LENGTH}) = ${sql.placeholder('alertTag')}`
}
