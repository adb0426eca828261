// What we tell the exchange, and when we try again. Pure: builds the event and names the next
// instant; sending and storing are elsewhere.

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'

export type CallbackType =
  | 'account.locked'
  | 'hold.started'
  | 'hold.lifted'
  | 'session.revoked'
  | 'session.confirmed'
  | 'phone.bound'
  | 'phone.changed'
  | 'protection.changed'
  | 'passkey.added'
  | 'alert.undelivered'
  | 'alert.budget_used'
  | 'alert.unserved'

/** `stopped`: the exchange answered 410. `dead`: all retries used; the operator sees it. */
export type CallbackState = 'open' | 'confirmed' | 'stopped' | 'dead'

/** Standard Webhooks payload: type, timestamp, data. The text is signed as it is, so it is stored. */
export function callbackBody(
  type: CallbackType,
  at: number,
  data: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
}

// A lock is someone's money leaving: seconds first, then minutes, then hours, for ever.
const LOCK_DELAYS_MS = [
  ...[1, 1, 3, 5, 20].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE_MS),
]
const LOCK_TAIL_MS = HOUR_MS

// The example schedule of Standard Webhooks, "Deliverability and reliability": three days in all.
const OTHER_DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

export function isLockEvent(type: CallbackType): boolean {
  return type === 'account.locked'
}

/**
 * How long to wait after `attempts` failed attempts, in milliseconds; null when it is time to give
 * up, which never comes for a lock. The first attempts of a lock are due 0, 1, 2, 5, 10 and 30 s
 * after the tap.
 */
export function nextDelayMs(type: CallbackType, attempts: number): number | null {
  if (isLockEvent(type)) return LOCK_DELAYS_MS[attempts - 1] ?? LOCK_TAIL_MS
  return OTHER_DELAYS_MS[attempts - 1] ?? null
}

/** Whether the body of the exchange's 2xx says more than the status: a lock asks for several things at once. */
export function isAnswerRead(type: CallbackType): boolean {
  return type === 'account.locked'
}

/** What says whether money may go out is never stopped by an endpoint that has moved. */
export function endsBy410(type: CallbackType): boolean {
  return type !== 'account.locked' && type !== 'hold.started' && type !== 'hold.lifted'
}

export type CallbackAnswer = { readonly status: number } | { readonly error: string }

export type CallbackVerdict =
  | { readonly state: 'confirmed' }
  | { readonly state: 'stopped' | 'dead' }
  | { readonly state: 'open'; readonly retryAfterMs: number }

/**
 * What an answer means: 2xx confirms, 410 stops, anything else (a redirect too: it could lead the
 * signed body elsewhere) is tried again. A lock event is neither stopped nor dropped.
 */
export function judgeAnswer(
  type: CallbackType,
  attempts: number,
  answer: CallbackAnswer,
): CallbackVerdict {
  if ('status' in answer) {
    if (answer.status >= 200 && answer.status < 300) return { state: 'confirmed' }
    if (answer.status === 410 && endsBy410(type)) return { state: 'stopped' }
  }
  const retryAfterMs = nextDelayMs(type, attempts)
  return retryAfterMs === null ? { state: 'dead' } : { state: 'open', retryAfterMs }
}

/** Two isolates' clocks differ, and a queue's timer may ring early: a message this early waits. */
const NEARLY_DUE_MS = 5 * SECOND_MS

/**
 * For how long the message of a callback that could not be claimed waits, in milliseconds; null when it is not needed.
 * One that is leased may be its holder's own, given again because he died. One that comes long before its time is one
 * too many: who made the last attempt brings the next, and the sweep if that is lost.
 */
export function waitMs(
  callback: {
    readonly state: CallbackState
    readonly leaseUntil: number
    readonly nextAttemptAt: number
  } | null,
  now: number,
): number | null {
  if (callback?.state !== 'open') return null
  if (callback.leaseUntil > now) return callback.leaseUntil - now
  const earlyMs = Math.max(0, callback.nextAttemptAt - now)
  return earlyMs <= NEARLY_DUE_MS ? earlyMs : null
}
