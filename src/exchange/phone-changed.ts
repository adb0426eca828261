// Tells the exchange that an account's number is not what it was: its owner muted the alerts by STOP, or
// unmuted them.

import { deriveId } from '../lib/ids.ts'
import type { NewCallback } from './outbox.ts'

export type PhoneChange = 'opted_out' | 'opted_in'

export async function phoneChangedCallback(
  accountId: string,
  change: PhoneChange,
  at: number,
): Promise<NewCallback> {
  const callbackId = await deriveId('cbk', 'phone.changed', accountId, change, String(at))
  return {
    accountId,
    callbackId,
    type: 'phone.changed',
    data: { account_id: accountId, change, via: 'reply' },
  }
}
