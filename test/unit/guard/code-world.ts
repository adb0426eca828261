// Days of people and machines asking for codes, in fake time, against the pure guard: who was sent one,
// who was refused. Chance comes from a seed, so that a story is the same each time.

import type { CodePolicy } from '../../../src/guard/code-policy.ts'
import {
  type CodeBucket,
  type CodeRefusal,
  codeHourAt,
  decideCode,
} from '../../../src/guard/pumping.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../src/lib/time.ts'

export const START_AT = Date.UTC(2026, 10, 2)
export const GUARDED: CodePolicy = { countries: '*', isEnforced: true, spendCapSegments: 1_000_000 }

export type Visit = {
  readonly who: string
  readonly at: number
  readonly country: string
  /** One of 10,000 numbers. */
  readonly block: string
  /** Null: the code is never typed. */
  readonly typesAfterMs: number | null
  readonly isVerified?: boolean
}

export type Crowd = {
  readonly who: string
  readonly country: string
  /** From which blocks: `seed` makes two crowds live in different ones. */
  readonly blocks: number
  readonly perHour: number
  readonly fromHour: number
  readonly untilHour: number
  /** Share of those who type what they were sent. */
  readonly types: number
}

/** mulberry32, public domain: 32 bits of state are enough for a story. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function crowd(of: Crowd): readonly Visit[] {
  const next = chance([...of.who].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7))
  const hours = of.untilHour - of.fromHour
  return Array.from({ length: Math.round(of.perHour * hours) }, () => ({
    who: of.who,
    at: START_AT + of.fromHour * HOUR_MS + Math.floor(next() * hours * HOUR_MS),
    country: of.country,
    block: `${of.country} ${of.who} ${Math.floor(next() * of.blocks)}`,
    typesAfterMs: next() < of.types ? (15 + Math.floor(next() * 60)) * SECOND_MS : null,
  }))
}

export type Outcome = Visit & {
  readonly kind: 'send' | 'refuse' | 'would_refuse'
  readonly reason: CodeRefusal | null
}

export type CodeStory = {
  readonly outcomes: readonly Outcome[]
  /** How many of these visitors had this outcome. */
  readonly count: (who: string, kind: Outcome['kind'], day?: number) => number
  /** 0 to 1. */
  readonly refusedShare: (who: string) => number
}

const TYPED = { sent: 0, verified: 1, excused: 0 }

type Pending = { readonly at: number; readonly hourAt: number; readonly visit: Visit }

export function runCodes(visits: readonly Visit[], policy: CodePolicy = GUARDED): CodeStory {
  const counts = new Map<string, Map<number, CodeBucket>>()
  const days = new Map<number, number>()
  const outcomes: Outcome[] = []
  let pending: readonly Pending[] = []

  const add = (scope: string, hourAt: number, change: Omit<CodeBucket, 'hourAt'>) => {
    const ofScope = counts.get(scope) ?? new Map<number, CodeBucket>()
    const old = ofScope.get(hourAt) ?? { hourAt, sent: 0, verified: 0, excused: 0 }
    const bucket = {
      hourAt,
      sent: old.sent + change.sent,
      verified: old.verified + change.verified,
      excused: old.excused + change.excused,
    }
    counts.set(scope, ofScope.set(hourAt, bucket))
  }

  for (const visit of [...visits].sort((a, b) => a.at - b.at)) {
    for (const typed of pending.filter(({ at }) => at <= visit.at)) {
      add(typed.visit.country, typed.hourAt, TYPED)
      add(typed.visit.block, typed.hourAt, TYPED)
    }
    pending = pending.filter(({ at }) => at > visit.at)

    const day = Math.floor(visit.at / DAY_MS)
    const facts = {
      country: visit.country,
      isStopped: false,
      isVerified: visit.isVerified ?? false,
      isKnown: false,
      segments: 1,
      segmentsToday: days.get(day) ?? 0,
      ofCountry: [...(counts.get(visit.country)?.values() ?? [])],
      ofPrefix: [...(counts.get(visit.block)?.values() ?? [])],
    }
    const advice = decideCode(facts, policy, visit.at)
    outcomes.push({
      ...visit,
      kind: advice.kind,
      reason: advice.kind === 'send' ? null : advice.reason,
    })
    if (advice.kind === 'refuse') continue
    days.set(day, facts.segmentsToday + 1)
    if (facts.isVerified) continue
    const hourAt = codeHourAt(visit.at)
    const excused = advice.kind === 'send' && advice.isExcused ? 1 : 0
    add(visit.country, hourAt, { sent: 1, verified: 0, excused })
    add(visit.block, hourAt, { sent: 1, verified: 0, excused: 0 })
    if (visit.typesAfterMs !== null) {
      pending = [...pending, { at: visit.at + visit.typesAfterMs, hourAt, visit }]
    }
  }

  const count: CodeStory['count'] = (who, kind, day) =>
    outcomes.filter(
      (outcome) =>
        outcome.who === who &&
        outcome.kind === kind &&
        (day === undefined || Math.floor((outcome.at - START_AT) / DAY_MS) === day),
    ).length
  const refusedShare = (who: string) =>
    count(who, 'refuse') / outcomes.filter((outcome) => outcome.who === who).length
  return { outcomes, count, refusedShare }
}
