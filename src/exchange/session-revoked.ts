// The news that one session was revoked. Its id is the session's: told once, whoever ends it.

import { deriveId } from '../lib/ids.ts'
import { formatInstant } from '../lib/time.ts'
import type { NewCallback } from './outbox.ts'

export async function sessionRevokedCallback(
  session: { readonly accountId: string; readonly sessionId: string; readonly alertId: string },
  revokedAt: number,
): Promise<NewCallback> {
  const { accountId, sessionId, alertId } = session
  return {
    accountId,
    callbackId: await deriveId('cbk', 'session.revoked', accountId, sessionId, alertId),
    type: 'session.revoked',
    data: {
      account_id: accountId,
      session_id: sessionId,
      revoked_at: formatInstant(revokedAt),
    },
  }
}
