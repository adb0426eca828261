// The slow loop: once a minute, how much of its points at rest each provider keeps, everywhere and per
// country. Pure. Only takes away and gives back: good news, which may be forged, never lifts anybody
// above what the operator gave.

import type { ReceiptQuality } from '../country/sender-rules.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { breakerScope } from './breaker.ts'
import {
  BAD_PERCENT,
  type BadReason,
  type Least,
  lastBadMinuteAt,
  sumCounts,
  type Verdict,
  worstMeasure,
} from './route-evidence.ts'
import { EVIDENCE_MS, type SampleCell } from './route-samples.ts'

/** The row of a provider (`twilio`) or of it in one country (`twilio/TH`) that was lowered lately. */
export type RouteWeight = {
  readonly scope: string
  readonly keptPercent: number
  /** How often it was lowered again after a rise. */
  readonly relapses: number
  /** Not raised before, nor forgotten once it is at 100. */
  readonly retryAt: number
  readonly changedAt: number
  readonly reason: BadReason | 'recovered'
}

export type WeightStep =
  | {
      readonly kind: 'set'
      readonly weight: RouteWeight
      readonly previousPercent: number
      readonly badPercent: number
    }
  | { readonly kind: 'forget'; readonly scope: string }

export type LearningFacts = {
  readonly now: number
  readonly providers: readonly string[]
  readonly cells: readonly SampleCell[]
  readonly weights: readonly RouteWeight[]
  /** Only where receipts are a handset's can silence be held against a route. */
  readonly receiptSource: (country: string) => ReceiptQuality
}

/** The last rung is the probe: two texts of a hundred show whether it has recovered. */
const RUNGS = [100, 50, 25, 10, 2] as const
const LAST_RUNG = RUNGS.length - 1
/** From this share of bad ones on, two rungs at once. */
const SEVERE_PERCENT = 50
/** Little is enough against one that was found bad a moment ago. */
const LEAST: Least = { samples: 12, bad: 4 }
const LEAST_LOWERED: Least = { samples: 3, bad: 2 }
/** Another is better only if clearly: with less than half the share of bad ones, just now. */
const BETTER_SHARE = 0.5
const JUST_NOW_MS = 5 * MINUTE_MS

const QUIET_MS = 15 * MINUTE_MS
const QUIET_MAX_MS = 120 * MINUTE_MS
const STEP_UP_MS = 5 * MINUTE_MS
/** Nobody asked it, so nothing can be known: then it rises unseen, one rung at a time. */
const UNASKED_MS = 30 * MINUTE_MS
/** So long a relapse is remembered. */
const PROBATION_MS = 120 * MINUTE_MS
/** A quiet time that is put off by less is left as it is: each change is a row written. */
const PUT_OFF_LEAST_MS = 4 * MINUTE_MS

/** Without a bad sample for so long it may rise; doubles with each relapse. */
export function quietMs(relapses: number): number {
  return Math.min(QUIET_MS * 2 ** Math.min(relapses, 10), QUIET_MAX_MS)
}

export function decideWeights(facts: LearningFacts): readonly WeightStep[] {
  const learning = prepare(facts)
  const known = facts.providers.flatMap((provider) => decideProvider(learning, provider))
  const forgotten = facts.weights
    .filter(({ scope }) => !facts.providers.includes(scope.split('/')[0] ?? ''))
    .map(({ scope }): WeightStep => ({ kind: 'forget', scope }))
  return [...known, ...forgotten]
}

type Learning = LearningFacts & { readonly weightOf: ReadonlyMap<string, RouteWeight> }

function prepare(facts: LearningFacts): Learning {
  const cells = facts.cells
    .filter(({ minuteAt }) => minuteAt >= facts.now - EVIDENCE_MS)
    .map((cell) => {
      if (facts.receiptSource(cell.country) === 'handset') return cell
      const { missing: _missing, ...counts } = cell.counts
      return { ...cell, counts }
    })
  return { ...facts, cells, weightOf: new Map(facts.weights.map((row) => [row.scope, row])) }
}

function decideProvider(learning: Learning, provider: string): readonly WeightStep[] {
  const ofProvider = learning.cells.filter((cell) => cell.provider === provider)
  const prefix = breakerScope(provider, '')
  const countries = new Set([
    ...ofProvider.map((cell) => cell.country),
    ...learning.weights
      .filter(({ scope }) => scope.startsWith(prefix))
      .map(({ scope }) => scope.slice(prefix.length)),
  ])
  const steps: WeightStep[] = []
  const ownJudgement = new Set<string>()
  for (const country of countries) {
    const cells = ofProvider.filter((cell) => cell.country === country)
    const step = decideScope(learning, { provider, country }, cells)
    if (step) steps.push(step)
    // Trouble in one country says nothing of the others.
    const scope = breakerScope(provider, country)
    const isBadThere = isBad(worstMeasure(sumCounts(cells), LEAST))
    if (isBadThere || learning.weightOf.has(scope)) ownJudgement.add(country)
  }
  const elsewhere = ofProvider.filter((cell) => !ownJudgement.has(cell.country))
  const step = decideScope(learning, { provider, country: null }, elsewhere)
  return step ? [...steps, step] : steps
}

type Scope = { readonly provider: string; readonly country: string | null }

function decideScope(
  learning: Learning,
  at: Scope,
  cells: readonly SampleCell[],
): WeightStep | null {
  const { now, weightOf } = learning
  const scope = breakerScope(at.provider, at.country)
  const row = weightOf.get(scope)
  const parent = weightOf.get(at.provider)
  // What led to a change must not be held against the provider twice.
  const sinceAt = Math.max(row?.changedAt ?? 0, parent?.changedAt ?? 0)
  const fresh = cells.filter(({ minuteAt }) => minuteAt >= sinceAt)
  const isLowered = row !== undefined && row.keptPercent < 100
  const verdict = worstMeasure(sumCounts(fresh), isLowered ? LEAST_LOWERED : LEAST)
  const rung = RUNGS.findIndex((kept) => kept <= (row?.keptPercent ?? 100))
  if (isBad(verdict) && rung < LAST_RUNG) {
    const badPercent = badPercentJustNow(fresh, now)
    if (badPercent >= BAD_PERCENT && hasBetter(learning, at, badPercent)) {
      return lower({ scope, row, rung }, verdict, now)
    }
  }
  return row ? recover(row, fresh, now) : null
}

function isBad(verdict: Verdict | null): verdict is Verdict {
  return verdict !== null && verdict.badPercent >= BAD_PERCENT
}

/** 0 where nothing came of late: what is over shall not be judged. Else even one sample counts. */
function badPercentJustNow(cells: readonly SampleCell[], now: number): number {
  const justNow = cells.filter(({ minuteAt }) => minuteAt >= now - JUST_NOW_MS)
  return worstMeasure(sumCounts(justNow), { samples: 1, bad: 1 })?.badPercent ?? 0
}

/** Whether another provider, in the same place, is known to fare better or not known to fare badly. */
function hasBetter(learning: Learning, at: Scope, badPercent: number): boolean {
  return learning.providers.some((other) => {
    if (other === at.provider) return false
    const cells = learning.cells.filter(
      (cell) =>
        cell.provider === other &&
        cell.minuteAt >= learning.now - JUST_NOW_MS &&
        (at.country === null || cell.country === at.country),
    )
    const scopes = [breakerScope(other, null), breakerScope(other, at.country)]
    const rows = scopes.flatMap((scope) => learning.weightOf.get(scope) ?? [])
    const isLowered = rows.some((row) => row.keptPercent < 100)
    const seen = worstMeasure(sumCounts(cells), isLowered ? LEAST_LOWERED : LEAST)
    if (seen) return seen.badPercent < badPercent * BETTER_SHARE
    return !isLowered
  })
}

function lower(
  { scope, row, rung }: { scope: string; row: RouteWeight | undefined; rung: number },
  { reason, badPercent }: Verdict,
  now: number,
): WeightStep {
  const down = badPercent >= SEVERE_PERCENT ? 2 : 1
  const relapses = (row?.relapses ?? 0) + (row?.reason === 'recovered' ? 1 : 0)
  const weight = {
    scope,
    keptPercent: RUNGS[Math.min(rung + down, LAST_RUNG)] ?? 100,
    relapses,
    retryAt: now + quietMs(relapses),
    changedAt: now,
    reason,
  }
  return { kind: 'set', weight, previousPercent: row?.keptPercent ?? 100, badPercent }
}

/** One that was lowered and is not to be lowered further now: waits, rises or is forgotten. */
function recover(row: RouteWeight, fresh: readonly SampleCell[], now: number): WeightStep | null {
  const { scope, keptPercent, changedAt, retryAt, relapses } = row
  if (keptPercent === 100) return now < retryAt ? null : { kind: 'forget', scope }
  const badAt = lastBadMinuteAt(fresh)
  if (badAt !== null) {
    const putOffUntil = badAt + quietMs(relapses)
    if (putOffUntil < retryAt + PUT_OFF_LEAST_MS) return null
    const weight = { ...row, retryAt: putOffUntil }
    return { kind: 'set', weight, previousPercent: keptPercent, badPercent: 0 }
  }
  const hasAnswered = (sumCounts(fresh).ok ?? 0) > 0
  const unaskedUntil = changedAt + Math.max(UNASKED_MS, quietMs(relapses))
  return now < retryAt || (!hasAnswered && now < unaskedUntil) ? null : raise(row, now)
}

function raise(row: RouteWeight, now: number): WeightStep {
  const keptPercent = RUNGS.findLast((kept) => kept > row.keptPercent) ?? 100
  const retryAt = now + (keptPercent === 100 ? PROBATION_MS : STEP_UP_MS)
  const weight = { ...row, keptPercent, retryAt, changedAt: now, reason: 'recovered' as const }
  return { kind: 'set', weight, previousPercent: row.keptPercent, badPercent: 0 }
}
