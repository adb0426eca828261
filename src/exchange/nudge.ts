// Makes the queue bring a stored callback now. The row is the truth: a nudge that is lost costs time (the
// sweep sends another), never the callback.

import type { Context } from '../context.ts'
import { errorFields, logError } from '../lib/log.ts'

export async function nudgeCallback(
  context: Context,
  accountId: string,
  callbackId: string,
): Promise<void> {
  try {
    await context.callbacks.send({ kind: 'callback', accountId, callbackId })
  } catch (error) {
    logError('request.failed', { callback_id: callbackId, ...errorFields(error) })
  }
}
