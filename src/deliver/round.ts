// What a finished round means for the alert. Pure: the login as it is now, the calls made, the
// conclusion; out comes the change to store and what else has to follow.

import { MINUTE_MS } from '../lib/time.ts'
import { type Attempt, furthestState, mergeAttempts, numberReports } from '../login/attempt.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import type { LoginChange } from '../login/logins.ts'
import type { SuppressionReason } from '../login/state.ts'
import type { CallResult } from '../routing/failover.ts'
import type { RouteStep } from '../routing/route.ts'
import { endsAsking } from '../sms/number-verdict.ts'
import { type FailureClass, OUTCOME_CLASSES } from '../sms/outcome-classes.ts'
import type { FinishedRound, Outcome } from './outcome.ts'

/** Enough for every provider and many rounds; the oldest calls in vain of a long outage are let go. */
const ATTEMPTS_KEPT = 40

export type UndeliveredReason =
  | FailureClass
  | 'no_route'
  | 'unserved'
  | 'too_old'
  | 'login_too_old'
  | 'dead_letter'

export type AfterRound = {
  readonly change: LoginChange
  /** Set when the alert is given up: the exchange is told. */
  readonly undelivered: UndeliveredReason | null
  /** Set when the queue shall bring the alert again. */
  readonly retryAfterSeconds: number | null
}

export function toAttempt(call: CallResult): Attempt {
  const { outcome, segments } = call
  const base = {
    number: call.number,
    provider: call.provider.name,
    country: call.country,
    startedAt: call.startedAt,
    durationMs: call.durationMs,
    segments,
  }
  if (outcome.class === 'accepted') {
    return { ...base, state: 'accepted', providerMessageId: outcome.providerMessageId }
  }
  const state = outcome.class === 'ambiguous' ? 'unknown' : 'failed'
  return { ...base, state, class: outcome.class, code: outcome.code }
}

/**
 * Providers still worth a call: not those that hold the message, reported it failed later, or refused the text itself.
 * One that merely did not answer, or refused for a reason that may pass, may be asked again: a late duplicate is better
 * than no warning. Where nobody else is left, so may one that reported a failure, after a pause that doubles: each try
 * is paid for. Nobody once the recipient can or may not be reached, as a receipt may say late.
 */
export function remainingRoute(
  route: readonly RouteStep[],
  attempts: readonly Attempt[],
  receivedAt: number,
  now: number,
): RemainingRoute {
  if (finalReason(attempts) !== null) return { steps: [], comesLater: false }
  const holders = providersOf(attempts, isHeld)
  const refusers = providersOf(attempts, isRefused)
  const failers = providersOf(attempts, isFailedLater)
  const asked = providersOf(attempts, () => true)
  const worth = route.filter(({ provider: { name } }) => !holders.has(name) && !refusers.has(name))
  const fresh = worth.filter(({ provider }) => !failers.has(provider.name))
  if (holders.size > 0 || fresh.some(({ provider }) => !asked.has(provider.name))) {
    return { steps: fresh, comesLater: false }
  }
  // By our own clock: a receipt's instant is a claim.
  const calledAt = Math.max(0, ...attempts.filter(isFailedLater).map(({ startedAt }) => startedAt))
  const isDue = now >= calledAt + Math.max(FAILED_PAUSE_MS, calledAt - receivedAt)
  const steps = isDue ? worth : fresh
  return { steps, comesLater: steps.length === 0 && worth.length > 0 }
}

export type RemainingRoute = {
  readonly steps: readonly RouteStep[]
  /** Nobody is to be asked now, and somebody again later. */
  readonly comesLater: boolean
}

/** 1, 2, 4, 8 minutes of an alert that fails at once: five paid tries at most. */
const FAILED_PAUSE_MS = MINUTE_MS

function providersOf(
  attempts: readonly Attempt[],
  isSo: (attempt: Attempt) => boolean,
): ReadonlySet<string> {
  return new Set(attempts.filter(isSo).map(({ provider }) => provider))
}

function isHeld({ state }: Attempt): boolean {
  return state === 'accepted' || state === 'sent'
}

function isFailedLater({ failedAt }: Attempt): boolean {
  return failedAt !== undefined
}

function isRefused(attempt: Attempt): boolean {
  return attempt.class !== undefined && OUTCOME_CLASSES[attempt.class].isLasting
}

/** What keeps the alert from being given to that provider again. */
function isSpent(attempt: Attempt): boolean {
  return isHeld(attempt) || isRefused(attempt) || isFailedLater(attempt)
}

/** Why nobody else is asked, or null: the recipient can or may not be reached, whoever tries. */
export function finalReason(attempts: readonly Attempt[]): FailureClass | null {
  if (!endsAsking(numberReports(attempts))) return null
  const isOptedOut = attempts.some((attempt) => attempt.class === 'opted_out')
  return isOptedOut ? 'opted_out' : 'recipient_permanent'
}

export function nextAttemptNumber(attempts: readonly Attempt[]): number {
  return Math.max(0, ...attempts.map((attempt) => attempt.number)) + 1
}

/**
 * How long the queue waits before the next round, in whole seconds: a quarter of the alert's age, so
 * a new alert is tried again at once and an old one does not hammer.
 */
export function retryDelaySeconds(ageMs: number): number {
  return Math.min(30, Math.max(1, Math.ceil(ageMs / 4_000)))
}

type Suppression = Extract<FinishedRound['conclusion'], SuppressionReason>

function isSuppression(conclusion: FinishedRound['conclusion']): conclusion is Suppression {
  return conclusion === 'no_number' || conclusion === 'opted_out' || conclusion === 'number_invalid'
}

function suppressed(suppressionReason: Suppression): AfterRound {
  return {
    change: { state: 'suppressed', suppressionReason, isOpen: false, leaseUntil: null },
    undelivered: null,
    retryAfterSeconds: null,
  }
}

/**
 * What an outcome means for the alert as it is now; null for nothing new. It is asked again when the row has changed
 * meanwhile: a receipt may have come, the lease may have run out and another have taken the alert over, or this very
 * outcome may have been stored by a batch whose answer was lost.
 */
export function decideOutcome(login: Login, outcome: Outcome, now: number): AfterRound | null {
  const isOpenToAll = login.state === 'queued' || login.state === 'sending'
  const isOurs = login.state === 'sending' && login.claim === outcome.claim
  if (isOurs || (isOpenToAll && outcome.conclusion === 'dead_letter')) {
    return decideAfterRound(login, outcome, now)
  }
  const attempts = boundAttempts(mergeAttempts(login.attempts, outcome.attempts))
  if (JSON.stringify(attempts) === JSON.stringify(login.attempts)) return null
  const reached = furthestState(attempts)
  // Whoever is at it finds what we know; that a provider has the text settles it at once.
  if (isOpenToAll && reached !== null) return decideAfterRound(login, outcome, now)
  if (reached === 'delivered') {
    const change = { attempts, state: reached, isOpen: false, leaseUntil: null }
    return { change, undelivered: null, retryAfterSeconds: null }
  }
  const isRaised = reached !== null && (login.state === 'accepted' || login.state === 'sent')
  const change = isRaised ? { attempts, state: reached } : { attempts }
  return { change, undelivered: null, retryAfterSeconds: null }
}

/** For the holder of the alert. Total over conclusions. */
export function decideAfterRound(login: Login, round: FinishedRound, now: number): AfterRound {
  const attempts = boundAttempts(mergeAttempts(login.attempts, round.attempts))
  // Where nobody was ever called; else the number went between two rounds, and what the first came to stands.
  if (isSuppression(round.conclusion) && attempts.length === 0) return suppressed(round.conclusion)
  const reached = furthestState(attempts)
  if (reached !== null) {
    // Only a first wave that still waits for its receipt is looked at again.
    const isOpen = reached !== 'delivered' && login.wave === 1 && round.awaitsReceipt
    const change = { state: reached, attempts, isOpen, leaseUntil: null }
    return { change, undelivered: null, retryAfterSeconds: null }
  }
  // `accepted` and no attempt that stands: the failure receipt came before our note of the call.
  const mayHelpLater = round.conclusion === 'exhausted' || round.conclusion === 'accepted'
  if (mayHelpLater && finalReason(attempts) === null && !isTooOldToSend(login, now)) {
    const retryAfterSeconds = retryDelaySeconds(now - login.receivedAt)
    const leaseUntil = now + retryAfterSeconds * 1_000
    const change = { state: 'queued' as const, attempts, isOpen: true, leaseUntil }
    return { change, undelivered: null, retryAfterSeconds }
  }
  return {
    change: { state: 'undelivered', attempts, isOpen: false, leaseUntil: null },
    undelivered: reasonFor(round.conclusion, attempts),
    retryAfterSeconds: null,
  }
}

function reasonFor(
  conclusion: FinishedRound['conclusion'],
  attempts: readonly Attempt[],
): UndeliveredReason {
  if (conclusion === 'dead_letter') return conclusion
  const final = finalReason(attempts)
  if (final !== null) return final
  if (conclusion === 'exhausted') return 'too_old'
  return attempts.at(-1)?.class ?? (conclusion === 'unserved' ? conclusion : 'no_route')
}

function boundAttempts(attempts: readonly Attempt[]): readonly Attempt[] {
  const surplus = attempts.length - ATTEMPTS_KEPT
  if (surplus <= 0) return attempts
  // A spent provider's attempt stays: it is what keeps the alert from being given to it again.
  // The newest stays for its number; one that may still arrive goes last.
  const vain = attempts.slice(0, -1).filter((attempt) => !isSpent(attempt))
  const failed = vain.filter((attempt) => attempt.state === 'failed')
  const unknown = vain.filter((attempt) => attempt.state !== 'failed')
  const dropped = new Set([...failed, ...unknown].slice(0, surplus))
  return attempts.filter((attempt) => !dropped.has(attempt))
}
