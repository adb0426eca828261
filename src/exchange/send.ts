// One attempt at one callback: claim, sign, POST, judge, store. Follows no redirect, and reads no body but that of a lock's
// confirmation, which may speak of single actions: up to a bound, and what it says is for the caller to judge.

import type { BatchItem } from 'drizzle-orm/batch'
import * as v from 'valibot'
import type { Db } from '../lib/db.ts'
import { fetchWithin } from '../lib/fetch-within.ts'
import { parseJson } from '../lib/json.ts'
import { logInfo } from '../lib/log.ts'
import { nextTraceparent, traceIdOf } from '../lib/trace.ts'
import { findTrace } from '../login/trace.ts'
import { type CallbackAnswer, isAnswerRead, judgeAnswer, waitMs } from './callback.ts'
import type { ExchangeContext } from './exchange-context.ts'
import {
  type Callback,
  claimCallback,
  findCallback,
  finishAttemptStatement,
  putOffLift,
} from './outbox.ts'
import { signCallback } from './sign.ts'

const CALLBACK_TIMEOUT_MS = 5_000

/** What a confirmation means beside the callback's own row. */
export type Confirmation = {
  /** Of the body, and no more of it is waited for. */
  readonly bodyMaxBytes: number
  /** For the batch that stores the confirmation, before it: what `body` says, maybe cut; null where nothing follows. */
  readonly storeStatement: (
    db: Db,
    callback: Callback,
    body: string,
    now: number,
  ) => BatchItem<'sqlite'> | null
  /** Runs once for a callback. */
  readonly onConfirmed: (callback: Callback) => Promise<void>
}

const NOTHING_FOLLOWS: Confirmation = {
  bodyMaxBytes: 0,
  storeStatement: () => null,
  onConfirmed: async () => {},
}

/** When to come back in milliseconds, or null when there is nothing more to do. */
export async function sendCallback(
  context: ExchangeContext,
  accountId: string,
  callbackId: string,
  confirmation: Confirmation = NOTHING_FOLLOWS,
): Promise<number | null> {
  const db = context.dbOf(accountId)
  const callback = await claimCallback(db, accountId, callbackId, context.now())
  if (!callback) return comesBack(context, accountId, callbackId)

  const attempt = callback.attempts + 1
  const startedAt = context.now()
  const trace = await traceOf(context, callback)
  const bodyMaxBytes = isAnswerRead(callback.type) ? confirmation.bodyMaxBytes : 0
  const { answer, body } = await postCallback(context, callback, trace, bodyMaxBytes)
  const verdict = judgeAnswer(callback.type, attempt, answer)
  const note = {
    status: 'status' in answer ? answer.status : null,
    error: 'error' in answer ? answer.error : null,
  }
  const now = context.now()
  const finish = finishAttemptStatement(db, callback, verdict, note, now)
  const store =
    verdict.state === 'confirmed' ? confirmation.storeStatement(db, callback, body, now) : null
  await (store === null ? db.batch([finish]) : db.batch([store, finish]))
  logInfo('callback.attempted', {
    callback_id: callbackId,
    type: callback.type,
    attempt,
    state: verdict.state,
    duration_ms: context.now() - startedAt,
    trace_id: traceIdOf(trace) ?? undefined,
    ...note,
  })
  if (verdict.state === 'confirmed') await confirmation.onConfirmed(callback)
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
  bodyMaxBytes: number,
): Promise<{ readonly answer: CallbackAnswer; readonly body: string }> {
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
  const limits = { timeoutMs: CALLBACK_TIMEOUT_MS, bodyMaxBytes }
  const answer = await fetchWithin(context, config.callbackUrl, init, limits)
  return answer.ok
    ? { answer: { status: answer.value.status }, body: answer.value.body }
    : { answer: { error: answer.error }, body: '' }
}
