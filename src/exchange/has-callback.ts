// Whether the outbox has a callback, as SQL: what a batch does after it was told hangs on that, and not on what the batch itself
// has changed since.

import { eq, type SQL, sql } from 'drizzle-orm'
import { ofAccount } from '../lib/slot.ts'
import type { Callback } from './outbox.ts'
import { callbacks } from './tables.ts'

/** For a `WHERE`; also of one that was confirmed since. */
export function hasCallbackSql({
  accountId,
  callbackId,
}: Pick<Callback, 'accountId' | 'callbackId'>): SQL {
  return sql`EXISTS (SELECT 1 FROM ${callbacks}
    WHERE ${ofAccount(callbacks, accountId)} AND ${eq(callbacks.callbackId, callbackId)})`
}
