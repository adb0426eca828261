// Revokes one session: a small lock, without a hold. The exchange is told by callback.

import { and, eq, isNull } from 'drizzle-orm'
import { findLoginsBySession } from '../alert/logins.ts'
import type { Context } from '../context.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError } from '../lib/log.ts'
import { formatInstant } from '../lib/time.ts'
import { logins } from '../schema.ts'

/** False when the account never had such a session. Revoking an ended one changes nothing. */
export async function revokeSession(
  context: Context,
  accountId: string,
  sessionId: string,
): Promise<boolean> {
  const { db } = context
  const now = context.now()
  const known = await findLoginsBySession(db, sessionId)
  const own = known.filter((login) => login.accountId === accountId)
  const [newest] = own
  if (!newest) return false
  if (own.every((login) => login.sessionEndedAt !== null)) return true

  const callbackId = await deriveId('cbk', 'session.revoked', accountId, sessionId, newest.alertId)
  const data = { account_id: accountId, session_id: sessionId, revoked_at: formatInstant(now) }
  await db.batch([
    db
      .update(logins)
      .set({ sessionEndedAt: now, sessionEnd: 'revoked' })
      .where(
        and(
          eq(logins.sessionId, sessionId),
          eq(logins.accountId, accountId),
          isNull(logins.sessionEndedAt),
        ),
      ),
    insertCallbackStatement(db, { accountId, callbackId, type: 'session.revoked', data }, now),
  ])
  try {
    await context.callbacks.send({ kind: 'callback', accountId, callbackId })
  } catch (error) {
    logError('request.failed', { callback_id: callbackId, ...errorFields(error) })
  }
  return true
}
