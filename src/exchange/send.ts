// One attempt at one callback: claim, sign, POST, judge, store. Follows no redirect and reads no body:
// only the status counts.

import * as v from 'valibot'
import { fetchWithin } from '../lib/fetch-within.ts'
import { parseJson } from '../lib/json.ts'
import { logInfo } from '../lib/log.ts'
import { nextTraceparent, traceIdOf } from '../lib/trace.ts'
import { findTrace } from '../login/trace.ts'
import { type CallbackAnswer, judgeAnswer, waitMs } from './callback.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { type Callback, claimCallback, findCallback, finishAttempt, putOffLift } from './outbox.ts'
import { signCallback } from './sign.ts'

const CALLBACK_TIMEOUT_MS = 5_000

/** When to come back in milliseconds, or null when there is nothing more to do. `onConfirmed` runs once for a callback. */
export async function sendCallback(
  context: ExchangeContext,
  accountId: string,
  callbackId: string,
  onConfirmed: (callback: Callback) => Promise<void> = async () => {},
): Promise<number | null> {
  const db = context.dbOf(accountId)
  const callback = await claimCallback(db, accountId, callbackId, context.now())
  if (!callback) return comesBack(context, accountId, callbackId)

  const attempt = callback.attempts + 1
  const startedAt = context.now()
  const trace = await traceOf(context, callback)
  const answer = await postCallback(context, callback, trace)
  const verdict = judgeAnswer(callback.type, attempt, answer)
  const note = {
    status: 'status' in answer ? answer.status : null,
    error: 'error' in answer ? answer.error : null,
  }
  await finishAttempt(db, callback, verdict, note, context.now())
  logInfo('callback.attempted', {
    callback_id: callbackId,
    type: callback.type,
    attempt,
    state: verdict.state,
    duration_ms: context.now() - startedAt,
    trace_id: traceIdOf(trace) ?? undefined,
    ...note,
  })
  if (verdict.state === 'confirmed') await onConfirmed(callback)
  return verdict.state === 'open' ? verdict.retryAfterMs : null
}

/**
 * When the message of a callback that could not be claimed comes back. A lift whose lock is unconfirmed is put off
 * first: that is its time then.
 */
async function comesBack(
  { dbOf, now }: ExchangeContext,
  accountId: string,
  callbackId: string,
): Promise<number | null> {
  const db = dbOf(accountId)
  const before = await findCallback(db, accountId, callbackId)
  if (before?.type !== 'hold.lifted') return waitMs(before, now())
  const { nextAttemptAt } = before
  await putOffLift(db, accountId, callbackId, now())
  const callback = await findCallback(db, accountId, callbackId)
  // Who put it off brings it again; all other messages find that it is not due.
  return callback?.state === 'open' && callback.nextAttemptAt !== nextAttemptAt
    ? callback.nextAttemptAt - now()
    : waitMs(callback, now())
}

const AlertSchema = v.object({ data: v.object({ alert_id: v.string() }) })

/** Of the login it follows from; never worth failing for. */
async function traceOf(
  { dbOf }: ExchangeContext,
  { accountId, body }: Callback,
): Promise<string | null> {
  const named = v.safeParse(AlertSchema, parseJson(body))
  if (!named.success) return null
  try {
    return await findTrace(dbOf(accountId), named.output.data.alert_id)
  } catch {
    return null
  }
}

async function postCallback(
  context: ExchangeContext,
  callback: Callback,
  trace: string | null,
): Promise<CallbackAnswer> {
  const { config, now } = context
  const headers = await signCallback(
    config.callbackSecrets,
    callback.callbackId,
    callback.body,
    now(),
  )
  const traceparent = nextTraceparent(context.randomBytes, trace)
  const init = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'user-agent': 'Lockline',
      ...(traceparent && { traceparent }),
    },
    body: callback.body,
  }
  const limits = { timeoutMs: CALLBACK_TIMEOUT_MS, bodyMaxBytes: 0 }
  const answer = await fetchWithin(context, config.callbackUrl, init, limits)
  return answer.ok ? { status: answer.value.status } : { error: answer.error }
}
