// Tells the exchange that an account's number is not what it was: another one, none, or muted by STOP.

import { deriveId } from '../lib/ids.ts'
import type { NewCallback } from './outbox.ts'

export type PhoneChange = 'opted_out' | 'opted_in' | 'changed' | 'removed'

/** How each comes about: by an answer to an SMS, or on the owner's pages. */
const VIA: Readonly<Record<PhoneChange, 'reply' | 'portal'>> = {
  opted_out: 'reply',
  opted_in: 'reply',
  changed: 'portal',
  removed: 'portal',
}

/** `occasion` tells one change from the next: an instant, or the id of a binding. */
export async function phoneChangedCallback(
  accountId: string,
  change: PhoneChange,
  occasion: string,
): Promise<NewCallback> {
  return {
    accountId,
    callbackId: await deriveId('cbk', 'phone.changed', accountId, change, occasion),
    type: 'phone.changed',
    data: { account_id: accountId, change, via: VIA[change] },
  }
}
