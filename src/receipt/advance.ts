// The usual receipt, stored in one statement. Whatever is not exactly so is left to the careful path (store-receipt.ts),
// which reads, decides and writes; a test holds the two against each other.

import { healPhoneStatement } from '../account/account-phone.ts'
import type { Db } from '../lib/db.ts'
import { advanceAttemptStatement } from '../login/advance-attempt.ts'
import type { Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import type { ProviderName } from '../sms/registry.ts'

/** Whether the receipt was the usual one, and is now stored. */
export async function advanceAttempt(
  db: Db,
  provider: ProviderName,
  ref: ReceiptRef,
  receipt: Receipt,
  now: number,
): Promise<boolean> {
  const { state } = receipt.event
  if (state === 'failed') return false
  const { providerMessageId } = receipt
  const advance = advanceAttemptStatement(
    db,
    { ...ref, provider, providerMessageId },
    { state, at: receipt.at ?? now },
  )
  // In the same call, and without a row written where the number has no mark.
  const [result] =
    state === 'delivered'
      ? await db.batch([advance, healPhoneStatement(db, ref, now)])
      : [await advance]
  return result.meta.changes > 0
}
