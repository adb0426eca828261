// How long callbacks are kept, and which outlive their account.

import { and, lt, ne, or } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { accountAfterStatement, ofAccount, type Whose } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { callbacks } from './tables.ts'

export const CALLBACKS_KEPT_MS = 30 * DAY_MS

export const callbackPageEnd = (db: Db, after: string, rows: number) =>
  accountAfterStatement(db, callbacks, after, rows)

/** An open one stays, however old: it has still to be told. */
export function forgetCallbacksStatements(db: Db, whose: Whose, now: number) {
  return [
    db
      .delete(callbacks)
      .where(
        and(
          whose(callbacks),
          lt(callbacks.createdAt, now - CALLBACKS_KEPT_MS),
          ne(callbacks.state, 'open'),
        ),
      ),
  ] as const
}

/** All but a lock that the exchange has not confirmed: dropping that could leave a thief's session alive. */
export function eraseCallbacksStatements(db: Db, accountId: string) {
  return [
    db
      .delete(callbacks)
      .where(
        and(
          ofAccount(callbacks, accountId),
          or(ne(callbacks.type, 'account.locked'), ne(callbacks.state, 'open')),
        ),
      ),
  ] as const
}
