// The news that the owner called a login their own, and proved it. Its id is the login's: told once.

import { deriveId } from '../lib/ids.ts'
import { formatInstant } from '../lib/time.ts'
import type { NewCallback } from './outbox.ts'

export async function sessionConfirmedCallback(
  session: { readonly accountId: string; readonly sessionId: string; readonly alertId: string },
  confirmedAt: number,
): Promise<NewCallback> {
  const { accountId, sessionId, alertId } = session
  return {
    accountId,
    callbackId: await deriveId('cbk', 'session.confirmed', accountId, sessionId, alertId),
    type: 'session.confirmed',
    data: {
      account_id: accountId,
      session_id: sessionId,
      alert_id: alertId,
      confirmed_at: formatInstant(confirmedAt),
      via: 'passkey',
    },
  }
}
