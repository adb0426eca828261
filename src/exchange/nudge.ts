// Makes the queue bring a stored callback now. The row is the truth: a nudge that is lost costs time (the
// sweep sends another), never the callback.

import { errorFields, logError } from '../lib/log.ts'
import { sendAll } from '../lib/sweep-page.ts'
import type { NudgeContext } from './exchange-context.ts'

export async function nudgeCallback(
  context: NudgeContext,
  accountId: string,
  callbackId: string,
): Promise<void> {
  try {
    await context.callbacks.send({ kind: 'callback', accountId, callbackId })
  } catch (error) {
    logError('request.failed', { callback_id: callbackId, ...errorFields(error) })
  }
}

/** The same for many at once. */
export async function nudgeCallbacks(
  context: NudgeContext,
  callbacks: readonly { readonly accountId: string; readonly callbackId: string }[],
): Promise<void> {
  try {
    await sendAll(
      context.callbacks,
      callbacks.map(({ accountId, callbackId }) => ({
        body: { kind: 'callback', accountId, callbackId },
      })),
    )
  } catch (error) {
    logError('request.failed', errorFields(error))
  }
}
