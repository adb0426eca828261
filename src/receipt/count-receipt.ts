// What a receipt is to the figures: that the text arrived, and how long after the webhook, or that it did not.

import type { AdvancedAlert } from '../login/advance-attempt.ts'
import type { Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import type { ProviderName } from '../sms/registry.ts'
import { countMeasure } from '../watch/measure-cells.ts'
import type { ReceiptContext } from './receipt-context.ts'

/** `login`: of which it is news; null where the alert was known to have arrived. */
export function countReceipt(
  { watch, now }: Pick<ReceiptContext, 'watch' | 'now'>,
  provider: ProviderName,
  { country }: Pick<ReceiptRef, 'country'>,
  { event }: Receipt,
  login: AdvancedAlert | null,
): void {
  if (event.state === 'sent' || !login) return
  // One that gathered others waited on purpose.
  const isTimed = event.state === 'delivered' && login.mergedInto === null
  // By our own clock: the carrier's is a claim.
  const times = isTimed && login.receivedAt !== null ? { delivered: now() - login.receivedAt } : {}
  countMeasure(watch.measures, { country, provider, counts: { [event.state]: 1 }, times }, now())
}
