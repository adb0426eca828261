// Whether one more code SMS may go out to a number nobody has verified yet. Whoever is paid for texts asks
// for codes and never types them: so what counts are open codes (sent, not verified), against a budget that
// verified ones earn. Pure; never stands in the way of a number that was verified before, nor lets strangers stop an
// account that is none. What an operator has stopped by hand is stopped for all.

import { DAY_MS, HOUR_MS } from '../lib/time.ts'
import type { CodePolicy } from './code-policy.ts'

/** Codes of one clock hour in a country or in one block of 10,000 numbers. */
export type CodeBucket = {
  readonly hourAt: number
  readonly sent: number
  /** Of those that were sent in this hour, whenever they were typed. */
  readonly verified: number
  /** Of those that were sent, in a country: not held against it, since one block alone is to blame. */
  readonly excused: number
}

export type CodeFacts = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** An operator lets no code go there for now, whoever asks. */
  readonly isStopped: boolean
  /** The number was verified before: by this account, on this number. */
  readonly isVerified: boolean
  /** The account is no stranger: what strangers leave open does not stop it. */
  readonly isKnown: boolean
  /** Of this SMS. */
  readonly segments: number
  /** Segments of all codes since midnight UTC. */
  readonly segmentsToday: number
  readonly ofCountry: readonly CodeBucket[]
  readonly ofPrefix: readonly CodeBucket[]
}

export type CodeRefusal =
  | 'country_stopped'
  | 'country_not_allowed'
  | 'spend_cap'
  | 'prefix_budget'
  | 'country_budget'

/** What the count has to stay within; it holds against others who ask in the same moment. */
export type CodeRoom = {
  readonly prefix: OpenLimit
  readonly country: OpenLimit
  /** Segments a day, this SMS included. */
  readonly segments: number
}

/** One more open code is allowed while there are fewer than this. */
export type OpenLimit = { readonly perHour: number; readonly perDay: number }

export type CodeDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'refuse'; readonly reason: CodeRefusal }
  /** Record-only mode: it is sent, and counted as one that would not have been. */
  | { readonly kind: 'would_refuse'; readonly reason: CodeRefusal }

/** A decision to send says within which room it holds, and whether the country answers for it. */
export type CodeAdvice =
  | { readonly kind: 'send'; readonly room: CodeRoom; readonly isExcused: boolean }
  | Exclude<CodeDecision, { readonly kind: 'send' }>

/** Older buckets say nothing any more. */
export const CODE_MEMORY_MS = 14 * DAY_MS

/** What a country or a block may leave open beyond what it has earned: all there is when it is new. */
const NEW_COUNTRY: OpenLimit = { perHour: 30, perDay: 60 }
const NEW_PREFIX: OpenLimit = { perHour: 5, perDay: 10 }

/** What other days have earned may not be used up in one hour. */
const HOURS_PER_DAY_EARNED = 4

/**
 * Of the starting budget, what is left by the share of codes that were verified: 60 to 80 % is healthy and
 * below 20 % an attack (developers.telnyx.com, Verify, rate limiting and fraud prevention); Vonage's fraud
 * system, as Deutsche Telekom documents it, alerts from 35 % down.
 */
const STEPS: readonly { readonly below: number; readonly kept: number }[] = [
  { below: 0.2, kept: 1 / 8 },
  { below: 0.35, kept: 1 / 2 },
]

/** Ten codes of a middling share stand for what is not known yet: two bad ones are no attack. */
const PRIOR = { sent: 10, verified: 6 }

/** So many open codes of one block do not bring a country below 35 %; those of two blocks do. */
const ANSWERED_PER_BLOCK = 5

const NO_LIMIT: OpenLimit = { perHour: 1e9, perDay: 1e9 }
const NO_ROOM_NEEDED: CodeRoom = { prefix: NO_LIMIT, country: NO_LIMIT, segments: 1e9 }

export function decideCode(facts: CodeFacts, policy: CodePolicy, now: number): CodeAdvice {
  // Also where the guard only records: somebody has said so.
  if (facts.isStopped) return { kind: 'refuse', reason: 'country_stopped' }
  if (facts.isVerified) return { kind: 'send', room: NO_ROOM_NEEDED, isExcused: false }
  if (policy.countries !== '*' && !policy.countries.has(facts.country)) {
    return refusal(policy, 'country_not_allowed')
  }
  if (facts.segmentsToday + facts.segments > policy.spendCapSegments) {
    return refusal(policy, 'spend_cap')
  }
  const segments = policy.spendCapSegments
  if (facts.isKnown) {
    return { kind: 'send', room: { ...NO_ROOM_NEEDED, segments }, isExcused: false }
  }
  const prefix = tally(facts.ofPrefix, now)
  const prefixBudget = openBudget(prefix, NEW_PREFIX)
  if (!hasRoom(prefix, prefixBudget)) return refusal(policy, 'prefix_budget')

  // A block that has earned its codes itself does not suffer from an attack on its neighbours.
  const ownBudget = { ...prefixBudget, perDay: earnedPerDay(prefix) }
  if (hasRoom(prefix, ownBudget)) {
    const room = { prefix: ownBudget, country: NO_LIMIT, segments }
    return { kind: 'send', room, isExcused: false }
  }
  const country = tally(facts.ofCountry, now)
  const countryBudget = openBudget(country, NEW_COUNTRY)
  if (!hasRoom(country, countryBudget)) return refusal(policy, 'country_budget')
  const room = { prefix: prefixBudget, country: countryBudget, segments }
  return { kind: 'send', room, isExcused: isExcused(prefix, country) }
}

/** A country answers for the first codes of a bad block only, until there are more bad blocks. */
function isExcused(prefix: Tally, country: Tally): boolean {
  const isBadBlock = prefix.open >= ANSWERED_PER_BLOCK && prefix.open > prefix.verified
  return isBadBlock && keptShare(country) === 1
}

/** What is done about a code that has no room: stopped, or only noted. */
export function refusal(
  policy: CodePolicy,
  reason: CodeRefusal,
): Exclude<CodeDecision, { kind: 'send' }> {
  return { kind: policy.isEnforced ? 'refuse' : 'would_refuse', reason }
}

/** The budgets in force, for an operator's page and for tests. */
export function codeBudgets(
  facts: Pick<CodeFacts, 'ofCountry' | 'ofPrefix'>,
  now: number,
): { readonly country: OpenLimit; readonly prefix: OpenLimit } {
  return {
    country: openBudget(tally(facts.ofCountry, now), NEW_COUNTRY),
    prefix: openBudget(tally(facts.ofPrefix, now), NEW_PREFIX),
  }
}

type Tally = {
  readonly open: number
  readonly verified: number
  readonly openThisHour: number
  readonly openToday: number
  readonly verifiedThisHour: number
  readonly verifiedToday: number
  readonly verifiedPerDay: number
  /** 0 to 1; of earlier hours only, since the codes of this one may still be typed. */
  readonly conversion: number
}

function tally(all: readonly CodeBucket[], now: number): Tally {
  const hourAt = codeHourAt(now)
  const buckets = all.filter((bucket) => bucket.hourAt > hourAt - CODE_MEMORY_MS)
  const thisHour = sum(buckets.filter((bucket) => bucket.hourAt === hourAt))
  const today = sum(buckets.filter((bucket) => bucket.hourAt > hourAt - DAY_MS))
  const settled = sum(buckets.filter((bucket) => bucket.hourAt < hourAt))
  const { open, verified } = sum(buckets)
  return {
    open,
    verified,
    openThisHour: thisHour.open,
    openToday: today.open,
    verifiedThisHour: thisHour.verified,
    verifiedToday: today.verified,
    verifiedPerDay: verified / (CODE_MEMORY_MS / DAY_MS),
    conversion:
      (settled.verified + PRIOR.verified) / (settled.open + settled.verified + PRIOR.sent),
  }
}

function sum(buckets: readonly CodeBucket[]): { readonly open: number; readonly verified: number } {
  return buckets.reduce(
    (total, { sent, verified, excused }) => ({
      open: total.open + Math.max(0, sent - verified - excused),
      verified: total.verified + verified,
    }),
    { open: 0, verified: 0 },
  )
}

/** Of the start, by how much of what went out was typed. */
function keptShare({ conversion }: Tally): number {
  return STEPS.find(({ below }) => conversion < below)?.kept ?? 1
}

/** Each verified code lets one other stay open: half of what goes out is typed, or it stops. */
function earnedPerDay({ verifiedToday, verifiedPerDay }: Tally): number {
  return Math.floor(Math.max(verifiedToday, verifiedPerDay))
}

function openBudget(counted: Tally, start: OpenLimit): OpenLimit {
  const kept = keptShare(counted)
  const perDay = earnedPerDay(counted)
  const perHour = Math.max(counted.verifiedThisHour, Math.floor(perDay / HOURS_PER_DAY_EARNED))
  return {
    perHour: perHour + Math.max(1, Math.floor(start.perHour * kept)),
    perDay: perDay + Math.max(1, Math.floor(start.perDay * kept)),
  }
}

function hasRoom({ openThisHour, openToday }: Tally, { perHour, perDay }: OpenLimit): boolean {
  return openThisHour < perHour && openToday < perDay
}

/** The clock hour `at` falls into: where its code is counted. */
export function codeHourAt(at: number): number {
  return at - (at % HOUR_MS)
}
