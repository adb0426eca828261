// What a receipt changes. Pure and forward-only: duplicates and receipts out of order change nothing,
// `delivered` beats everything, and a failure sends the alert on only while it is young.

import { finalReason, type UndeliveredReason } from '../deliver/round.ts'
import {
  type Attempt,
  type AttemptId,
  findAttempt,
  furthestState,
  mergeAttempts,
} from '../login/attempt.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import type { LoginChange } from '../login/logins.ts'
import type { Receipt } from '../sms/provider.ts'

export type ReceiptEffect = {
  /** Null when the receipt says nothing new. */
  readonly change: LoginChange | null
  /** The next provider is to try now. */
  readonly resend: boolean
  /** The alert is given up: the exchange is told. */
  readonly undelivered: UndeliveredReason | null
}

const NOTHING: ReceiptEffect = { change: null, resend: false, undelivered: null }

/** Who reports, of which attempt: from the authenticated reference and the path, not from the receipt's body. */
export type ReceiptSource = AttemptId & {
  /** Whom the reference was made for; undefined in those of former deployments. */
  readonly called: string | undefined
}

/** Whether it was this provider that was called, as far as can be known. */
export function isFromCalled(
  attempts: readonly Attempt[],
  { number, provider, called }: ReceiptSource,
): boolean {
  if (called !== undefined) return called === provider
  return attempts.every((attempt) => attempt.number !== number || attempt.provider === provider)
}

export function applyReceipt(
  login: Login,
  { called, ...source }: ReceiptSource,
  receipt: Receipt,
  now: number,
): ReceiptEffect {
  if (!isFromCalled(login.attempts, { called, ...source })) return NOTHING
  const known = findAttempt(login.attempts, source)
  if (known && !isAbout(receipt, known)) return NOTHING
  const reported = reportedAttempt(source, receipt, known, now)
  const attempts = mergeAttempts(login.attempts, [reported])
  if (JSON.stringify(attempts) === JSON.stringify(login.attempts)) return NOTHING

  const reached = furthestState(attempts)
  if (reached === 'delivered') {
    const change = { attempts, state: reached, isOpen: false, leaseUntil: null }
    return { ...NOTHING, change }
  }
  // A consumer or the queue has the alert: it will look at the attempts itself.
  if (login.state === 'queued' || login.state === 'sending') {
    return { ...NOTHING, change: { attempts } }
  }
  if (reached !== null) {
    const state = login.state === 'undelivered' ? login.state : reached
    return { ...NOTHING, change: { attempts, state } }
  }
  const isWaiting = login.state === 'accepted' || login.state === 'sent'
  return receipt.event.state === 'failed' && isWaiting
    ? afterFailure(login, attempts, receipt.event.class, now)
    : { ...NOTHING, change: { attempts } }
}

/** Genuine, but of another message, it says nothing of this one: whoever has one may post it to another's address. */
export function isAbout(
  { providerMessageId }: Pick<Receipt, 'providerMessageId'>,
  known: Pick<Attempt, 'providerMessageId'>,
): boolean {
  const ours = known.providerMessageId
  // Of a call that had no answer the id is not known.
  return !ours || ours === providerMessageId
}

/** The attempt as the receipt has it. */
export function reportedAttempt(
  source: AttemptId,
  receipt: Receipt,
  known: Attempt | undefined,
  now: number,
): Attempt {
  const at = receipt.at ?? now
  const { event } = receipt
  const base = {
    startedAt: now,
    durationMs: 0,
    segments: 0,
    providerMessageId: receipt.providerMessageId,
    ...known,
    ...source,
    state: event.state,
  }
  switch (event.state) {
    case 'sent':
      return { ...base, sentAt: known?.sentAt ?? at }
    case 'delivered':
      return { ...base, deliveredAt: known?.deliveredAt ?? at }
    case 'failed':
      return { ...base, failedAt: known?.failedAt ?? at, class: event.class, code: event.code }
  }
}

/** No attempt is left that could still arrive. */
function afterFailure(
  login: Login,
  attempts: readonly Attempt[],
  failure: UndeliveredReason & Attempt['class'],
  now: number,
): ReceiptEffect {
  const final = finalReason(attempts)
  if (final !== null || isTooOldToSend(login, now)) {
    const change = { attempts, state: 'undelivered' as const, isOpen: false, leaseUntil: null }
    return { change, resend: false, undelivered: final ?? failure ?? 'too_old' }
  }
  const change = {
    attempts,
    state: 'queued' as const,
    wave: login.wave + 1,
    isOpen: true,
    leaseUntil: null,
  }
  return { change, resend: true, undelivered: null }
}
