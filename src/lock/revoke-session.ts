// Revokes one session: a small lock, without a hold. The exchange is told by callback.

import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { sessionRevokedCallback } from '../exchange/session-revoked.ts'
import { findLoginsBySession, revokeSessionStatement } from '../login/sessions.ts'
import type { ActContext } from './lock-context.ts'

/** False when the account never had such a session. Revoking an ended one changes nothing. */
export async function revokeSession(
  context: ActContext,
  accountId: string,
  sessionId: string,
): Promise<boolean> {
  const { db } = context
  const now = context.now()
  const own = await findLoginsBySession(db, sessionId, accountId)
  const [newest] = own
  if (!newest) return false
  if (own.every((login) => login.sessionEndedAt !== null)) return true

  const callback = await sessionRevokedCallback(newest, now)
  await db.batch([
    revokeSessionStatement(db, { accountId, sessionId }, now),
    insertCallbackStatement(db, callback, now),
  ])
  await nudgeCallback(context, accountId, callback.callbackId)
  return true
}
