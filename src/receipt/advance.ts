// The usual receipt in one statement: the attempt is known, the alert waits for just this, nothing
// else has to follow. Whatever is not exactly so is left to the careful path (store-receipt.ts), which
// reads, decides and writes; a test holds the two against each other.

import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { logins } from '../login/tables.ts'
import type { ProviderName, Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'

type Progress = { readonly from: ('accepted' | 'sent')[]; readonly instant: string }

const PROGRESS: Readonly<Record<'sent' | 'delivered', Progress>> = {
  sent: { from: ['accepted'], instant: 'sentAt' },
  delivered: { from: ['accepted', 'sent'], instant: 'deliveredAt' },
}

/** Whether the receipt was the usual one, and is now stored. */
export async function advanceAttempt(
  db: Db,
  provider: ProviderName,
  ref: ReceiptRef,
  receipt: Receipt,
  now: number,
): Promise<boolean> {
  const { event } = receipt
  if (event.state === 'failed') return false
  const { from, instant } = PROGRESS[event.state]
  // Attempts are stored in order of their numbers; where some were let go, the check below fails.
  const path = `$[${ref.attempt - 1}]`
  const attempt = (field: string) => sql`json_extract(${logins.attempts}, ${`${path}.${field}`})`
  const result = await db
    .update(logins)
    .set({
      state: event.state,
      attempts: sql`json_set(${logins.attempts},
        ${`${path}.state`}, ${event.state}, ${`${path}.${instant}`}, ${receipt.at ?? now})`,
      version: sql`${logins.version} + 1`,
      ...(event.state === 'delivered' ? { isOpen: false, leaseUntil: null } : {}),
    })
    .where(
      and(
        eq(logins.accountId, ref.accountId),
        eq(logins.seq, ref.seq),
        inArray(logins.state, from),
        eq(attempt('number'), ref.attempt),
        eq(attempt('provider'), provider),
        inArray(attempt('state'), from),
      ),
    )
  return result.meta.changes > 0
}
