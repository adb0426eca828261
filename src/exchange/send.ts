// One attempt at one callback: claim, sign, POST, judge, store. Follows no redirect and reads no body:
// only the status counts.

import { fetchWithin } from '../lib/fetch-within.ts'
import { logInfo } from '../lib/log.ts'
import { type CallbackAnswer, judgeAnswer } from './callback.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { type Callback, claimCallback, findCallback, finishAttempt } from './outbox.ts'
import { signCallback } from './sign.ts'

const CALLBACK_TIMEOUT_MS = 5_000

/** When to come back in milliseconds, or null when there is nothing more to do. */
export async function sendCallback(
  context: ExchangeContext,
  accountId: string,
  callbackId: string,
): Promise<number | null> {
  const callback = await claimCallback(context.db, accountId, callbackId, context.now())
  if (!callback) return waitsForLock(context, accountId, callbackId)

  const startedAt = context.now()
  const answer = await postCallback(context, callback)
  const verdict = judgeAnswer(callback.type, callback.attempts, answer)
  const note = {
    status: 'status' in answer ? answer.status : null,
    error: 'error' in answer ? answer.error : null,
  }
  await finishAttempt(context.db, callback, verdict, note, context.now())
  logInfo('callback.attempted', {
    callback_id: callbackId,
    type: callback.type,
    attempt: callback.attempts,
    state: verdict.state,
    duration_ms: context.now() - startedAt,
    ...note,
  })
  return verdict.state === 'open' ? verdict.retryAfterMs : null
}

const LOCK_WAIT_MS = 5_000

/** A lift that could not be claimed because its lock is still unconfirmed comes again soon. */
async function waitsForLock(
  context: ExchangeContext,
  accountId: string,
  callbackId: string,
): Promise<number | null> {
  const callback = await findCallback(context.db, accountId, callbackId)
  return callback?.type === 'hold.lifted' && callback.state === 'open' ? LOCK_WAIT_MS : null
}

async function postCallback(context: ExchangeContext, callback: Callback): Promise<CallbackAnswer> {
  const { config, now } = context
  const headers = await signCallback(
    config.callbackSecrets,
    callback.callbackId,
    callback.body,
    now(),
  )
  const init = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Lockline' },
    body: callback.body,
  }
  const limits = { timeoutMs: CALLBACK_TIMEOUT_MS, bodyMaxBytes: 0 }
  const answer = await fetchWithin(context, config.callbackUrl, init, limits)
  return answer.ok ? { status: answer.value.status } : { error: answer.error }
}
