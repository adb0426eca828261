// How long callbacks are kept, and which outlive their account.

import { and, lt, ne, or } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { ofAccount } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { callbacks } from './tables.ts'

export const CALLBACKS_KEPT_MS = 30 * DAY_MS

/** An open one stays, however old: it has still to be told. */
export function forgetCallbacksStatements(db: Db, accountId: string, now: number) {
  return [
    db
      .delete(callbacks)
      .where(
        and(
          ofAccount(callbacks, accountId),
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
