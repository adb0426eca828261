// Tells the exchange that an owner has bound a first number. The number itself stays here.

import { deriveId } from '../lib/ids.ts'
import { formatInstant } from '../lib/time.ts'
import type { NewCallback } from './outbox.ts'

export async function phoneBoundCallback(
  binding: { readonly accountId: string; readonly bindingId: string; readonly country: string },
  boundAt: number,
): Promise<NewCallback> {
  const { accountId, bindingId, country } = binding
  return {
    accountId,
    callbackId: await deriveId('cbk', 'phone.bound', accountId, bindingId),
    type: 'phone.bound',
    data: { account_id: accountId, country, bound_at: formatInstant(boundAt) },
  }
}
