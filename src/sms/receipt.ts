// A receipt out of what a provider's report holds; what it does not hold stays absent, not undefined.

import type { Receipt } from './provider.ts'

/** `ref` undefined: not echoed. `at` null: the report gives no instant that can be read. */
export function makeReceipt(
  providerMessageId: string,
  event: Receipt['event'],
  ref: string | undefined,
  at: number | null,
): Receipt {
  return {
    ...(ref === undefined ? {} : { ref }),
    providerMessageId,
    event,
    ...(at === null ? {} : { at }),
  }
}
