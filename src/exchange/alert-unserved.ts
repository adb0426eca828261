// Tells the exchange that a number it has imported will get no alert, before the first login: a rule of the country bars
// every sender there is. Once for a number and a reason.

import { deriveId } from '../lib/ids.ts'
import type { NewCallback } from './outbox.ts'

export type Unserved = {
  readonly accountId: string
  /** Of the number; null where none is kept. */
  readonly phoneTag: string | null
  readonly country: string
  readonly reason: UnservedReason
}

export type UnservedReason = 'sender_branded' | 'sender_blocked'

export async function alertUnservedCallback(unserved: Unserved): Promise<NewCallback> {
  const { accountId, phoneTag, country, reason } = unserved
  return {
    accountId,
    callbackId: await deriveId('cbk', 'alert.unserved', accountId, phoneTag ?? '', reason),
    type: 'alert.unserved',
    data: { account_id: accountId, country, reason },
  }
}
