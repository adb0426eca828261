// One call to one provider, and how what is known of it grows. Moves only forward; reads no clock and
// no storage.

import type { NumberReport } from '../sms/number-verdict.ts'
import type { FailureClass } from '../sms/outcome-classes.ts'
import type { ProviderName } from '../sms/registry.ts'

/** `unknown`: no answer we could read; the provider may or may not have sent it. */
export type AttemptState = (typeof ATTEMPT_STATES)[number]

export const ATTEMPT_STATES = ['accepted', 'sent', 'delivered', 'failed', 'unknown'] as const

/** One call to one provider and what became of it. */
export type Attempt = {
  /** 1, 2, 3 … within the alert; with the provider, what a receipt refers to. */
  readonly number: number
  readonly provider: ProviderName
  /** Of the number called; absent in attempts of former deployments. */
  readonly country?: string
  readonly state: AttemptState
  readonly startedAt: number
  readonly durationMs: number
  readonly segments: number
  readonly class?: FailureClass
  readonly code?: string
  readonly providerMessageId?: string
  readonly sentAt?: number
  readonly deliveredAt?: number
  readonly failedAt?: number
}

/** What the attempts say of the number, for number-verdict.ts. */
export function numberReports(attempts: readonly Attempt[]): readonly NumberReport[] {
  return attempts.map(({ provider, class: failureClass, code, failedAt }) => ({
    provider,
    class: failureClass,
    code,
    isReceipt: failedAt !== undefined,
  }))
}

/** How far an attempt has come: receipts only ever move it up. */
const RANK: Readonly<Record<AttemptState, number>> = {
  unknown: 0,
  accepted: 1,
  sent: 2,
  failed: 3,
  delivered: 4,
}

/**
 * The further of two views of one attempt, with what either knows. `delivered` beats a late
 * `failed`: carriers report both, and only the first needs a phone to be true.
 */
export function furtherAttempt(left: Attempt, right: Attempt): Attempt {
  const [lower, upper] = RANK[right.state] >= RANK[left.state] ? [left, right] : [right, left]
  const further = {
    // First, for the order of keys alone: equal knowledge has to be equal text.
    ...left,
    ...lower,
    ...upper,
    // A receipt may overtake our own note of the call; the call's figures are the true ones.
    startedAt: Math.min(left.startedAt, right.startedAt),
    durationMs: Math.max(left.durationMs, right.durationMs),
    segments: Math.max(left.segments, right.segments),
  }
  if (further.state === 'failed' || further.state === 'unknown') return further
  // It was taken, or arrived: what silence, an answer or another receipt had to complain of is no failure of it.
  const { class: _class, code: _code, ...taken } = further
  return taken
}

/** Which attempt is meant: its number alone does not say, see `mergeAttempts`. */
export type AttemptId = Pick<Attempt, 'number' | 'provider'>

export function findAttempt(attempts: readonly Attempt[], id: AttemptId): Attempt | undefined {
  return attempts.find(({ number, provider }) => number === id.number && provider === id.provider)
}

/**
 * Both lists by number and provider, each attempt at its furthest. A round that takes over from a dead isolate does not
 * know how far that one came and gives its numbers again: both attempts are real, and each has receipts of its own.
 */
export function mergeAttempts(
  left: readonly Attempt[],
  right: readonly Attempt[],
): readonly Attempt[] {
  const key = ({ number, provider }: AttemptId) => `${number} ${provider}`
  const merged = new Map(left.map((attempt) => [key(attempt), attempt]))
  for (const attempt of right) {
    const known = merged.get(key(attempt))
    merged.set(key(attempt), known ? furtherAttempt(known, attempt) : attempt)
  }
  return [...merged.values()].sort((a, b) => a.number - b.number)
}

/** The furthest any attempt has come, or null when none is known to have been taken. */
export function furthestState(
  attempts: readonly Attempt[],
): 'accepted' | 'sent' | 'delivered' | null {
  if (attempts.some((attempt) => attempt.state === 'delivered')) return 'delivered'
  if (attempts.some((attempt) => attempt.state === 'sent')) return 'sent'
  if (attempts.some((attempt) => attempt.state === 'accepted')) return 'accepted'
  return null
}
